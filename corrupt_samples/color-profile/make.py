"""Pictures in other colour spaces than sRGB."""

from corrupt_samples.encode import jpeg, png, profile, tiff, webp

_WIDE = profile("A wide space", wide=True)
_OLD = profile("Display of gamma 1.8", gamma=1.8)

SAMPLES = {
    "wide.jpg": lambda picture: jpeg(picture, icc_profile=_WIDE),
    "wide_progressive.jpg": lambda picture: jpeg(picture, progressive=True, icc_profile=_WIDE),
    "gamma.jpg": lambda picture: jpeg(picture, icc_profile=_OLD),
    "wide.png": lambda picture: png(picture, icc_profile=_WIDE),
    "wide.webp": lambda picture: webp(picture, icc_profile=_WIDE),
    "wide.tif": lambda picture: tiff(picture, icc_profile=_WIDE, compression="tiff_lzw"),
}
