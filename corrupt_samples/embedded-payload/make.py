"""Sound pictures that hold an archive, a program, a script or a page too, all of them harmless."""

import zlib

from corrupt_samples.encode import avif, chunk, encode, jpeg, jpeg_segment, png, webp
from corrupt_samples.payloads import ALL, HTML, PHP, SHELL, pdf, zip_of
from corrupt_samples.surgery import jpeg_inserted, png_inserted

_DQT, _APP13, _APP2 = 0xDB, 0xED, 0xE2
_CODE = b"*/=1;console.log(1);//"

SAMPLES = {
    **{f"{kind}.jpg": lambda picture, hidden=hidden: jpeg(picture) + hidden for kind, hidden in ALL.items()},
    "hidden_end.jpg": lambda picture: jpeg(picture) + zip_of(comment=b"\xff\xd9"),
    "progressive.jpg": lambda picture: jpeg(picture, progressive=True) + ALL["zip"],
    "comment.jpg": lambda picture: jpeg(picture, comment=PHP),
    "page.jpg": lambda picture: jpeg(picture, comment=HTML),
    "shell_comment.jpg": lambda picture: jpeg(picture, comment=b"\n" + SHELL),
    "artist.jpg": lambda picture: jpeg(
        picture, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x3b\0\2\0\0\0\x11\0\0\0\x1a\0\0\0\0" + PHP + b"\0"
    ),
    "photoshop.jpg": lambda picture: jpeg_inserted(
        jpeg(picture), _DQT, jpeg_segment(_APP13, b"Photoshop 3.0\x008BIM\4\4\0\0\0\0\0\x10" + PHP)
    ),
    "profile.jpg": lambda picture: jpeg_inserted(
        jpeg(picture), _DQT, jpeg_segment(_APP2, b"ICC_PROFILE\0\1\1" + bytes(512) + zip_of("a.txt", "b.txt", "c.txt"))
    ),
    "document.jpg": lambda picture: jpeg(picture, comment=pdf()),
    "script.gif": lambda picture: (data := encode(picture, "GIF"))[:6] + b"/*" + data[8:] + _CODE,
    "script.bmp": lambda picture: (data := encode(picture, "BMP"))[:2] + b"/*" + data[4:] + _CODE,
    "java.gif": lambda picture: encode(picture, "GIF") + ALL["jar"],
    "comment.gif": lambda picture: encode(picture, "GIF", comment=PHP),
    "zip.png": lambda picture: png(picture) + ALL["zip"],
    "text.png": lambda picture: png_inserted(png(picture), b"IDAT", chunk(b"tEXt", b"Comment\0" + PHP)),
    "packed_text.png": lambda picture: png_inserted(
        png(picture), b"IDAT", chunk(b"zTXt", b"Comment\0\0" + zlib.compress(HTML, 9))
    ),
    "chunk.png": lambda picture: png_inserted(png(picture), b"IDAT", chunk(b"hiDe", ALL["elf"])),
    "zip.webp": lambda picture: webp(picture) + ALL["zip"],
    "php.avif": lambda picture: avif(picture) + PHP,
    "zip.ico": lambda picture: encode(picture, "ICO", sizes=[(32, 32)]) + ALL["zip"],
    "page.qoi": lambda picture: encode(picture.resize((32, 32)), "QOI") + HTML,
}
