"""The contents a file can have: raster formats with their true names, and what is no image."""

from __future__ import annotations

from typing import NamedTuple

#: Pixels above which a picture is not decoded unless the user allows it. Pillow raises DecompressionBombError above them:
#: twice its MAX_IMAGE_PIXELS of 2**30 // 4 // 3.
MAX_PIXELS = 178_956_970


class Format(NamedTuple):
    """A raster format."""

    name: str  #: as a sentence names it: `a PNG`
    extensions: tuple[str, ...]  #: true names, lower case with the dot, the canonical one first
    pillow: tuple[str, ...] = ()  #: Pillow's names of it; none: the format is never opened
    probe: str = "generic"  #: module of `sanitize.probe` that reads it


#: The formats that are opened, each decoded by Pillow itself. Nothing that runs another program (EPS, PS, PDF, WMF,
#: EMF) or that Pillow only identifies (HDF5, GRIB, BUFR, MPEG) may stand here.
OPENED: dict[str, Format] = {
    "jpeg": Format("a JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".mpo"), ("JPEG",), "jpeg"),
    "png": Format("a PNG", (".png", ".apng"), ("PNG",), "png"),
    "gif": Format("a GIF", (".gif",), ("GIF",), "gif"),
    "bmp": Format("a BMP", (".bmp", ".dib"), ("BMP",), "bmp"),
    "tiff": Format("a TIFF", (".tif", ".tiff"), ("TIFF",), "tiff"),
    "webp": Format("a WebP", (".webp",), ("WEBP",), "webp"),
    "avif": Format("an AVIF", (".avif", ".avifs"), ("AVIF",), "avif"),
    "jpeg2000": Format(
        "a JPEG 2000", (".jp2", ".j2k", ".j2c", ".jpc", ".jpf", ".jpx", ".jph", ".jhc"), ("JPEG2000",), "jpeg2000"
    ),
    "ppm": Format("a Netpbm picture", (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"), ("PPM",), "ppm"),
    "ico": Format("an icon", (".ico",), ("ICO",), "ico"),
    "cur": Format("a cursor", (".cur",), ("CUR",), "ico"),
    "tga": Format("a Targa", (".tga", ".targa", ".icb", ".vda", ".vst"), ("TGA",), "tga"),
    "qoi": Format("a QOI", (".qoi",), ("QOI",), "qoi"),
    "dib": Format("a bitmap without file header", (".dib",), ("DIB",)),
    "pcx": Format("a PCX", (".pcx",), ("PCX",)),
    "dcx": Format("a DCX", (".dcx",), ("DCX",)),
    "sgi": Format("an SGI picture", (".sgi", ".rgb", ".rgba", ".bw"), ("SGI",)),
    "dds": Format("a DDS texture", (".dds",), ("DDS",)),
    "psd": Format("a Photoshop document", (".psd",), ("PSD",)),
    "xbm": Format("an X bitmap", (".xbm",), ("XBM",)),
    "xpm": Format("an X pixmap", (".xpm",), ("XPM",)),
    "icns": Format("an Apple icon", (".icns",), ("ICNS",), "icns"),
    "im": Format("an IFUNC picture", (".im",), ("IM",)),
    "sun": Format("a Sun raster", (".ras", ".sun"), ("SUN",)),
    "blp": Format("a BLP texture", (".blp",), ("BLP",)),
    "msp": Format("a Windows Paint picture", (".msp",), ("MSP",)),
    "fli": Format("an Autodesk animation", (".fli", ".flc"), ("FLI",)),
}

#: Pictures that no decoder here opens.
CLOSED: dict[str, Format] = {
    "heic": Format("a HEIC", (".heic", ".heif", ".hif", ".heics", ".heifs")),
    "jxl": Format("a JPEG XL", (".jxl",)),
    "jpegls": Format("a JPEG-LS", (".jls",)),
    "jxr": Format("a JPEG XR", (".jxr", ".wdp", ".hdp")),
    "exr": Format("an OpenEXR", (".exr",)),
    "hdr": Format("a Radiance picture", (".hdr",)),
    "dng": Format("a digital negative", (".dng",)),
    "raw": Format(
        "a camera raw file",
        (".cr2", ".cr3", ".crw", ".nef", ".nrw", ".arw", ".sr2", ".srf", ".raf", ".orf", ".rw2", ".pef", ".srw"),
    ),
    "pam": Format("a PAM", (".pam",)),
    "psb": Format("a large Photoshop document", (".psb",)),
    "fits": Format("a FITS picture", (".fits",)),
    "xcf": Format("a GIMP document", (".xcf",)),
    "bpg": Format("a BPG", (".bpg",)),
    "flif": Format("a FLIF", (".flif",)),
}

FORMATS: dict[str, Format] = OPENED | CLOSED

#: What is no image, as a sentence names it.
FOREIGN: dict[str, str] = {
    "empty": "nothing",
    "zeros": "zero bytes only",
    "constant": "nothing but one byte",
    "html": "an HTML page",
    "json": "JSON",
    "xml": "XML",
    "svg": "an SVG drawing",
    "text": "text",
    "script": "a script",
    "git-lfs": "a Git-LFS pointer",
    "appledouble": "an AppleDouble file",
    "base64-image": "a base64-encoded image",
    "compressed-image": "a compressed image",
    "pdf": "a PDF",
    "postscript": "PostScript",
    "metafile": "a Windows metafile",
    "zip": "a ZIP archive",
    "gzip": "a gzip archive",
    "tar": "a tar archive",
    "rar": "a RAR archive",
    "7z": "a 7-Zip archive",
    "xz": "an XZ archive",
    "bz2": "a bzip2 archive",
    "zstd": "a Zstandard archive",
    "video": "a video",
    "audio": "sound",
    "executable": "a program",
    "pickle": "a Python pickle",
    "npy": "a NumPy array",
    "hdf5": "an HDF5 file",
    "grib": "a GRIB file",
    "bufr": "a BUFR file",
    "matlab": "a MATLAB file",
    "sqlite": "an SQLite database",
    "lmdb": "an LMDB database",
    "parquet": "a Parquet file",
    "arrow": "an Arrow file",
    "tfrecord": "a TFRecord file",
    "office": "an Office document",
    "font": "a font",
    "encrypted": "an encrypted file",
    "unknown": "unknown content",
}

#: Every content, as a sentence names it.
CONTENTS: dict[str, str] = {key: format_.name for key, format_ in FORMATS.items()} | FOREIGN
#: The same without their articles, as a table names them: `JPEG`.
SHORT_NAMES = {key: name.removeprefix("a ").removeprefix("an ") for key, name in CONTENTS.items()}

# Extensions of rare rasters that mean something else at least as often: there the content has to say it.
# fmt: off
_AMBIGUOUS = frozenset({
    ".im", ".rgb", ".rgba", ".bw", ".ras", ".sun", ".vst", ".vda", ".icb", ".msp", ".blp", ".fli", ".flc", ".psb",
    ".hdp", ".crw", ".srf", ".sr2",
})
# fmt: on

#: Extensions, lower case with the dot, that make a file an image of the dataset whatever it holds.
IMAGE_EXTENSIONS: frozenset[str] = frozenset(
    extension for format_ in FORMATS.values() for extension in format_.extensions if extension not in _AMBIGUOUS
)


def is_image(content: str) -> bool:
    """Tell whether the content is a picture, one that can be opened here or not."""
    return content in FORMATS


def is_opened(content: str) -> bool:
    """Tell whether the content is of a format that is opened."""
    return content in OPENED


def extension_of(name: str) -> str:
    """Return the extension of a name, lower case with the dot; empty where there is none, as for `.name` and `name.`."""
    last = name.rpartition("/")[2]
    dot = last.rfind(".")
    return last[dot:].lower() if 0 < dot < len(last) - 1 else ""
