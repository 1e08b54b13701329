"""Files that the user chooses for a function, in a native window and in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deskapp import launch
from deskapp.bridge import messages
from deskapp.errors import NotSupported
from deskapp.input import UploadedFile, choose_folder, open_file, save_file
from deskapp.runtime.capabilities import Capabilities
from deskapp.testing import AppHarness, FakeRuntime
from tests.unit.script.asking import Page, result, shown


class BrowserTab(FakeRuntime):
    """Shows pages and nothing of the desktop."""

    capabilities = Capabilities(reports=frozenset({"closed"}))


def asked(app: AppHarness) -> list[dict[str, Any]]:
    """What dialogs were asked with."""
    return [call[2] for call in app.runtime.calls if call[0] == "file_dialog"]


async def shown_in_window(app: AppHarness, function: Any) -> Any:
    """Launch a function; its page comes, as pages do, with its window."""
    handle = launch(function)
    await app.window_of(handle.session)
    page = Page(handle.session, app)
    page.connect()
    return handle


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_native_window_shows_the_dialogs_of_the_system(tmp_path: Path, is_async: bool) -> None:
    picture, target = tmp_path / "a.png", tmp_path / "b.txt"
    picture.write_bytes(b"picture")

    def main() -> list[Any]:
        return [
            open_file("Which?", accept=[".png", "image/gif"]),
            open_file(multiple=True),
            save_file("b.txt", b"x"),
            choose_folder(),
        ]

    async def async_main() -> list[Any]:
        return [
            await open_file("Which?", accept=[".png", "image/gif"]),
            await open_file(multiple=True),
            await save_file("b.txt", b"x"),
            await choose_folder(),
        ]

    chosen: list[Any] = [picture]

    class Dialogs(FakeRuntime):
        async def _serve(self, service: str, window: Any, args: Any) -> object:
            await super()._serve(service, window, args)
            return [str(target if args["kind"] == "save" else each) for each in chosen]

    async with AppHarness([Dialogs]) as app:
        handle = await shown_in_window(app, async_main if is_async else main)
        one, several, saved, folder = await result(app, handle)
        for file in (one, several[0]):
            assert isinstance(file, UploadedFile)
            assert (file["filename"], file["mime_type"], file["content"]) == ("a.png", "image/png", b"picture")
            assert (file.path, file["last_modified"]) == (picture, picture.stat().st_mtime)
        assert (saved, target.read_bytes(), folder) == (target, b"x", picture)
        assert [(args["kind"], args["multiple"]) for args in asked(app)] == [
            ("open", False),
            ("open", True),
            ("save", False),
            ("folder", False),
        ]
        assert asked(app)[0]["title"] == "Which?"
        assert asked(app)[0]["filters"] == [["*.png, *.gif", ["*.png", "*.gif"]]]
        chosen.clear()
        handle = await shown_in_window(app, async_main if is_async else main)
        assert await result(app, handle) == [None, [], None, None]


async def test_a_browser_uploads_and_downloads_instead() -> None:
    def main() -> list[Any]:
        with pytest.raises(NotSupported, match="choose_folder"):
            choose_folder()
        with pytest.raises(TypeError, match=r"write text.encode\(\)"):
            save_file("a.txt", "text")  # type: ignore[arg-type]
        return [save_file("a.txt", b"abc"), open_file("Which?"), open_file(multiple=True)]

    async with AppHarness([BrowserTab]) as app:
        handle, page = await shown(app, main)
        form = await page.form()
        assert form["cancelable"] is True
        assert page.of(messages.NOTICE, name="download")[0].data["content"] == b"abc"  # type: ignore[index]
        upload = form["fields"][0]["upload"]
        number = (await page.consult(upload[0], ["begin", upload[1], {"filename": "a", "size": 0}]))["file"]
        await page.consult(upload[0], ["end", number])
        await page.submit(_=[number])
        await app.until(lambda: len(page.told("form")) == 2)
        await page.consult(page.open_forms[0]["id"], ["cancel"])
        saved, one, several = await result(app, handle)
        assert (saved, one["filename"], several) == (None, "a", [])


@pytest.mark.parametrize("accept", ["png", 5])
async def test_what_cannot_be_accepted_is_refused(accept: Any) -> None:
    def main() -> None:
        open_file(accept=accept)

    async with AppHarness() as app:
        handle, _ = await shown(app, main)
        with pytest.raises((ValueError, TypeError)):
            await result(app, handle)
