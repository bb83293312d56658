"""QR codes where a photograph should be."""

from corrupt_samples.codes import at_an_angle, blurred, code, coloured, noisy, on_photo, poster, turned, with_logo
from corrupt_samples.encode import encode, jpeg, png

_SHOP = "https://shop.example/pay?order="

SAMPLES = {
    "plain.png": lambda _picture: png(code(_SHOP + "1")),
    "tiny.png": lambda _picture: png(code(_SHOP + "2", module=2)),
    "plain.gif": lambda _picture: encode(code(_SHOP + "3"), "GIF"),
    "logo.jpg": lambda _picture: jpeg(with_logo(code(_SHOP + "4", level="H"))),
    "blue.jpg": lambda _picture: jpeg(coloured(code(_SHOP + "5"), (0, 90, 200), (255, 255, 255))),
    "inverted.jpg": lambda _picture: jpeg(coloured(code(_SHOP + "6"), (255, 255, 255), (0, 0, 0))),
    "turned.jpg": lambda _picture: jpeg(turned(code(_SHOP + "7"), 33)),
    "blurred.jpg": lambda _picture: jpeg(blurred(code(_SHOP + "8", module=8), 3)),
    "noisy.jpg": lambda _picture: jpeg(noisy(code(_SHOP + "9"), "noisy", 20)),
    "saved_badly.jpg": lambda _picture: jpeg(code(_SHOP + "10"), quality=15),
    "poster.jpg": lambda _picture: jpeg(poster(code(_SHOP + "11"), "poster", width=480, height=600)),
    "on_photo.jpg": lambda _picture: jpeg(on_photo(code(_SHOP + "12"), "on_photo", share=0.6)),
    "at_an_angle.jpg": lambda _picture: jpeg(at_an_angle(code(_SHOP + "13"), "angle")),
}
