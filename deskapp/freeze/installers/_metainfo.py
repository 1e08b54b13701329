"""What software centres show (AppStream) and how documents are told apart (shared MIME info), as XML.

https://www.freedesktop.org/software/appstream/docs/chap-Metadata.html and
https://specifications.freedesktop.org/shared-mime-info-spec/latest/
"""

from __future__ import annotations

import re
from datetime import datetime
from mimetypes import MimeTypes
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from deskapp.freeze._spec import FileType, FreezeSpec
from deskapp.freeze.metadata import appstream_version, desktop_file

# The licence of the XML file itself, not of the product; one of those that AppStream accepts.
METADATA_LICENSE = "FSFAP"
_MIME_NAMESPACE = "http://www.freedesktop.org/standards/shared-mime-info"
# What XML 1.0 cannot say at all.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def metainfo(spec: FreezeSpec, *, released: datetime | None) -> str:
    """The component that describes the product.

    Args:
        spec: What the product is.
        released: When this version was made; None leaves releases out, since one without a date is not valid.

    Raises:
        SpecError: The version or the app id cannot be said.
    """
    root = Element("component", {"type": "desktop-application"})
    _add(root, "id", spec.app_id)
    _add(root, "metadata_license", METADATA_LICENSE)
    if spec.license:
        _add(root, "project_license", spec.license)
    _add(root, "name", spec.name)
    # Without a full stop, and on one line.
    _add(root, "summary", _line(spec.summary).rstrip(".") or spec.name)
    if spec.author:
        _add(root, "developer_name", spec.author)
    description = SubElement(root, "description")
    for paragraph in paragraphs(spec.description) or [_line(spec.summary) or spec.name]:
        _add(description, "p", paragraph)
    if spec.homepage:
        _add(root, "url", spec.homepage, type="homepage")
    _add(root, "launchable", desktop_file(spec.app_id), type="desktop-id")
    provides = SubElement(root, "provides")
    _add(provides, "binary", spec.slug)
    for mime in dict.fromkeys(kind.mime for kind in spec.file_types):
        _add(provides, "mediatype", mime)
    if released is not None:
        releases = SubElement(root, "releases")
        version, date = appstream_version(spec.version), released.strftime("%Y-%m-%d")
        SubElement(releases, "release", {"version": version, "date": date})
    return _document(root)


def is_own_type(mime: str) -> bool:
    """Whether a type of documents is the product's to describe: it is none that everybody knows."""
    known = MimeTypes()
    return all(mime not in table.values() for table in known.types_map)


def mime_info(spec: FreezeSpec) -> str | None:
    """How documents of the product are told from others; None if it opens none.

    What everybody knows, such as ``text/plain``, keeps its own description and only gets further endings.
    """
    if not spec.file_types:
        return None
    root = Element("mime-info", {"xmlns": _MIME_NAMESPACE})
    kinds: dict[str, list[FileType]] = {}
    for kind in spec.file_types:
        kinds.setdefault(kind.mime, []).append(kind)
    for mime, same in kinds.items():
        entry = SubElement(root, "mime-type", {"type": mime})
        if is_own_type(mime):
            _add(entry, "comment", same[0].description)
        for kind in same:
            SubElement(entry, "glob", {"pattern": f"*.{kind.extension}"})
    return _document(root)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, each on one line."""
    return [_line(part) for part in re.split(r"\n[ \t]*\n", text) if part.strip()]


def _line(text: str) -> str:
    return " ".join(text.split())


def _add(parent: Element, name: str, text: str, **attributes: str) -> None:
    SubElement(parent, name, attributes).text = _NOT_XML.sub("", text)


def _document(root: Element) -> str:
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'
