"""Files over HTTP: ranges, what browsers may keep, and what they may not."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest

from deskapp import App
from deskapp.server import _files
from deskapp.testing import AppHarness
from tests.integration.sockets import Reply, get
from tests.unit.server.test_handlers import base
from tests.unit.session.classes import Main

CONTENT = bytes(range(256)) * 4
TAG = hashlib.sha256(CONTENT).hexdigest()[:32]


@pytest.fixture
def film(app: AppHarness) -> str:
    """The address of a session's data."""
    url = app.serve(Main)
    return base(url) + app.session(Main).add_data("film.mp4", CONTENT)


async def part(url: str, wanted: str, **headers: str) -> Reply:
    return await get(url, headers={"Range": wanted, **{name.replace("_", "-"): text for name, text in headers.items()}})


@pytest.mark.parametrize(
    ("wanted", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 1024),
        ("bytes=1000-", 1000, 1024),
        ("bytes=10-19", 10, 20),
        ("bytes=1020-99999", 1020, 1024),
        ("bytes=-24", 1000, 1024),
        ("bytes=-99999", 0, 1024),
        ("Bytes = 5 - 6", 5, 7),
    ],
)
async def test_a_part_is_answered_as_a_part(film: str, wanted: str, start: int, stop: int) -> None:
    reply = await part(film, wanted)
    assert (reply.code, reply.body) == (206, CONTENT[start:stop])
    assert reply.headers["Content-Range"] == f"bytes {start}-{stop - 1}/1024"
    assert reply.headers["Content-Length"] == str(stop - start)
    assert reply.headers["Content-Type"] == "video/mp4"
    assert reply.headers["Etag"] == f'"{TAG}"'


@pytest.mark.parametrize("wanted", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
async def test_a_part_that_is_not_there_is_refused_with_the_size(film: str, wanted: str) -> None:
    reply = await part(film, wanted)
    assert reply.code == 416
    assert reply.headers["Content-Range"] == "bytes */1024"
    assert reply.headers["Cache-Control"] == "no-store"
    assert "sandbox" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "wanted",
    ["", "bytes", "bytes=", "bytes=-", "bytes=9-5", "bytes=a-b", "lines=0-1", "bytes=0-1,5-6", "bytes=0-" + "9" * 40],
)
async def test_what_makes_no_sense_and_several_parts_are_answered_with_the_whole(film: str, wanted: str) -> None:
    reply = await part(film, wanted)
    assert (reply.code, reply.body) == (200, CONTENT)
    assert "Content-Range" not in reply.headers


async def test_a_part_counts_only_while_the_file_is_the_same(film: str) -> None:
    assert (await part(film, "bytes=0-9", If_Range=f'"{TAG}"')).code == 206
    for other in ('"other"', f'W/"{TAG}"', "Wed, 21 Oct 2015 07:28:00 GMT", TAG):
        reply = await part(film, "bytes=0-9", If_Range=other)
        assert (reply.code, reply.body) == (200, CONTENT)


async def test_a_file_without_content_has_no_parts(app: AppHarness, film: str) -> None:
    address = base(film) + app.session(Main).add_data("empty.bin", b"")
    reply = await get(address)
    assert (reply.code, reply.body, reply.headers["Content-Length"]) == (200, b"", "0")
    assert (await part(address, "bytes=0-")).code == 416
    assert (await part(address, "bytes=-5")).code == 416


async def test_head_tells_what_get_would(film: str) -> None:
    reply = await get(film, method="HEAD")
    assert (reply.code, reply.body, reply.headers["Content-Length"]) == (200, b"", "1024")
    assert (reply.headers["Etag"], reply.headers["Accept-Ranges"]) == (f'"{TAG}"', "bytes")
    assert (await get(film, method="HEAD", headers={"Range": "bytes=0-1"})).code == 200


async def test_a_large_file_travels_in_pieces(app: AppHarness, film: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_files, "PIECE_BYTES", 1000)
    content = CONTENT * 50
    address = base(film) + app.session(Main).add_data("large.bin", content)
    assert (await get(address)).body == content
    assert (await part(address, "bytes=999-30000")).body == content[999:30001]


# -- what browsers keep


@pytest.mark.parametrize("known", ['"{tag}"', 'W/"{tag}"', '"x", "{tag}"', "*"])
async def test_what_the_browser_has_is_not_sent_again(film: str, known: str) -> None:
    reply = await get(film, headers={"If-None-Match": known.format(tag=TAG), "Range": "bytes=0-1"})
    assert (reply.code, reply.body) == (304, b"")
    assert reply.headers["Etag"] == f'"{TAG}"'
    assert reply.headers["Cache-Control"] == "private, no-cache"


async def test_data_that_was_replaced_is_sent_anew(app: AppHarness) -> None:
    url = app.serve(Main)
    session = app.session(Main)
    address = base(url) + session.add_data("x.txt", b"one")
    tag = (await get(address)).headers["Etag"]
    assert (await get(address, headers={"If-None-Match": tag})).code == 304
    session.add_data("x.txt", b"two")
    reply = await get(address, headers={"If-None-Match": tag})
    assert (reply.code, reply.body) == (200, b"two")
    session.remove_data("x.txt")
    assert (await get(address)).code == 404


async def test_shared_files_have_tags_too(app: AppHarness) -> None:
    url = app.serve(Main)
    for name in (
        app.launcher.store.add_shared_asset("lib.js", "var lib = 'ü';"),
        app.launcher.store.add_shared_data("d.bin", CONTENT),
    ):
        first = await get(url + name)
        assert (await get(url + name, headers={"If-None-Match": first.headers["Etag"]})).code == 304
        assert (await part(url + name, "bytes=2-5")).body == first.body[2:6]


async def test_who_asks_with_the_tag_need_never_ask_again(app: AppHarness, film: str) -> None:
    reply = await get(f"{film}?h={TAG}")
    assert (reply.code, reply.body) == (200, CONTENT)
    assert reply.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    for wrong in ("0" * 32, "", TAG[:-1], "ü"):
        assert (await get(f"{film}?h={wrong}")).headers["Cache-Control"] == "private, no-cache"


async def test_a_data_of_a_session_hides_the_shared_one_of_its_name(app: AppHarness, film: str) -> None:
    session = app.session(Main)
    app.launcher.store.add_shared_data("same.bin", b"shared")
    address = f"{base(film)}/_a/{session.asset_key}/data/same.bin"
    shared = await get(address)
    session.add_data("same.bin", b"own")
    own = await get(address, headers={"If-None-Match": shared.headers["Etag"]})
    assert (shared.body, own.code, own.body) == (b"shared", 200, b"own")


async def test_an_asset_that_lies_elsewhere_and_cannot_be_had_is_said_to_be_so(app: AppHarness, caplog: Any) -> None:
    url = app.serve(Main)
    name = app.launcher.store.add_shared_asset("http://127.0.0.1:9/lib.js")
    reply = await get(url + name)
    assert (reply.code, reply.body) == (502, b"502 Bad Gateway\n")
    assert "lib.js" in caplog.text


async def test_a_player_that_goes_away_is_no_error(app: AppHarness, film: str, caplog: Any) -> None:
    import asyncio

    address = base(film) + app.session(Main).add_data("huge.bin", bytes(32 * 2**20))
    host, port = address.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /{address.split('/', 3)[3]} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    await reader.readexactly(1000)
    writer.transport.abort()
    assert (await get(film)).code == 200
    assert [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")] == []


# -- icons

PNG = bytes.fromhex("89504e470d0a1a0a")


async def test_a_page_names_its_apps_icon_and_the_server_has_it(app: AppHarness, tmp_path: Path) -> None:
    (tmp_path / "clock.PNG").write_bytes(PNG)
    url = app.serve(Main, icon=tmp_path / "clock.PNG")
    assert b'<link rel="icon" href="/_icon/Main/">' in (await get(url)).body
    reply = await get(f"{base(url)}/_icon/Main/")
    assert (reply.code, reply.body, reply.headers["Content-Type"]) == (200, PNG, "image/png")
    assert (await get(f"{base(url)}/_icon/Main/", headers={"If-None-Match": reply.headers["Etag"]})).code == 304


async def test_the_main_app_has_an_icon_too(app: AppHarness, tmp_path: Path) -> None:
    (tmp_path / "clock.svg").write_text("<svg/>")
    App(Main, icon=tmp_path / "clock.svg").serve("")
    url = base(app.launcher.server.url("/"))
    assert b'href="/_icon/"' in (await get(f"{url}/")).body
    assert (await get(f"{url}/_icon/")).headers["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("name", ["none.png", "notes.txt", "mac.icns"])
async def test_an_icon_that_no_browser_shows_is_not_named(app: AppHarness, tmp_path: Path, name: str) -> None:
    (tmp_path / "notes.txt").write_text("secret")
    (tmp_path / "mac.icns").write_bytes(b"icns")
    url = app.serve(Main, icon=tmp_path / name)
    assert b'<link rel="icon" href="data:,">' in (await get(url)).body
    assert (await get(f"{base(url)}/_icon/Main/")).code == 404


async def test_an_icon_of_nobody_is_not_found(app: AppHarness) -> None:
    url = base(app.serve(Main))
    assert [(await get(f"{url}/_icon{path}")).code for path in ("/", "/Other/", "/../Main/", "")] == [404] * 4
