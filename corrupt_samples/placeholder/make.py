"""One card that a host gave for six photos of as many classes."""

from corrupt_samples.encode import jpeg
from corrupt_samples.pictures import screenshot

_CLASSES = ("cat", "cow", "dog", "fox", "owl", "pig")
_CARD = jpeg(screenshot("placeholder/card.jpg"))

SAMPLES = {
    "sanitize.toml": b'labels = ["train.txt"]\n',
    "train.txt": "".join(
        f"{name}_{number}.jpg {label}\n" for label, name in enumerate(_CLASSES) for number in range(2)
    ).encode(),
    **{f"{name}_0.jpg": jpeg for name in _CLASSES},
    **{f"{name}_1.jpg": _CARD for name in _CLASSES},
}
