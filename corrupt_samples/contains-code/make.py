"""Photographs with a QR code somewhere."""

from corrupt_samples.codes import code, on_photo
from corrupt_samples.encode import jpeg

SAMPLES = {
    "corner.jpg": lambda _picture: jpeg(
        on_photo(code("https://maker.example/1"), "corner", width=640, height=480, share=0.3, at=(0.8, 0.75))
    ),
    "edge.jpg": lambda _picture: jpeg(
        on_photo(code("https://maker.example/2"), "edge", width=640, height=480, share=0.35, at=(0.2, 0.5))
    ),
}
