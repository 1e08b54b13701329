"""The ``.desktop`` file: how menus, task bars and file managers know the product.

https://specifications.freedesktop.org/desktop-entry-spec/latest/
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.metadata import checked_categories, wm_class

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
# "Quoting" in the specification: what a quoted argument of Exec escapes, and what makes quotes necessary.
_QUOTED = re.compile(r'(["`$\\])')
_RESERVED = re.compile(r"[\s\"'\\><~|&;$*?#()`]")


def desktop_entry(spec: FreezeSpec, *, command: str) -> str:
    """The text of the file.

    Args:
        spec: What the product is.
        command: Name or path of the program.

    Raises:
        SpecError: A category cannot be written.
    """
    takes_documents = bool(spec.url_schemes or spec.file_types)
    mime_types = [kind.mime for kind in spec.file_types] + [f"x-scheme-handler/{name}" for name in spec.url_schemes]
    lines = ["[Desktop Entry]", "Type=Application", "Version=1.1", f"Name={_string(spec.name)}"]
    if spec.summary:
        lines.append(f"Comment={_string(spec.summary)}")
    lines += [
        # %U and not %F: addresses of the product's own schemes come the same way as documents do.
        f"Exec={_string(_argument(command))}{' %U' if takes_documents else ''}",
        f"Icon={_string(spec.app_id)}",
        "Terminal=false",
        f"Categories={_list(checked_categories(spec.categories))}",
    ]
    if spec.keywords:
        lines.append(f"Keywords={_list(spec.keywords)}")
    if mime_types:
        lines.append(f"MimeType={_list(dict.fromkeys(mime_types))}")
    if spec.runtime is not None:
        lines += ["StartupNotify=true", f"StartupWMClass={_string(wm_class(spec.app_id))}"]
    return "\n".join(lines) + "\n"


def _string(text: str) -> str:
    """A value: no control characters, and a blank at either end is written."""
    escaped = "".join(_ESCAPES.get(letter, letter) for letter in text)
    if escaped.startswith(" "):
        escaped = f"\\s{escaped[1:]}"
    return escaped


def _list(texts: Iterable[str]) -> str:
    return "".join(f"{_string(text).replace(';', chr(92) + ';')};" for text in texts)


def _argument(text: str) -> str:
    """One word of Exec, before it is escaped as any value is."""
    text = text.replace("%", "%%")
    if not _RESERVED.search(text):
        return text
    return '"' + _QUOTED.sub(r"\\\1", text) + '"'
