"""The report for people: `report.html`, a function of the other files of OUT.

`making` is its story. Its tables need Polars, and what fills the page does not: that runs in a child, which imports nothing
of the others.
"""
