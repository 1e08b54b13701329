"""Files and folders that the user chooses for a function: by dialogs of the system, or by the browser's own means."""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deskapp import native
from deskapp.errors import NotSupported
from deskapp.runtime.capabilities import able
from deskapp.script.conversations import converse
from deskapp.script.fields import file_field
from deskapp.script.forms import Form
from deskapp.script.page import ScriptPage, current_page
from deskapp.script.uploads import UploadedFile
from deskapp.session import download
from deskapp.session.file_content import file_content

if TYPE_CHECKING:
    from deskapp.native import Call
    from deskapp.runtime.handle import Window


def open_file(label: str = "", accept: Iterable[str] | str | None = None, multiple: bool = False) -> Any:
    """Have the user choose a file: by the system's dialog in a native window, by an upload in a browser.

    Args:
        label: What is asked for.
        accept: Which files: endings such as ``".png"``, types such as ``"image/*"``; one or several.
        multiple: Whether several can be chosen.

    Returns:
        An `UploadedFile`, which has a path either way; None if none was chosen; a list of them if `multiple`. That of a
        native window is the user's own file, which stays where it is.

    Raises:
        TypeError, ValueError: An argument cannot be this.
    """
    what = "open_file()"
    field = file_field(what, {"label": label, "accept": accept, "multiple": multiple, "required": True}, {})
    page = current_page(what)
    window = _native_window(page)
    if window is None:
        return converse(page.run, _uploaded(Form(page, what, "", [field], cancelable=True), multiple))
    patterns = _patterns(field.props["accept"])
    filters = [(", ".join(patterns[:4]) + ("…" if len(patterns) > 4 else ""), patterns)] if patterns else ()
    title = label or ("Choose files" if multiple else "Choose a file")
    call = native.open_files if multiple else native.open_file
    chosen: Call[Any] = call(title, filters=filters, window=window)

    def files(found: Any) -> Any:
        return [_file(path) for path in found] if multiple else None if found is None else _file(found)

    return _when_done(page, chosen, files)


def choose_folder(label: str = "") -> Any:
    """Have the user choose a folder, by the system's dialog.

    Args:
        label: What is asked for.

    Returns:
        Its path; None if none was chosen.

    Raises:
        NotSupported: A browser shows the page: it tells no program about folders.
    """
    page = current_page("choose_folder()")
    window = _native_window(page)
    if window is None:
        runtime = page.run.session.runtime
        raise NotSupported("choose_folder()", runtime.name if runtime is not None else "browser", able("file_dialog"))
    return _when_done(page, native.choose_folder(label or "Choose a folder", window=window), lambda path: path)


def save_file(name: str, content: bytes | bytearray | memoryview) -> Any:
    """Have the user keep a file: by the system's dialog in a native window, by a download in a browser.

    Args:
        name: The name that is proposed for it.
        content: What is in it.

    Returns:
        The path that was chosen and written; None if the dialog was cancelled, and where a browser keeps the file.

    Raises:
        TypeError: The content is no bytes.
        OSError: It cannot be written there.
    """
    what = "save_file()"
    if not isinstance(name, str):
        raise TypeError(f"{what} names a file by a text, not by {name!r}")
    data = file_content(content, what)
    page = current_page(what)
    window = _native_window(page)
    if window is None:
        download(name, data)
        return _nothing() if page.run.is_here else None

    def write(path: Path | None) -> Path | None:
        if path is not None:
            path.write_bytes(data)
        return path

    return _when_done(page, native.save_file(name=name, window=window), write)


def _native_window(page: ScriptPage) -> Window | None:
    """The window whose runtime shows dialogs; None in a browser."""
    window = page.run.session.window
    return window if window is not None and window.can("file_dialog") else None


def _when_done(page: ScriptPage, call: Call[Any], finish: Callable[[Any], Any]) -> Any:
    """What becomes of the answer of a dialog: waited for on a thread, to be awaited on the loop."""
    run = page.run
    if run.is_here:

        async def later() -> Any:
            found = await call
            run.check()
            return await asyncio.to_thread(finish, found)  # it may read or write a disk

        return later()
    found = call.wait()
    run.check()
    return finish(found)


async def _uploaded(form: Form, multiple: bool) -> Any:
    values = await form.ask()
    return next(iter(values.values())) if values is not None else [] if multiple else None


async def _nothing() -> None:
    """What is awaited where there is nothing to wait for."""


def _file(path: Path) -> UploadedFile:
    status = path.stat()
    facts = {
        "filename": path.name,
        "size": status.st_size,
        "mime_type": mimetypes.guess_type(path.name)[0] or "application/octet-stream",
        "last_modified": status.st_mtime,
    }
    return UploadedFile(facts, path=path)


def _patterns(accept: str) -> list[str]:
    """Patterns of names for what browsers are told."""
    found: list[str] = []
    for each in filter(None, accept.split(",")):
        if each.startswith("."):
            endings = [each]
        elif each in ("*", "*/*"):
            return []
        elif each.endswith("/*"):
            known = {**mimetypes.types_map, **mimetypes.common_types}
            endings = [ending for ending, kind in known.items() if kind.startswith(each[:-1])]
        else:
            endings = mimetypes.guess_all_extensions(each, strict=False)
        found += [f"*{ending}" for ending in sorted(endings)]
    return list(dict.fromkeys(found))
