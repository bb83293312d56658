"""Measures the program against other ways of checking images, on any folder of images."""
