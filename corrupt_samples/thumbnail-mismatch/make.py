"""Sound photographs whose thumbnail shows another."""

from PIL import ImageOps

from corrupt_samples.encode import exif_with_thumbnail, jpeg, jpeg_segment
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import jpeg_inserted

_DQT, _APP0 = 0xDB, 0xE0


def _thumbnail(name: str) -> bytes:
    return jpeg(ImageOps.pad(photo(f"thumbnail-mismatch/{name}", 240, 160), (80, 60)), quality=70)


SAMPLES = {
    "replaced.jpg": lambda picture: jpeg(picture, exif=exif_with_thumbnail(_thumbnail("a"))),
    "replaced_turned.jpg": lambda picture: jpeg(picture, exif=exif_with_thumbnail(_thumbnail("b"), 6)),
    "replaced_progressive.jpg": lambda picture: jpeg(
        picture, exif=exif_with_thumbnail(_thumbnail("c")), progressive=True
    ),
    "cropped_hard.jpg": lambda picture: jpeg(
        picture.crop((0, 0, 24, 24)).resize((96, 96)), exif=exif_with_thumbnail(jpeg(picture.resize((64, 64))))
    ),
    "extension.jpg": lambda picture: jpeg_inserted(
        jpeg(picture), _DQT, jpeg_segment(_APP0, b"JFXX\0\x10" + _thumbnail("d"))
    ),
}
