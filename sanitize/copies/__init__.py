"""Which files show the same picture: tables of pairs, and what is asked of the processes that decode to tell.

`finding` is the story. `alike` finds pairs whose hashes are near (`nearness`, `hamming`), has them compared, and makes groups of
those that are the same (`stars`). `disputes` has those looked at closely that would be an error. `kept_pairs` keeps all that for
the next scan.
"""
