"""Pictures that were truncated, filled up with grey by a tolerant loader, and saved again."""

from PIL import Image

from corrupt_samples.encode import exif, jpeg, png, webp
from corrupt_samples.pictures import photo
from corrupt_samples.surgery import cut, filled


def _filled(name: str, share: float, width: int = 160, height: int = 128, **options: object) -> Image.Image:
    """Return what is left of a photo of which so large a share arrived."""
    return filled(cut(jpeg(photo(f"grey-fill/{name}", width, height), **options), share))


def _grey(name: str, share: float) -> Image.Image:
    return filled(cut(jpeg(photo(f"grey-fill/{name}", 160, 128).convert("L")), share))


SAMPLES = {
    "again.jpg": lambda _picture: jpeg(_filled("again.jpg", 0.6), quality=75),
    "again_444.jpg": lambda _picture: jpeg(_filled("again_444.jpg", 0.7, subsampling=0), quality=90),
    "again_grey.jpg": lambda _picture: jpeg(_grey("again_grey.jpg", 0.5)),
    "again_progressive.jpg": lambda _picture: jpeg(_filled("again_progressive.jpg", 0.8), progressive=True),
    "restarts.jpg": lambda _picture: jpeg(_filled("restarts.jpg", 0.5, restart_marker_blocks=4)),
    "turned.jpg": lambda _picture: jpeg(_filled("turned.jpg", 0.7), exif=exif(6)),
    "again.png": lambda _picture: png(_filled("again.png", 0.85, 96, 96)),
    "again.webp": lambda _picture: webp(_filled("again.webp", 0.52)),
    "scaled.jpg": lambda _picture: jpeg(_filled("scaled.jpg", 0.6, 320, 240).resize((224, 224)), quality=90),
    "scaled.png": lambda _picture: png(_filled("scaled.png", 0.75, 320, 240).resize((160, 120))),
}
