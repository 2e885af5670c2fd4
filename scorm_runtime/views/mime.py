"""Media types of package files: our own table, so that no server's registry changes how content
is shown. Whatever is not in it downloads as bytes and is never guessed at (nosniff)."""

from pathlib import PurePosixPath

MEDIA_TYPES = {
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "application/xhtml+xml",
    "css": "text/css",
    "js": "text/javascript",
    "mjs": "text/javascript",
    "json": "application/json",
    "map": "application/json",
    "xml": "application/xml",
    "xsd": "application/xml",
    "xsl": "application/xml",
    "xslt": "application/xml",
    "dtd": "application/xml-dtd",
    "txt": "text/plain",
    "csv": "text/csv",
    "md": "text/plain",
    "vtt": "text/vtt",
    "srt": "text/plain",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "svg": "image/svg+xml",
    "ico": "image/x-icon",
    "bmp": "image/bmp",
    "cur": "image/x-icon",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "mov": "video/quicktime",
    "m3u8": "application/vnd.apple.mpegurl",
    "mpd": "application/dash+xml",
    "ts": "video/mp2t",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "ttf": "font/ttf",
    "otf": "font/otf",
    "eot": "application/vnd.ms-fontobject",
    "pdf": "application/pdf",
    "swf": "application/x-shockwave-flash",
    "wasm": "application/wasm",
    "zip": "application/zip",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "rtf": "application/rtf",
    "webmanifest": "application/manifest+json",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
}


def find_media_type(path: str) -> str:
    """Content-Type for a file of a package.

    Scripts, styles, JSON and XML without a charset are UTF-8 by their own rules; HTML is left to
    its <meta>, because old packages are in other encodings.
    """
    suffix = PurePosixPath(path).suffix.lower().lstrip(".")
    found = MEDIA_TYPES.get(suffix, "application/octet-stream")
    if found in ("text/javascript", "text/css", "text/vtt"):
        return f"{found}; charset=utf-8"
    return found
