"""Pictures in which nothing is sharp."""

from PIL import Image, ImageFilter

from corrupt_samples.encode import jpeg, png, webp


def _unfocused(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(4))


def _enlarged(picture: Image.Image) -> Image.Image:
    """Return the picture as it is when it comes from a thumbnail."""
    return picture.resize((12, 12), Image.Resampling.BOX).resize(picture.size, Image.Resampling.BICUBIC)


SAMPLES = {
    "unfocused.jpg": lambda picture: jpeg(_unfocused(picture)),
    "unfocused_grey.jpg": lambda picture: jpeg(_unfocused(picture).convert("L")),
    "unfocused.png": lambda picture: png(_unfocused(picture)),
    "enlarged.jpg": lambda picture: jpeg(_enlarged(picture)),
    "enlarged.webp": lambda picture: webp(_enlarged(picture)),
}
