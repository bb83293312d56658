"""Animations, and files of several pages."""

from corrupt_samples.encode import animated, animated_avif, mpo

SAMPLES = {
    "animated.gif": lambda picture: animated(picture, "GIF"),
    "animated.png": lambda picture: animated(picture, "PNG"),
    "animated.webp": lambda picture: animated(picture, "WEBP"),
    "animated.avif": animated_avif,
    "pages.tif": lambda picture: animated(picture, "TIFF", compression="jpeg"),
    "stereo.mpo": mpo,
}
