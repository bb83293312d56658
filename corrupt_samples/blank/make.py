"""Pictures of one colour, or nearly so."""

from PIL import Image, ImageFilter

from corrupt_samples.encode import encode, jpeg, palette, png, tiff, webp


def _plain(picture: Image.Image) -> Image.Image:
    """Return a picture in the colour of its middle."""
    return Image.new("RGB", picture.size, picture.getpixel((picture.width // 2, picture.height // 2)))


def _nearly_plain(picture: Image.Image) -> Image.Image:
    """Return an even grey in which the picture is hardly to be guessed."""
    return picture.filter(ImageFilter.GaussianBlur(8)).point(lambda level: 150 + level // 64)


def _first_frame(picture: Image.Image) -> bytes:
    return encode(palette(_plain(picture)), "GIF", save_all=True, append_images=[palette(picture)])


SAMPLES = {
    "plain.jpg": lambda picture: jpeg(_plain(picture)),
    "plain_grey.jpg": lambda picture: jpeg(_plain(picture).convert("L")),
    "plain.png": lambda picture: png(_plain(picture)),
    "plain.gif": lambda picture: encode(palette(_plain(picture)), "GIF"),
    "plain.webp": lambda picture: webp(_plain(picture), lossless=True),
    "plain_sixteen_bits.tif": lambda picture: tiff(Image.new("I;16", picture.size, 777), compression="tiff_lzw"),
    "black.png": lambda picture: png(Image.new("L", picture.size)),
    "nearly.jpg": lambda picture: jpeg(_nearly_plain(picture)),
    "nearly.png": lambda picture: png(_nearly_plain(picture)),
    "first_frame.gif": _first_frame,
}
