"""The engine: runs functions over many items in isolated children, distributed by Dask."""
