"""Where samples come from: each module finds the files of one kind of source."""
