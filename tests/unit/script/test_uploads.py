"""Files from the page: their pieces, their bounds, and how long they live."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest

from deskapp.input import file_upload, input_group
from deskapp.pin import pin, put_file_upload
from deskapp.script import uploads
from deskapp.script.uploads import MEMORY_BYTES, UploadedFile, Uploads, shown_name
from deskapp.session import defer_call, hold
from deskapp.testing import AppHarness
from tests.unit.script.asking import Page, harness, result, shown

__all__ = ["harness"]

PIECE = 512 * 1024


async def begin(page: Page, upload: list[Any], size: int, name: str = "a.bin", kind: str = "") -> Any:
    facts = {"filename": name, "size": size, "mime_type": kind, "last_modified": 12.5}
    return await page.consult(upload[0], ["begin", upload[1], facts])


async def send(page: Page, upload: list[Any], content: bytes, name: str = "a.bin", kind: str = "") -> int:
    """Send a file and return its number."""
    number: int = (await begin(page, upload, len(content), name, kind))["file"]
    for offset in range(0, len(content), PIECE):
        piece = content[offset : offset + PIECE]
        assert await page.consult(upload[0], ["piece", number, offset, piece]) == {"size": offset + len(piece)}
    assert await page.consult(upload[0], ["end", number]) == {"size": len(content)}
    return number


async def place_of(page: Page) -> list[Any]:
    upload: list[Any] = (await page.form())["fields"][0]["upload"]
    return upload


@pytest.mark.parametrize("size", [0, 1000, MEMORY_BYTES, MEMORY_BYTES + 1, 3 * MEMORY_BYTES])
async def test_a_file_arrives_whole_and_lives_as_long_as_the_run(harness: AppHarness, size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    seen: list[Path] = []

    def main() -> object:
        file = file_upload("File")
        assert isinstance(file, UploadedFile)
        assert file._path is None or size > MEMORY_BYTES  # small ones are not on disk yet
        assert sorted(file) == ["content", "filename", "last_modified", "mime_type"]
        with file.open() as stream:
            assert stream.read() == content
        seen.append(file.path)
        defer_call(lambda: seen.append(file.path) if file.path.exists() else None)
        assert file["content"] == file.path.read_bytes() == content
        with file.open() as stream:
            assert stream.read() == content
        return file["filename"], file["mime_type"], file["last_modified"], file["content"] == content, file.size_bytes

    handle, page = await shown(harness, main)
    number = await send(page, await place_of(page), content, kind="text/x")
    await page.submit(_=[number])
    assert await result(harness, handle) == ("a.bin", "text/x", 12.5, True, size)
    await harness.until(lambda: not seen[0].parent.exists())
    assert len(seen) == 2  # it still was there in deferred functions


async def test_several_files_come_as_a_list_in_the_order_of_the_page(harness: AppHarness) -> None:
    def main() -> object:
        return [file["filename"] for file in input_group("", [file_upload("", name="f", multiple=True)])["f"]]

    handle, page = await shown(harness, main)
    place = await place_of(page)
    numbers = [await send(page, place, b"x", name) for name in ("a", "b", "c")]
    assert "f" in (await page.submit(f=[numbers[0], 999]))["errors"]
    await page.submit(f=[numbers[2], numbers[0]])
    assert await result(harness, handle) == ["c", "a"]


async def test_limits_are_kept_before_and_while_a_file_arrives(harness: AppHarness) -> None:
    def main() -> object:
        return file_upload("", accept=".png", max_size="2M", required=True)

    handle, page = await shown(harness, main)
    place = await place_of(page)
    assert "up to 2 MB" in (await begin(page, place, 3 * 2**20, "a.png"))["fault"]
    assert "another type" in (await begin(page, place, 3, "a.exe"))["fault"]
    assert "Please choose a file." in (await page.submit(_=[]))["errors"][""]

    lying = (await begin(page, place, 5, "a.png"))["file"]
    answer = await page.consult(place[0], ["piece", lying, 0, b"more than five"])
    assert "larger than it was said to be" in answer["fault"]

    liar = (await begin(page, place, 2 * 2**20, "a.png"))["file"]  # on disk
    for offset in range(0, 2 * 2**20, PIECE):
        await page.consult(place[0], ["piece", liar, offset, b"x" * PIECE])
    folder = folder_of(handle)
    assert names_in(folder) == [f"upload-{liar}"]
    assert "larger" in (await page.consult(place[0], ["piece", liar, 2 * 2**20, b"x"]))["fault"]
    await harness.until(lambda: names_in(folder) == [])

    short = (await begin(page, place, 5, "a.png"))["file"]
    assert "errors" in await page.submit(_=[short])  # it is not there whole
    assert "not sent whole" in (await page.consult(place[0], ["end", short]))["fault"]

    odd = (await begin(page, place, 5, "a.png"))["file"]
    assert "not sent whole" in (await page.consult(place[0], ["piece", odd, 3, b"x"]))["fault"]
    assert "not sent whole" in (await page.consult(place[0], ["piece", odd, 0, b"x"]))["fault"]  # it is gone
    huge = (await begin(page, place, 2 * 2**20, "a.png"))["file"]
    assert "not sent whole" in (await page.consult(place[0], ["piece", huge, 0, b"x" * (2 * 2**20 + 1)]))["fault"]


async def test_all_files_together_keep_to_a_limit(harness: AppHarness) -> None:
    def main() -> object:
        return file_upload("", multiple=True, max_total_size=10)

    _, page = await shown(harness, main)
    place = await place_of(page)
    first = await send(page, place, b"123456")
    assert "all files together" in (await begin(page, place, 5))["fault"]
    assert await page.consult(place[0], ["cancel", first]) == {}
    assert "file" in await begin(page, place, 5)


async def test_a_second_file_takes_the_place_of_the_first(harness: AppHarness) -> None:
    def main() -> object:
        file = file_upload("")
        return file["filename"]

    handle, page = await shown(harness, main)
    place = await place_of(page)
    first = await send(page, place, b"x" * (MEMORY_BYTES + 1), "first")
    second = await send(page, place, b"x", "second")
    folder = folder_of(handle)
    await harness.until(lambda: names_in(folder) == [])
    assert "errors" in await page.submit(_=[first])
    await page.submit(_=[second])
    assert await result(harness, handle) == "second"


async def test_what_was_sent_and_not_kept_is_deleted_with_its_form(harness: AppHarness) -> None:
    def main() -> None:
        assert file_upload("") is None
        hold()

    handle, page = await shown(harness, main)
    place = await place_of(page)
    await send(page, place, b"x" * (MEMORY_BYTES + 1))
    folder = folder_of(handle)
    assert len(names_in(folder)) == 1
    await page.submit(_=[])
    await harness.until(lambda: names_in(folder) == [])
    assert "no files any more" in (await begin(page, place, 1))["fault"]
    handle.session.close()
    await harness.until(lambda: not folder.exists())


async def test_a_file_that_the_program_has_outlives_its_successor(harness: AppHarness) -> None:
    def main() -> object:
        put_file_upload("f")
        first = pin.f
        while first is None:
            first = pin.f
        second = pin.f
        while second is None or second["filename"] == "first":
            second = pin.f
        return first["content"][:3], second["content"], first.path.exists()

    handle, page = await shown(harness, main, {"f": []})
    await harness.until(lambda: len(page.told("put")) == 1)
    place = page.told("put")[0][0][2]["field"]["upload"]
    page.values["f"] = [await send(page, place, b"abc" + b"x" * MEMORY_BYTES, "first")]
    await asyncio.sleep(0.05)
    page.values["f"] = [await send(page, place, b"def", "second")]
    assert await result(harness, handle) == (b"abc", b"def", True)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.png", "a.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\dir\\b.txt", "b.txt"),
        ("x\0\n.txt", "x.txt"),
        ("..", "file"),
        ("", "file"),
        ("grüße 😀.txt", "grüße 😀.txt"),
        ("a" * 300, "a" * 255),
    ],
)
def test_a_name_is_a_name_to_show(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def folder_of(handle: Any) -> Path:
    return Path(handle.session.run.page.part(Uploads)._folder.name)


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def test_many_small_files_do_not_fill_the_memory(harness: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "ALL_MEMORY_BYTES", 10)

    def main() -> object:
        return [file["content"] for file in file_upload("", multiple=True)]

    handle, page = await shown(harness, main)
    place = await place_of(page)
    numbers = [await send(page, place, each) for each in (b"123456", b"7890", b"x")]
    assert names_in(folder_of(handle)) == [f"upload-{numbers[2]}"]
    await page.submit(_=numbers)
    assert await result(harness, handle) == [b"123456", b"7890", b"x"]


async def test_what_is_no_report_of_a_file_is_refused(harness: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    def main() -> object:
        return file_upload("")

    handle, page = await shown(harness, main)
    place = await place_of(page)
    with caplog.at_level(logging.CRITICAL):
        for odd in (
            None,
            [],
            ["begin", "x"],
            ["begin", place[1], {}],
            ["begin", place[1], {"filename": "", "size": -1}],
        ):
            page.report(place[0], odd)
        assert "no files any more" in (await begin(page, [place[0], 99], 1))["fault"]
        assert "not sent whole" in (await page.consult(place[0], ["piece", 99, 0, b"x"]))["fault"]
    await page.submit(_=[])
    assert await result(harness, handle) is None
