"""The same pixels in other bytes: another format, other compression, other metadata, and turned instead of marked."""

from PIL import Image

from corrupt_samples.encode import encode, exif, jpeg, palette, png, tiff
from corrupt_samples.pictures import photo

_FORMATS, _GREY, _COMMENT, _TURNED = (
    photo(f"pixel-duplicate/{name}") for name in ("formats", "grey", "comment", "turned")
)
_COLOURS = palette(photo("pixel-duplicate/colours"))

SAMPLES = {
    "photo.png": png(_FORMATS),
    "photo.bmp": encode(_FORMATS, "BMP"),
    "photo.tif": tiff(_FORMATS, compression="tiff_lzw"),
    "stored.png": png(_FORMATS, compress_level=0),
    "grey.png": png(_GREY.convert("L")),
    "grey_as_rgb.png": png(_GREY.convert("L").convert("RGB")),
    "comment.jpg": jpeg(_COMMENT, comment="seen twice"),
    "no_comment.jpg": jpeg(_COMMENT),
    "palette.png": png(_COLOURS),
    "palette.gif": encode(_COLOURS, "GIF"),
    "upright.png": png(_TURNED),
    "orientation_6.png": png(_TURNED.transpose(Image.Transpose.ROTATE_90), exif=exif(6)),
}
