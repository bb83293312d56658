"""Pictures that are strips."""

from corrupt_samples.encode import jpeg, png
from corrupt_samples.pictures import photo

SAMPLES = {
    "banner.jpg": lambda _picture: jpeg(photo("odd-aspect/banner.jpg", 320, 64)),
    "border.png": lambda picture: png(picture.crop((0, 0, 24, 96))),
    "skyscraper.jpg": lambda _picture: jpeg(photo("odd-aspect/skyscraper.jpg", 48, 240)),
}
