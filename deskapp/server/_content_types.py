"""What kind of file a name promises. Not `mimetypes`: it asks the machine, which may call scripts plain text."""

from __future__ import annotations

_TEXT = {"css": "text/css", "csv": "text/csv", "htm": "text/html", "html": "text/html", "js": "text/javascript"}
_TEXT |= {"md": "text/markdown", "mjs": "text/javascript", "txt": "text/plain", "vtt": "text/vtt"}
_TYPES = {name: f"{kind}; charset=utf-8" for name, kind in _TEXT.items()} | {
    "apng": "image/apng",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "flac": "audio/flac",
    "geojson": "application/geo+json",
    "gif": "image/gif",
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
    "ico": "image/x-icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "json": "application/json",
    "m4a": "audio/mp4",
    "map": "application/json",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xml": "application/xml",
    "zip": "application/zip",
}


def content_type(name: str) -> str:
    """The value of the Content-Type header, by the end of a file's name; bytes of no known kind if it tells nothing.

    Args:
        name: The file's name, or its path.
    """
    _, dot, ending = name.rpartition(".")
    return _TYPES.get(ending.lower() if dot else "", "application/octet-stream")
