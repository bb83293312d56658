"""Pictures that are stored turned or mirrored."""

from corrupt_samples.encode import exif, jpeg, png, webp

SAMPLES = {
    "mirrored_2.jpg": lambda picture: jpeg(picture, exif=exif(2)),
    "half_turn_3.jpg": lambda picture: jpeg(picture, exif=exif(3)),
    "flipped_4.jpg": lambda picture: jpeg(picture, exif=exif(4)),
    "transposed_5.jpg": lambda picture: jpeg(picture, exif=exif(5)),
    "left_6.jpg": lambda picture: jpeg(picture, exif=exif(6)),
    "transverse_7.jpg": lambda picture: jpeg(picture, exif=exif(7)),
    "right_8.jpg": lambda picture: jpeg(picture, exif=exif(8)),
    "progressive_6.jpg": lambda picture: jpeg(picture, exif=exif(6), progressive=True),
    "left_6.png": lambda picture: png(picture, exif=exif(6)),
    "left_6.webp": lambda picture: webp(picture, exif=exif(6)),
}
