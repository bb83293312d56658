"""Every copy is the source's picture, as 8-bit RGB that Pillow and OpenCV read alike."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms, ImageFile, ImageOps

from sanitize.convert import convert

Pixels = npt.NDArray[Any]
WHITE = (255, 255, 255)


def texture(height: int = 72, width: int = 104, channels: int = 3, seed: int = 0) -> Pixels:
    """Return smooth random colours with noise, uint8."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (height // 8 + 2, width // 8 + 2, channels)).astype(np.uint8)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, channels)
    noisy = smooth.astype(np.int16) + random.integers(-6, 7, smooth.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def with_orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x112] = value
    return exif


def copied(tmp_path: Path, data: bytes, content: str, policy: str = "png", **request: Any) -> Pixels:
    """Convert, hold the copy to the promise, return its pixels."""
    return read_strictly(copy_bytes(tmp_path, data, content, policy, **request))


def copy_bytes(tmp_path: Path, data: bytes, content: str, policy: str = "png", **request: Any) -> bytes:
    answer = asked(tmp_path, data, content, policy, **request)
    assert answer["error"] is None, answer
    made = (tmp_path / "target").read_bytes()
    assert answer["bytes"] == len(made)
    return made


def asked(tmp_path: Path, data: bytes, content: str, policy: str = "png", **request: Any) -> dict[str, object]:
    (tmp_path / "source").write_bytes(data)
    paths = {"source": bytes(tmp_path / "source"), "target": bytes(tmp_path / "target")}
    return convert({**paths, "policy": policy, "content": content, "background": WHITE, "icc": "keep", **request})


def read_strictly(data: bytes) -> Pixels:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = Image.open(io.BytesIO(data))
        image.load()
    assert image.mode == "RGB"
    assert image.getexif().get(0x112) is None
    array = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert array is not None
    assert array.dtype == np.uint8
    pixels = np.asarray(image)
    assert array.shape == pixels.shape
    return pixels


def psnr(left: Pixels, right: Pixels) -> float:
    error = float(np.mean((left.astype(float) - right.astype(float)) ** 2))
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


def scaled(values: Pixels, top: float) -> Pixels:
    return np.rint(values.astype(float) * 255 / top).astype(np.uint8)


def repeated(grey: Pixels) -> Pixels:
    return np.repeat(grey[..., None], 3, axis=2)


def over(colour: Pixels, alpha: Pixels, background: tuple[int, int, int]) -> Pixels:
    share = alpha[..., None].astype(float) / 255
    return np.rint(colour * share + np.array(background) * (1 - share))


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def raw_png(samples: Pixels, *, colour_type: int, depth: int, width: int, chunks: bytes = b"") -> bytes:
    """Return a PNG of rows of packed bytes, with chunks before the picture."""
    rows = b"".join(b"\0" + row.tobytes() for row in samples)
    header = struct.pack(">IIBBBBB", width, len(samples), depth, colour_type, 0, 0, 0)
    picture = png_chunk(b"IHDR", header) + chunks + png_chunk(b"IDAT", zlib.compress(rows)) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + picture


# Kinds of pictures


@pytest.mark.parametrize(
    ("kind", "content"),
    [("BMP", "bmp"), ("PPM", "ppm"), ("TIFF", "tiff"), ("TGA", "tga"), ("PNG", "png"), ("PCX", "pcx"), ("QOI", "qoi")],
)
def test_a_lossless_colour_picture_keeps_every_pixel(tmp_path: Path, kind: str, content: str) -> None:
    pixels = texture()
    assert (copied(tmp_path, encoded(Image.fromarray(pixels), kind), content) == pixels).all()


@pytest.mark.parametrize(("kind", "content"), [("WEBP", "webp"), ("AVIF", "avif"), ("JPEG2000", "jpeg2000")])
def test_a_lossy_picture_is_copied_as_pillow_decodes_it(tmp_path: Path, kind: str, content: str) -> None:
    data = encoded(Image.fromarray(texture()), kind)
    assert (copied(tmp_path, data, content) == np.asarray(Image.open(io.BytesIO(data)))).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP", "PPM"])
def test_grey_and_one_bit_pictures_get_three_equal_channels(tmp_path: Path, kind: str) -> None:
    grey = texture(channels=1)[..., 0]
    content = kind.lower()
    assert (copied(tmp_path, encoded(Image.fromarray(grey), kind), content) == repeated(grey)).all()
    bits = Image.fromarray(grey).convert("1")
    assert (copied(tmp_path, encoded(bits, kind), content) == repeated(np.asarray(bits.convert("L")))).all()


def test_a_palette_is_looked_up(tmp_path: Path) -> None:
    image = Image.fromarray(texture()).quantize(31)
    for kind in ("PNG", "GIF", "BMP", "TIFF"):
        assert (copied(tmp_path, encoded(image, kind), kind.lower()) == np.asarray(image.convert("RGB"))).all()


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_grey_of_few_bits_spans_black_to_white(tmp_path: Path, depth: int) -> None:
    packed = np.random.default_rng(3).integers(0, 256, (40, 20)).astype(np.uint8)
    pixels = copied(tmp_path, raw_png(packed, colour_type=0, depth=depth, width=160 // depth), "png")
    unpacked = np.unpackbits(packed, axis=1).reshape(40, -1, depth) @ (1 << np.arange(depth)[::-1])
    assert (pixels == repeated(scaled(unpacked, (1 << depth) - 1))).all()


# transparency


@pytest.mark.parametrize("background", [WHITE, (0, 0, 0), (12, 200, 99)])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_alpha_is_composed_over_the_background(tmp_path: Path, background: tuple[int, int, int], kind: str) -> None:
    colour, alpha = texture(), texture(channels=1, seed=1)[..., 0]
    alpha[:9], alpha[-9:] = 0, 255
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(np.dstack([colour, alpha])), kind, **options)
    pixels = copied(tmp_path, data, kind.lower(), background=background)
    assert np.abs(pixels - over(colour, alpha, background)).max() <= 1
    assert (pixels[:9] == background).all()
    assert (pixels[-9:] == colour[-9:]).all()


def test_grey_with_alpha_is_composed(tmp_path: Path) -> None:
    grey, alpha = texture(channels=2)[..., 0], texture(channels=1, seed=1)[..., 0]
    image = Image.merge("LA", [Image.fromarray(grey), Image.fromarray(alpha)])
    pixels = copied(tmp_path, encoded(image, "PNG"), "png", background=(0, 99, 255))
    assert np.abs(pixels - over(repeated(grey), alpha, (0, 99, 255))).max() <= 1


def test_palette_entries_with_alpha_are_composed(tmp_path: Path) -> None:
    image = Image.fromarray(texture()).quantize(16)
    data = encoded(image, "PNG", transparency=bytes([0, 128, *[255] * 14]))
    index, colour = np.asarray(image), np.asarray(image.convert("RGB"))
    alpha = np.array([0, 128, *[255] * 14])[index]
    assert np.abs(copied(tmp_path, data, "png") - over(colour, alpha, WHITE)).max() <= 1


def test_a_transparent_gif_shows_the_background(tmp_path: Path) -> None:
    image = Image.fromarray(texture()).quantize(16)
    pixels = copied(tmp_path, encoded(image, "GIF", transparency=3), "gif", background=(1, 2, 3))
    hidden = np.asarray(image) == 3
    assert (pixels[hidden] == (1, 2, 3)).all()
    assert (pixels[~hidden] == np.asarray(image.convert("RGB"))[~hidden]).all()


def test_a_declared_colour_is_transparent_at_every_depth(tmp_path: Path) -> None:
    colour = texture()
    data = encoded(Image.fromarray(colour), "PNG", transparency=tuple(int(value) for value in colour[5, 5]))
    pixels = copied(tmp_path, data, "png", background=(9, 8, 7))
    assert (pixels[5, 5] == (9, 8, 7)).all()
    assert (pixels[0] == colour[0]).all() or (colour[0] == colour[5, 5]).all(axis=-1).any()

    packed = np.random.default_rng(3).integers(0, 256, (40, 20)).astype(np.uint8)
    for depth, key in ((1, 1), (2, 2), (4, 7), (8, 77)):
        declared = png_chunk(b"tRNS", struct.pack(">H", key))
        data = raw_png(packed, colour_type=0, depth=depth, width=160 // depth, chunks=declared)
        values = np.unpackbits(packed, axis=1).reshape(40, -1, depth) @ (1 << np.arange(depth)[::-1])
        expected = repeated(scaled(values, (1 << depth) - 1))
        expected[values == key] = (9, 8, 7)
        assert (copied(tmp_path, data, "png", background=(9, 8, 7)) == expected).all(), depth


def test_a_declared_16_bit_colour_is_matched_in_full_depth(tmp_path: Path) -> None:
    deep = np.full((20, 30, 3), 0x1234, ">u2")
    deep[:10] = 0x1235  # the same upper byte: not the declared colour
    declared = png_chunk(b"tRNS", struct.pack(">3H", 0x1234, 0x1234, 0x1234))
    data = raw_png(deep.reshape(20, -1), colour_type=2, depth=16, width=30, chunks=declared)
    pixels = copied(tmp_path, data, "png", background=(255, 0, 0))
    assert (pixels[:10] == 0x12).all()
    assert (pixels[10:] == (255, 0, 0)).all()

    grey = raw_png(deep[..., 0], colour_type=0, depth=16, width=30, chunks=png_chunk(b"tRNS", b"\x12\x34"))
    assert (copied(tmp_path, grey, "png", background=(255, 0, 0)) == pixels).all()


# deep samples


def deep_texture(channels: int = 1) -> Pixels:
    noise = np.random.default_rng(5).integers(0, 256, (72, 104, channels))
    deep = (texture(channels=channels).astype(np.uint32) * 256 + noise).astype(np.uint16)
    return deep[..., 0] if channels == 1 else deep


@pytest.mark.parametrize(("kind", "content"), [("PNG", "png"), ("TIFF", "tiff"), ("PPM", "ppm")])
def test_16_bit_grey_is_scaled_and_rounded(tmp_path: Path, kind: str, content: str) -> None:
    deep = deep_texture()
    pixels = copied(tmp_path, encoded(Image.fromarray(deep), kind), content)
    assert (pixels == repeated(scaled(deep, 65535))).all()


def test_big_endian_tiff_is_scaled(tmp_path: Path) -> None:
    deep = deep_texture()
    image = Image.frombytes("I;16B", deep.shape[::-1], deep.astype(">u2").tobytes())
    assert (copied(tmp_path, encoded(image, "TIFF"), "tiff") == repeated(scaled(deep, 65535))).all()


@pytest.mark.parametrize("extension", ["png", "tiff"])
@pytest.mark.parametrize("channels", [3, 4])
def test_16_bit_colour_is_scaled_and_rounded(tmp_path: Path, extension: str, channels: int) -> None:
    deep = deep_texture(channels)
    if channels == 4:
        deep[..., 3] = 65535
        deep[:20, :, 3] = 0
    ok, data = cv2.imencode(f".{extension}", deep)
    assert ok
    pixels = copied(tmp_path, data.tobytes(), extension)
    expected = scaled(deep[..., 2::-1], 65535)
    if channels == 4:
        expected[:20] = 255
    assert (pixels == expected).all()


def test_a_12_bit_range_ends_at_white(tmp_path: Path) -> None:
    values = np.array([[0, 2048, 4095], [1, 1000, 4094]], np.uint16)
    pairs = values.reshape(-1, 1).tolist()
    bits = (
        "".join(f"{value:012b}" for (value,) in pairs[:3])
        + "0" * 4
        + "".join(f"{value:012b}" for (value,) in pairs[3:])
    )
    packed = int(bits + "0" * 4, 2).to_bytes(10, "big")
    tags = {256: 3, 257: 2, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: 2, 279: 10}
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    data = b"II*\0" + struct.pack("<I", 18) + packed + struct.pack("<H", len(tags)) + directory + b"\0" * 4
    assert (copied(tmp_path, data, "tiff") == repeated(scaled(values, 4095))).all()


@pytest.mark.parametrize(
    ("low", "high", "bottom", "top"),
    [(0.0, 1.0, 0, 1), (0.1, 0.9, 0, 1), (0.0, 255.0, 0, 255), (3, 180, 0, 255), (-7, 4, -7, 4), (0, 5000, 0, 5000)],
)
def test_floats_are_scaled_by_the_range_that_they_use(
    tmp_path: Path, low: float, high: float, bottom: float, top: float
) -> None:
    values = np.linspace(low, high, 72 * 104, dtype=np.float32).reshape(72, 104)
    expected = repeated(np.rint((values.astype(float) - bottom) * 255 / (top - bottom)))
    for kind, content in (("TIFF", "tiff"), ("PPM", "ppm")):
        pixels = copied(tmp_path, encoded(Image.fromarray(values), kind), content)
        assert np.abs(pixels - expected).max() <= 1, kind


def test_32_bit_integers_are_never_clipped(tmp_path: Path) -> None:
    for top in (65535, 1_000_000, 2**31 - 1):
        values = np.linspace(0, top, 72 * 104).astype(np.int32).reshape(72, 104)
        pixels = copied(tmp_path, encoded(Image.fromarray(values), "TIFF"), "tiff")
        assert np.abs(pixels.astype(float) - repeated(values.astype(float) * 255 / top)).max() <= 1
    below = np.linspace(-1000, 3000, 72 * 104).astype(np.int32).reshape(72, 104)
    pixels = copied(tmp_path, encoded(Image.fromarray(below), "TIFF"), "tiff")
    assert pixels.min() == 0
    assert pixels.max() == 255


# colour


def test_cmyk_is_not_inverted(tmp_path: Path) -> None:
    colour = texture()
    cmyk = Image.fromarray(colour).convert("CMYK")
    for kind, content, policy in (("JPEG", "jpeg", "jpeg-95:cmyk"), ("TIFF", "tiff", "png:cmyk")):
        data = encoded(cmyk, kind, **({"quality": 95} if kind == "JPEG" else {}))
        assert psnr(copied(tmp_path, data, content, policy), colour) > 33


def test_lab_is_converted(tmp_path: Path) -> None:
    colour = texture()
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = ImageCms.applyTransform(Image.fromarray(colour), to_lab)
    assert lab is not None
    assert psnr(copied(tmp_path, encoded(lab, "TIFF"), "tiff"), colour) > 35


def test_ycbcr_is_converted(tmp_path: Path) -> None:
    colour = texture()
    data = encoded(Image.fromarray(colour).convert("YCbCr"), "TIFF")
    assert psnr(copied(tmp_path, data, "tiff"), colour) > 40


def curve_profile(space: bytes, gamma: float) -> bytes:
    """Return a minimal grey ICC profile of one gamma curve."""
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", round(0.9642 * 65536), 65536, round(0.8249 * 65536))
    text = b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(78)
    text += bytes(-len(text) % 4)
    entries, body, offset = b"", b"", 128 + 4 + 12 * 3
    for name, tag in ((b"wtpt", white), (b"kTRC", curve), (b"desc", text)):
        entries += name + struct.pack(">II", offset + len(body), len(tag))
        body += tag
    head = struct.pack(">I4sI4s4s4s12x4s", offset + len(body), b"lcms", 0x02100000, b"mntr", space, b"XYZ ", b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", 3) + entries + body


def test_grey_goes_through_its_profile(tmp_path: Path) -> None:
    grey = np.tile(np.arange(256, dtype=np.uint8), (16, 1))
    linear = encoded(Image.fromarray(grey), "PNG", icc_profile=curve_profile(b"GRAY", 1.0))
    pixels = copied(tmp_path, linear, "png")
    light = np.arange(256) / 255
    expected = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055) * 255
    assert np.abs(pixels[0, :, 1] - expected).max() <= 3
    assert Image.open(io.BytesIO((tmp_path / "target").read_bytes())).info.get("icc_profile") is None

    # The same in 16 bits with alpha, which Pillow opens as RGBA.
    deep = np.dstack([grey.astype(">u2") * 257, np.full(grey.shape, 65535, ">u2")])
    profile = png_chunk(b"iCCP", b"linear\0\0" + zlib.compress(curve_profile(b"GRAY", 1.0)))
    data = raw_png(deep.reshape(16, -1), colour_type=4, depth=16, width=256, chunks=profile)
    assert (copied(tmp_path, data, "png") == pixels).all()


def table_profile(space: bytes, light: list[int]) -> bytes:
    """Return an ICC profile that gives each corner of the space's cube (no ink to all ink) a neutral lightness, 0 to 255."""
    channels, ramp = len(light).bit_length() - 1, bytes(range(256))
    corners = b"".join(bytes([value, 128, 128]) for value in light)
    table = b"mft1" + bytes(4) + bytes([channels, 3, 2, 0]) + struct.pack(">9i", *[65536, 0, 0, 0] * 2, 65536)
    table += ramp * channels + corners + ramp * 3
    table += bytes(-len(table) % 4)
    white = b"XYZ " + bytes(4) + struct.pack(">3i", 63190, 65536, 54061)
    entries, body, offset = b"", b"", 128 + 4 + 12 * 2
    for name, tag in ((b"wtpt", white), (b"A2B0", table)):
        entries += name + struct.pack(">II", offset + len(body), len(tag))
        body += tag
    head = struct.pack(">I4sI4s4s4s12x4s", offset + len(body), b"lcms", 0x02100000, b"prtr", space, b"Lab ", b"acsp")
    head = head.ljust(68, b"\0") + struct.pack(">3i", 63190, 65536, 54061)
    return head.ljust(128, b"\0") + struct.pack(">I", 2) + entries + body


@pytest.mark.parametrize(("kind", "content"), [("TIFF", "tiff"), ("JPEG", "jpeg")])
def test_cmyk_goes_through_its_profile(tmp_path: Path, kind: str, content: str) -> None:
    # In this printer's world only black ink is dark: cyan alone is white paper.
    profile = table_profile(b"CMYK", [255, 0] * 8)
    cyan, black = Image.new("CMYK", (64, 64), (255, 0, 0, 0)), Image.new("CMYK", (64, 64), (0, 0, 0, 255))
    for image, expected in ((cyan, 255), (black, 0)):
        data = encoded(image, kind, icc_profile=profile)
        policy = "jpeg-95:cmyk+profile" if kind == "JPEG" else "png:cmyk+profile"
        assert np.abs(copied(tmp_path, data, content, policy).astype(int) - expected).max() <= 3
    assert (copied(tmp_path, encoded(cyan, "TIFF"), "tiff") == (0, 255, 255)).all()


def test_a_profile_for_another_kind_of_picture_is_ignored(tmp_path: Path) -> None:
    grey = texture(channels=1)[..., 0]
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for profile in (srgb, b"no profile at all"):
        data = encoded(Image.fromarray(grey), "TIFF", icc_profile=profile)
        assert (copied(tmp_path, data, "tiff") == repeated(grey)).all()


def swapped_profile() -> bytes:
    """Return a profile of sRGB with its red and green colorants swapped: a picture's meaning is plain to see."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = data.index(b"rXYZ"), data.index(b"gXYZ")
    data[red : red + 4], data[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(data)


def test_a_colour_profile_stays_with_the_values_unless_srgb_is_asked_for(tmp_path: Path) -> None:
    colour, profile = texture(), swapped_profile()
    data = encoded(Image.fromarray(colour).convert("RGBA"), "PNG", icc_profile=profile)
    assert (copied(tmp_path, data, "png") == colour).all()
    assert Image.open(io.BytesIO((tmp_path / "target").read_bytes())).info["icc_profile"] == profile

    pixels = copied(tmp_path, data, "png", icc="convert")
    assert "icc_profile" not in Image.open(io.BytesIO((tmp_path / "target").read_bytes())).info
    assert np.abs(pixels.astype(int) - colour[..., [1, 0, 2]]).max() <= 2


# frames and orientation


@pytest.mark.parametrize("kind", ["GIF", "PNG", "TIFF", "WEBP"])
def test_the_first_frame_is_taken(tmp_path: Path, kind: str) -> None:
    frames = [Image.fromarray(texture(seed=seed)).quantize(64).convert("RGB") for seed in range(3)]
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:], **options)
    assert psnr(copied(tmp_path, data, kind.lower()), np.asarray(frames[0])) > 45


def test_the_largest_icon_is_taken(tmp_path: Path) -> None:
    image = Image.fromarray(texture(64, 64))
    data = encoded(image, "ICO", sizes=[(16, 16), (64, 64), (32, 32)])
    assert (copied(tmp_path, data, "ico") == np.asarray(image)).all()


@pytest.mark.parametrize("value", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("given", [True, False])
def test_a_picture_is_turned_once(tmp_path: Path, value: int, kind: str, *, given: bool) -> None:
    image = Image.fromarray(texture())
    options: dict[str, Any] = {"lossless": True} if kind == "WEBP" else {}
    options |= {"tiffinfo": {0x112: value}} if kind == "TIFF" else {"exif": with_orientation(value)}
    options |= {"quality": 100, "subsampling": "4:4:4"} if kind == "AVIF" else {}
    pixels = copied(tmp_path, encoded(image, kind, **options), kind.lower(), orientation=value if given else None)
    image.getexif()[0x112] = value
    assert psnr(pixels, np.asarray(ImageOps.exif_transpose(image))) > 40


# JPEG stays JPEG


@pytest.mark.parametrize("quality", [60, 75, 90, 97])
def test_a_grey_jpeg_stays_one_and_loses_next_to_nothing(tmp_path: Path, quality: int) -> None:
    data = encoded(Image.fromarray(texture(channels=1)[..., 0]), "JPEG", quality=quality)
    copy = copy_bytes(tmp_path, data, "jpeg", "jpeg-same:grey")
    source, opened = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(copy))
    assert opened.format == "JPEG"
    assert opened.quantization[0] == source.quantization[0]
    assert psnr(read_strictly(copy), repeated(np.asarray(source))) > 50


@pytest.mark.parametrize("value", range(2, 9))
@pytest.mark.parametrize("subsampling", [0, 1, 2])
def test_a_turned_jpeg_keeps_its_tables_and_nearly_all_its_detail(tmp_path: Path, value: int, subsampling: int) -> None:
    table = [3 + index % 8 * 2 + index // 8 * 5 for index in range(64)]  # not symmetrical: turning it matters
    image = Image.fromarray(texture(96, 160) // 2 + 64)  # as in a photograph, few colours are so strong that they clip
    options = {"qtables": [table, [9] * 64], "subsampling": subsampling, "exif": with_orientation(value)}
    data = encoded(image, "JPEG", **options)
    copy = copy_bytes(tmp_path, data, "jpeg", "jpeg-same:orient", orientation=value)
    wanted = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))))
    turned = [table[8 * (index % 8) + index // 8] for index in range(64)]
    assert Image.open(io.BytesIO(copy)).quantization[0] == (turned if value > 4 else table)
    assert psnr(read_strictly(copy), wanted) > 41


def test_an_rgb_coded_jpeg_stays_rgb_coded(tmp_path: Path) -> None:
    image = Image.fromarray(texture(96, 160))
    data = encoded(image, "JPEG", quality=90, keep_rgb=True, exif=with_orientation(3))
    copy = copy_bytes(tmp_path, data, "jpeg", "jpeg-same:orient", orientation=3)
    assert psnr(read_strictly(copy), np.asarray(Image.open(io.BytesIO(data)))[::-1, ::-1]) > 48


def test_metadata_that_disturb_leave_and_the_picture_stays_bit_for_bit(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(texture()), "JPEG", quality=80, progressive=True, icc_profile=swapped_profile())
    broken = b"\xff\xe1" + struct.pack(">H", 24) + b"Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01\x03\0\x01\0"
    comment = b"\xff\xfe" + struct.pack(">H", 6) + b"\xff\xd9\xff\xda"
    dirty = data[:2] + broken + comment + data[2:] + b"another picture"
    assert copy_bytes(tmp_path, dirty, "jpeg", "jpeg-lossless") == data


def test_a_jpeg_that_cannot_be_walked_is_encoded_again(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(texture()), "JPEG", quality=80)[:-2]
    assert psnr(copied(tmp_path, data, "jpeg", "jpeg-lossless", tolerant=True), texture()) > 25


def test_other_sources_become_jpegs_where_that_is_asked_for(tmp_path: Path) -> None:
    copy = copy_bytes(tmp_path, encoded(Image.fromarray(texture()).convert("RGBA"), "PNG"), "png", "jpeg-95:alpha")
    assert Image.open(io.BytesIO(copy)).format == "JPEG"
    assert psnr(read_strictly(copy), texture()) > 36


# damage


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_damaged_file_is_copied_only_where_that_is_asked_for(tmp_path: Path, kind: str) -> None:
    data = encoded(Image.fromarray(texture()), kind)
    half = data[: len(data) * 2 // 3]
    assert asked(tmp_path, half, kind.lower(), "png:salvage")["error"]
    assert not (tmp_path / "target").exists()
    pixels = copied(tmp_path, half, kind.lower(), "png:salvage", tolerant=True)
    assert psnr(pixels[:24], np.asarray(Image.open(io.BytesIO(data)))[:24]) > 30
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


@pytest.mark.parametrize("data", [b"", b"\xff\xd8\xff", b"GIF89a", bytes(1000)])
def test_what_is_no_picture_is_an_answer_and_no_exception(tmp_path: Path, data: bytes) -> None:
    answer = asked(tmp_path, data, "jpeg", "jpeg-lossless")
    assert answer["error"]
    assert "0x" not in str(answer["error"])


def test_a_file_that_is_gone_is_an_answer(tmp_path: Path) -> None:
    answer = convert({"source": b"/nowhere/at all", "target": bytes(tmp_path / "t"), "policy": "png", "content": "png"})
    assert answer["error"] == "cannot be read: No such file or directory"


def test_a_link_in_the_target_place_is_replaced_and_not_written_through(tmp_path: Path) -> None:
    original = tmp_path / "original"
    original.write_bytes(b"sacred")
    (tmp_path / "target").symlink_to(original)
    copied(tmp_path, encoded(Image.fromarray(texture()), "BMP"), "bmp")
    assert original.read_bytes() == b"sacred"


def test_the_same_request_gives_the_same_bytes(tmp_path: Path) -> None:
    data = encoded(Image.fromarray(texture()).convert("RGBA"), "PNG")
    assert copy_bytes(tmp_path, data, "png") == copy_bytes(tmp_path, data, "png")
