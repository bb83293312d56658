"""Pictures that were saved again: compressed harder, scaled, cropped a little, made grey, brightened."""

from PIL import Image

from corrupt_samples.encode import encode, jpeg, png, webp
from corrupt_samples.pictures import photo


def _pair(name: str) -> Image.Image:
    return photo(f"near-duplicate/{name}", 128, 128)


SAMPLES = {
    "photo.jpg": jpeg(_pair("compressed"), quality=95),
    "quality_40.jpg": jpeg(_pair("compressed"), quality=40),
    "saved_again.webp": webp(_pair("compressed")),
    "small_palette.gif": encode(_pair("compressed"), "GIF"),
    "large.jpg": jpeg(_pair("scaled")),
    "half.jpg": jpeg(_pair("scaled").resize((64, 64))),
    "double.png": png(_pair("scaled").resize((200, 200))),
    "colour.jpg": jpeg(_pair("grey")),
    "grey.jpg": jpeg(_pair("grey").convert("L")),
    "whole.jpg": jpeg(_pair("cropped")),
    "cropped.jpg": jpeg(_pair("cropped").crop((2, 2, 128, 128))),
    "dark.jpg": jpeg(_pair("brightened").point(lambda value: value * 4 // 5)),
    "bright.jpg": jpeg(_pair("brightened")),
}
