"""The rules: each module says which rows of the tables are wrong, and why."""
