"""Markdown, HTML, pictures, links and messages in boxes."""

from __future__ import annotations

import io
import logging
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from deskapp.script.callbacks import add_callback
from deskapp.script.frames import frame_output
from deskapp.script.outputs import Output
from deskapp.script.page import ScriptPage, current_page
from deskapp.session import go_app

logger = logging.getLogger("deskapp.script")

_MARKDOWN_OPTIONS = ("gfm", "breaks", "pedantic")

_SIGNATURES = (
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"\0\0\1\0", "x-icon"),
)
_TYPES = {"jpg": "jpeg", "svg": "svg+xml", "ico": "x-icon", "tif": "tiff", "": ""}

_ACTIVE = re.compile(r"<(script|iframe|style|form)\b", re.IGNORECASE)
"""What HTML has of its author, and does not keep when it is sanitised."""

_LENGTH = re.compile(r"\d*\.?\d+(px|%|em|rem|ch|vw|vh|cm|mm|in|pt)?\Z")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_IGNORED_IN_URLS = re.compile(r"[\0-\x20]+")
"""What engines leave out of an address before they look at it: https://url.spec.whatwg.org/#concept-basic-url-parser."""


class Saves(Protocol):
    """A picture that can write itself into a file, as those of Pillow do."""

    def save(self, fp: Any, format: str | None = None) -> Any:
        """Write it."""


def put_markdown(
    mdcontent: str,
    lstrip: bool = True,
    options: Mapping[str, bool] | None = None,
    sanitize: bool = True,
    scope: str | None = None,
    position: int = -1,
    **kwargs: Any,
) -> Output:
    """Show Markdown: text with marks for headings, lists, links, tables and code.

    Args:
        mdcontent: The text.
        lstrip: Whether the indentation that its lines have in common is taken away, as of a text in triple quotes.
        options: How it is read: ``gfm`` (tables, ~~strikethrough~~ and the like; True unless given), ``breaks`` (a new
            line begins where the text has one), ``pedantic`` (as the first Markdown was).
        sanitize: Whether HTML in it is freed of all that could do harm. Do not switch that off for texts of others.
        scope, position: As of `put_text`.

    Raises:
        TypeError: It is no text, or there is no such parameter.
        ValueError: There is no such option.
    """
    what = "put_markdown()"
    for name in kwargs:
        hint = "; lstrip=True takes the indentation away" if name == "strip_indent" else ""
        raise TypeError(f"{what} has no parameter {name!r}{hint}")
    if not isinstance(mdcontent, str):
        raise TypeError(f"{what} takes a text, not {mdcontent!r}")
    for name in options or ():
        if name not in _MARKDOWN_OPTIONS:
            raise ValueError(f"{what} has no option {name!r}; there are {', '.join(_MARKDOWN_OPTIONS)}")
    text = dedented(mdcontent) if lstrip else mdcontent
    libraries = ["markdown", "sanitizer"]
    if "```" in text or "~~~" in text:
        libraries.append("highlighter")
    props = {
        "text": text,
        "sanitize": bool(sanitize),
        "options": {name: bool(value) for name, value in (options or {}).items()},
    }
    return Output(what, "markdown", props, scope=scope, position=position, library=tuple(libraries))


def dedented(text: str) -> str:
    """A text without the indentation that its lines have in common; its first line may have none, as in Python code."""
    first, *others = text.split("\n")
    lines = [line for line in others if line.strip()]
    margin = ""
    if lines:
        shortest = min((line[: len(line) - len(line.lstrip(" \t"))] for line in lines), key=len)
        margin = next((shortest[:n] for n in range(len(shortest), 0, -1) if _all_begin(lines, shortest[:n])), "")
    if not margin:
        return text
    return "\n".join(
        [first.removeprefix(margin), *(line.removeprefix(margin) if line.strip() else "" for line in others)]
    )


def _all_begin(lines: list[str], margin: str) -> bool:
    return all(line.startswith(margin) for line in lines)


def put_html(html: Any, sanitize: bool = True, scope: str | None = None, position: int = -1) -> Output:
    """Show HTML.

    Args:
        html: Its text; or an object with a method ``__html__`` or ``_repr_html_`` that gives it.
        sanitize: Whether it becomes a part of the page, freed of scripts and all else that could do harm. If not, it is
            shown as it is, with its scripts, in a frame that reaches nothing outside itself.
        scope, position: As of `put_text`.

    Raises:
        TypeError: There is no HTML.
    """
    what = "put_html()"
    text = html
    for name in ("__html__", "_repr_html_"):
        if not isinstance(html, str | type) and callable(getattr(html, name, None)):
            text = getattr(html, name)()
            break
    if not isinstance(text, str):
        raise TypeError(f"{what} takes a text, or an object whose __html__() or _repr_html_() gives one, not {html!r}")
    if not sanitize:
        return frame_output(str(text), what, scope=scope, position=position)
    left_out = _ACTIVE.search(text)
    if left_out is not None:
        _say_what_is_left_out(current_page(what), left_out[1].lower())
    return Output(what, "html", {"html": str(text)}, scope=scope, position=position, library=("sanitizer",))


def _say_what_is_left_out(page: ScriptPage, tag: str) -> None:
    said: set[str] = page.kept.setdefault("put_html", set())
    if tag not in said:  # once: it may come from others, in any number
        said.add(tag)
        logger.warning(
            "put_html() leaves <%s> out; put_plot() shows charts, and sanitize=False HTML as it is, in a frame", tag
        )


def put_image(
    src: str | bytes | bytearray | memoryview | os.PathLike[str] | Saves,
    format: str | None = None,
    title: str = "",
    width: str | int | None = None,
    height: str | int | None = None,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a picture.

    Args:
        src: Its address in the web; or its content; or the path of its file (a `pathlib.Path`); or a picture of Pillow.
        format: What it is: ``"png"``, ``"jpeg"``, ``"gif"``, ``"svg"``…; found out when None. A picture of Pillow is
            sent in this format, else in its own, else as PNG.
        title: What it shows, in words, for those who do not see it.
        width: ``"50px"`` or ``"30%"``; a number means px. Its own when None.
        height: Likewise. If only one of both is given, the other follows.
        scope, position: As of `put_text`.

    Raises:
        TypeError: It is no picture.
        ValueError: There is nothing in it, or a size is none.
        OSError: The file cannot be read.
    """
    what = "put_image()"
    props: dict[str, object] = {"title": str(title), "width": _length(width, what), "height": _length(height, what)}
    if isinstance(src, str):
        _check_url(src, what, ("javascript", "vbscript", "file"), hint="; give a file as pathlib.Path(…)")
        props["url"] = src
    else:
        content, kind = _image(src, format, what)
        if not content:
            raise ValueError(
                f"{what} finds nothing in {src!r}" if not isinstance(src, bytes) else f"{what} gets no byte"
            )
        props["content"] = content
        props["type"] = f"image/{kind}" if kind else ""
    return Output(what, "image", props, scope=scope, position=position)


def _image(src: Any, format: str | None, what: str) -> tuple[bytes, str]:
    kind = (format or "").lower().removeprefix("image/")
    if isinstance(src, bytes | bytearray | memoryview):
        content = bytes(src)
    elif isinstance(src, os.PathLike):
        path = Path(src)
        content = path.read_bytes()
        kind = kind or _kind_of(content) or path.suffix[1:].lower()
    elif callable(getattr(src, "save", None)):
        kind = kind or str(getattr(src, "format", None) or "png").lower()
        kind = _TYPES.get(kind, kind)
        # The way is short: time counts more than size. Other objects that save themselves may not know the option.
        is_pillow = type(src).__module__.partition(".")[0] == "PIL"
        options = {"compress_level": 1} if is_pillow and kind == "png" else {}
        file = io.BytesIO()
        src.save(file, format=kind.upper(), **options)
        content = file.getvalue()
    else:
        raise TypeError(f"{what} takes an address, bytes, a pathlib.Path or a picture of Pillow, not {src!r}")
    kind = kind or _kind_of(content)
    kind = _TYPES.get(kind, kind)
    if not re.fullmatch(r"[a-z0-9.+-]*", kind):
        raise ValueError(f"{what} knows no format {format!r}")
    return content, kind


def _kind_of(content: bytes) -> str:
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if content[4:12] in (b"ftypavif", b"ftypavis"):
        return "avif"
    return "svg" if b"<svg" in content[:1000] else ""


def _length(value: str | int | None, what: str) -> str | None:
    if value is None or value == "auto":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return f"{value}px"
    if isinstance(value, str) and (match := _LENGTH.match(value.strip())):
        return value.strip() if match[1] else f"{value.strip()}px"
    raise ValueError(f"{what} takes sizes like '50px', '30%' or 50, not {value!r}")


def _check_url(url: str, what: str, refused: tuple[str, ...], hint: str = "") -> None:
    bare = _IGNORED_IN_URLS.sub("", url)
    if not bare:
        raise ValueError(f"{what} needs an address, not {url!r}")
    scheme = _SCHEME.match(bare)
    if scheme and (scheme[1].lower() in refused or len(scheme[1]) == 1):  # one letter is a drive of Windows
        raise ValueError(f"{what} takes no address that begins with {scheme[0]!r}{hint}")


def put_link(
    name: str,
    url: str | None = None,
    app: str | None = None,
    new_window: bool = False,
    scope: str | None = None,
    position: int = -1,
) -> Output:
    """Show a link to a page in the web, or to another app of this program.

    Args:
        name: Its text.
        url: The address. Windows hand what leads out of the program to the user's browser.
        app: The name of an app, as it was served or launched; it is opened as `go_app` does.
        new_window: Whether it opens in another window, or tab; else in this one.
        scope, position: As of `put_text`.

    Raises:
        ValueError: There are both, or none; or the address would run a script.
        LookupError: There is no such app, or it cannot be reached from here.
        TypeError: It is no text.
    """
    what = "put_link()"
    if (url is None) == (app is None):
        raise ValueError(f"{what} takes either url=… or app=…")
    for given in (url, app):
        if given is not None and not isinstance(given, str):
            raise TypeError(f"{what} takes texts as url and app, not {given!r}")
    props: dict[str, object] = {"text": str(name), "url": None, "on": None, "window": bool(new_window)}
    if url is not None:
        _check_url(url, what, ("javascript", "vbscript", "data"))
        props["url"] = url
    else:
        page, wanted = current_page(what), str(app)
        page.run.session.check_app(wanted)
        props["on"] = add_callback(page, lambda: go_app(wanted, bool(new_window)), what)
    listeners = () if props["on"] is None else (str(props["on"]),)
    return Output(what, "link", props, scope=scope, position=position, listeners=listeners)


def put_info(*contents: object, closable: bool = False, scope: str | None = None, position: int = -1) -> Output:
    """Show a message in a box; as ``with put_info():`` it takes in what is shown in the block.

    Args:
        *contents: Texts and outputs.
        closable: Whether the user can close it.
        scope, position: As of `put_text`.
    """
    return _alert("put_info()", "info", contents, closable, scope, position)


def put_success(*contents: object, closable: bool = False, scope: str | None = None, position: int = -1) -> Output:
    """Show in a box that something has worked; like `put_info`."""
    return _alert("put_success()", "success", contents, closable, scope, position)


def put_warning(*contents: object, closable: bool = False, scope: str | None = None, position: int = -1) -> Output:
    """Show a warning in a box; like `put_info`."""
    return _alert("put_warning()", "warning", contents, closable, scope, position)


def put_error(*contents: object, closable: bool = False, scope: str | None = None, position: int = -1) -> Output:
    """Show in a box that something has failed; like `put_info`."""
    return _alert("put_error()", "danger", contents, closable, scope, position)


def _alert(
    what: str, color: str, contents: tuple[object, ...], closable: bool, scope: str | None, position: int
) -> Output:
    page = current_page(what)
    inside = page.scopes.new_name()
    props: dict[str, object] = {"color": color, "on": None}
    if closable:

        def closed(data: object, answer: Any) -> None:
            page.scopes.remove(inside)
            answer(None)

        props["on"] = page.run.listen(closed)
    listeners = () if props["on"] is None else (str(props["on"]),)
    return Output(
        what, "alert", props, children=contents, scope=scope, position=position, inside=inside, listeners=listeners
    )
