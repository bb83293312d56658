"""Names of what may lie beside an image, for rules, which need not find it."""

from __future__ import annotations

#: Archives, programs, scripts and pages, as a sentence names them.
PAYLOADS: dict[str, str] = {
    "zip": "a ZIP archive",
    "jar": "a Java archive",
    "apk": "an Android app",
    "office": "an Office document",
    "gzip": "a gzip archive",
    "xz": "an XZ archive",
    "bzip2": "a bzip2 archive",
    "zstd": "a Zstandard archive",
    "lz4": "an LZ4 archive",
    "lzma": "an LZMA archive",
    "compress": "an archive of `compress`",
    "7z": "a 7-Zip archive",
    "rar": "a RAR archive",
    "tar": "a tar archive",
    "cab": "a Windows cabinet",
    "ole": "a Windows installer or an old Office document",
    "ar": "a Unix archive",
    "iso": "a CD image",
    "lzip": "an lzip archive",
    "cpio": "a cpio archive",
    "rpm": "an RPM package",
    "arj": "an ARJ archive",
    "lha": "an LHA archive",
    "xar": "a XAR archive",
    "wim": "a Windows disk image (WIM)",
    "squashfs": "a SquashFS file system",
    "sqlite": "an SQLite database",
    "elf": "a Linux program",
    "pe": "a Windows program",
    "mach-o": "a macOS program",
    "java-class": "a Java class",
    "pyc": "a compiled Python module",
    "lua": "compiled Lua code",
    "wasm": "a WebAssembly module",
    "dex": "an Android program",
    "shortcut": "a Windows shortcut",
    "flash": "a Flash film",
    "postscript": "a PostScript program",
    "rtf": "an RTF document that holds an object",
    "pickle": "a Python pickle that runs code when loaded",
    "pdf": "a PDF",
    "shell": "a script with an interpreter line",
    "batch": "a Windows batch file",
    "command": "a shell command",
    "php": "PHP code",
    "server-page": "code of a server page",
    "html": "an HTML page",
    "html-script": "a script in HTML",
    "javascript": "JavaScript",
    "luascript": "Lua code",
    "vbscript": "VBScript",
    "powershell": "PowerShell code",
    "python": "Python code",
}

PADDING, STRAY, VENDOR, OWN_PICTURE, PREVIEW, MULTI_PICTURE, LISTED, MOTION_PHOTO = (
    "padding", "stray", "vendor", "own-picture", "preview", "multi-picture", "listed", "motion-photo",
)  # fmt: skip
PICTURE, VIDEO, SOUND, TEXT, UNKNOWN = "picture", "video", "sound", "text", "unknown"
#: What writers of images are known to leave behind the end, harmlessly.
KNOWN = (PADDING, STRAY, VENDOR, OWN_PICTURE, PREVIEW, MULTI_PICTURE, LISTED, MOTION_PHOTO)
#: A tail is called after the worst of its pieces: the last of these.
TAILS = (*KNOWN, PICTURE, VIDEO, SOUND, TEXT, UNKNOWN)

#: What each is, as a sentence names it.
NAMES_OF_TAILS: dict[str, str] = {
    PADDING: "filling",
    STRAY: "left over from a buffer",
    VENDOR: "a camera's own notes",
    OWN_PICTURE: "a picture in a camera's own notes",
    PREVIEW: "the camera's preview",
    MULTI_PICTURE: "a further picture of the same shot (MPF)",
    LISTED: "a picture that the XMP data list",
    MOTION_PHOTO: "a motion photo's video",
    PICTURE: "another picture",
    VIDEO: "a video",
    SOUND: "sound",
    TEXT: "text",
    UNKNOWN: "unknown data",
}
