"""Whether two pictures are the same: arithmetic that runs in the processes that decode.

`look` makes the small picture of a file. `resemblance` is asked for many pairs of these: `agreement` tells of each pair, by how
the two match as they are (`matching`, in each of its `places`), once they are moved onto each other (`aligning`) or made as
bright (`brightening`), and by their `colours`. `closer` is asked where two files would be an error together: it decodes both and
looks for each window of one in the other: the `ways` in which these may be moved, and whether they are `copied_windows` there.
"""
