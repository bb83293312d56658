"""Moves what a scan found bad out of the dataset, and back: each move is written down before it is made."""
