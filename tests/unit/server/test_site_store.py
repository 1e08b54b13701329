"""deskapp/server/_site_store.py: what is on the disk, whatever happens."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from deskapp._publish import pack
from deskapp._publish_rules import SiteLimits
from deskapp.errors import ConfigError
from deskapp.server import _site_store
from deskapp.server._site_archive import SiteRefusal
from deskapp.server._site_store import PublishedApp, SiteStore, TokenHash

TOKEN = "a-secret-token"
OTHER = "another-token"

Publish = Callable[..., PublishedApp]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost little; one test looks at what they cost."""
    monkeypatch.setitem(_site_store._SCRYPT, "n", 2)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., SiteStore]]:
    stores: list[SiteStore] = []

    def make(**options: Any) -> SiteStore:
        limits = SiteLimits(max_apps=options.pop("max_apps", 3))
        for store in stores:
            store.close()
        stores.append(SiteStore(tmp_path / "site", limits, **options))
        return stores[-1]

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Callable[..., SiteStore]) -> SiteStore:
    return opened()


def publish(
    store: SiteStore, name: str = "clock", token: str = TOKEN, text: str = "hello", **options: Any
) -> PublishedApp:
    upload = store.new_upload()
    upload.write_bytes(pack({"index.html": text.encode(), f"{text}.js": b"1"}))
    try:
        return store.publish(name, token, upload, **options)
    finally:
        upload.unlink()


def shown(store: SiteStore, name: str = "clock") -> str:
    """The text of an app's page."""
    app = store.app(name)
    assert app is not None
    file = app.files["index.html"]
    return app.archive.read_bytes()[file.offset : file.offset + file.size].decode()


def on_disk(store: SiteStore) -> set[str]:
    return {
        path.relative_to(store.folder).as_posix()
        for path in store.folder.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_what_is_published_is_there_after_a_restart(store: SiteStore, opened: Callable[..., SiteStore]) -> None:
    first = publish(store)
    again = opened()
    assert again.app("clock") == first
    assert shown(again) == "hello"
    assert again.names() == ["clock"]


def test_of_the_token_only_a_salted_hash_is_kept(store: SiteStore) -> None:
    publish(store)
    publish(store, "other")
    assert not any(TOKEN.encode() in path.read_bytes() for path in store.folder.rglob("*") if path.is_file())
    hashes = [json.loads(path.read_text())["token"] for path in store.folder.rglob("app.json")]
    assert hashes[0] != hashes[1]


def test_a_hash_takes_long_enough_to_make_guessing_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert (_site_store._SCRYPT["n"], _site_store._SCRYPT["r"]) == (16384, 8)
    kept = TokenHash.of(TOKEN)
    assert kept.is_of(TOKEN)
    assert not kept.is_of(OTHER)
    assert (len(kept.salt), len(kept.hash)) == (32, 64)


def test_the_same_token_replaces_and_another_does_not(store: SiteStore) -> None:
    publish(store, text="old")
    before = on_disk(store)
    for name in ("clock", "Clock"):
        with pytest.raises(SiteRefusal, match="'clock' was published with another token") as caught:
            publish(store, name, OTHER, text="evil")
        assert caught.value.status == 403
    assert (shown(store), on_disk(store)) == ("old", before)
    publish(store, text="new")
    assert shown(store) == "new"


def test_names_are_one_in_whatever_case(store: SiteStore) -> None:
    publish(store, "Clock", text="old")
    assert publish(store, "cLOCK", text="new").name == "Clock"
    assert store.names() == ["Clock"]
    assert shown(store, "clock") == "new"


def test_a_check_that_no_longer_holds_is_made_again(store: SiteStore) -> None:
    checked = store.check_token("clock", OTHER)
    assert checked is None
    publish(store)  # somebody was first
    with pytest.raises(SiteRefusal, match="another token"):
        publish(store, token=OTHER, text="late", checked=checked)
    assert shown(store) == "hello"


def test_a_check_that_holds_is_not_made_again(store: SiteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(store)
    checked = store.check_token("clock", TOKEN)
    monkeypatch.setattr(TokenHash, "is_of", lambda *_: pytest.fail("checked twice"))
    assert publish(store, text="new", checked=checked).files.keys() == {"index.html", "new.js"}


def test_new_names_need_room(opened: Callable[..., SiteStore]) -> None:
    store = opened(max_apps=2)
    publish(store, "a")
    publish(store, "b")
    with pytest.raises(SiteRefusal, match="has its 2 apps") as caught:
        publish(store, "c")
    assert caught.value.status == 507
    assert publish(store, "a", text="new")


def test_a_closed_site_takes_known_names_only(store: SiteStore, opened: Callable[..., SiteStore]) -> None:
    publish(store)
    closed = opened(is_closed=True)
    with pytest.raises(SiteRefusal, match="no new names") as caught:
        publish(closed, "other")
    assert caught.value.status == 403
    assert publish(closed, text="new")


def test_the_publication_before_the_last_is_kept_for_readers_and_no_other(store: SiteStore) -> None:
    first, second, third = publish(store, text="1"), publish(store, text="2"), publish(store, text="3")
    assert store.before("clock") is second
    assert [app.archive.exists() for app in (first, second, third)] == [False, True, True]


# -- what goes wrong ---------------------------------------------------------------------------------------------------


def test_an_upload_that_is_refused_leaves_nothing(store: SiteStore) -> None:
    publish(store)
    before = on_disk(store)
    for name in ("clock", "new"):
        upload = store.new_upload()
        upload.write_bytes(pack({"index.html": b"x"})[:-1])
        with pytest.raises(SiteRefusal):
            store.publish(name, TOKEN, upload)
        upload.unlink()
    assert on_disk(store) == before
    assert store.names() == ["clock"]


@pytest.mark.parametrize("name", ["clock", "new"])
@pytest.mark.parametrize("step", ["rewrite", "replace", "atomic_write"])
def test_a_disk_that_fails_leaves_the_old_one(
    store: SiteStore, monkeypatch: pytest.MonkeyPatch, step: str, name: str
) -> None:
    publish(store)
    before = on_disk(store)

    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os if step == "replace" else _site_store, step, fails)
    with pytest.raises(SiteRefusal, match="could not store it") as caught:
        publish(store, name, text="new")
    monkeypatch.undo()
    assert caught.value.status == 507
    assert on_disk(store) == before
    assert (shown(store), store.names()) == ("hello", ["clock"])


CRASH = """
import os, sys
from pathlib import Path
from deskapp._publish_rules import SiteLimits
from deskapp.server import _site_store
from deskapp.server._site_store import SiteStore
folder, upload, step, name = sys.argv[1:]
_site_store._SCRYPT["n"] = 2
store = SiteStore(Path(folder), SiteLimits())
store.new_upload().write_bytes(b"half an upload of somebody else")
where, what = (_site_store.os, "replace") if step == "replace" else (_site_store, step)
original = getattr(where, what)
def dies(*arguments, **options):
    if step == "atomic_write":
        original(Path(str(arguments[0]) + ".left"), b"half")
    if step == "_sync":
        dies.times += 1
        if dies.times < 2:
            return original(*arguments)
    os._exit(9)
dies.times = 0
setattr(where, what, dies)
store.publish(name, "a-secret-token", Path(upload))
"""


@pytest.mark.parametrize("name", ["clock", "new"])
@pytest.mark.parametrize("step", ["rewrite", "replace", "atomic_write", "_sync"])
def test_after_a_crash_the_old_one_or_the_new_one_is_there_whole(
    store: SiteStore, opened: Callable[..., SiteStore], tmp_path: Path, step: str, name: str
) -> None:
    publish(store, text="old")
    store.close()
    upload = tmp_path / "upload"
    upload.write_bytes(pack({"index.html": b"new"}))
    command = [sys.executable, "-c", CRASH, str(store.folder), str(upload), step, name]
    died = subprocess.run(command, env={**os.environ, "PYTHONPATH": os.getcwd()}, timeout=20, check=False)
    assert died.returncode == 9
    assert len(on_disk(store)) > 3
    again = opened()
    done = step == "_sync"  # the moment after app.json was replaced
    assert again.names() == (["clock", "new"] if done and name == "new" else ["clock"])
    assert shown(again, "clock") == ("new" if done and name == "clock" else "old")
    assert len(on_disk(again)) == 1 + 2 * len(again.names())


def test_readers_meet_the_old_or_the_new_one_and_nothing_between(store: SiteStore) -> None:
    publish(store, text="0")
    seen: set[tuple[str, ...]] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            app = store.app("clock")
            assert app is not None
            try:
                whole = app.archive.read_bytes()
            except FileNotFoundError:  # replaced twice since it was asked for: a request is told to come again
                continue
            file = app.files["index.html"]
            text = whole[file.offset : file.offset + file.size].decode()
            seen.add((text, *sorted(app.files)))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 20):
        publish(store, text=str(number))
    done.set()
    reader.join(5)
    assert not reader.is_alive()
    assert len(seen) > 1
    assert all(files == (f"{text}.js", "index.html") for text, *rest in seen for files in [tuple(rest)])


def test_publications_at_once_come_one_after_the_other(store: SiteStore) -> None:
    outcomes: list[str] = []

    def send(token: str) -> None:
        try:
            publish(store, token=token, text=token)
            outcomes.append(token)
        except SiteRefusal as refusal:
            outcomes.append(str(refusal.status))

    tokens = [f"token-of-{number}" for number in range(6)]
    threads = [threading.Thread(target=send, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(outcomes)[:5] == ["403"] * 5
    assert shown(store) == sorted(outcomes)[5]


# -- the folder --------------------------------------------------------------------------------------------------------


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(ConfigError, match="it holds something else"):
        SiteStore(tmp_path, SiteLimits())
    assert (tmp_path / "incoming" / "letter.txt").read_text(encoding="utf-8") == "dear"
    assert [path.name for path in tmp_path.iterdir()] == ["incoming"]


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 2}', "hello"])
def test_a_folder_of_another_version_is_left_alone(tmp_path: Path, text: str) -> None:
    (tmp_path / "deskapp-site.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="not one that this version of deskapp knows"):
        SiteStore(tmp_path, SiteLimits())


def test_one_process_has_the_folder(store: SiteStore) -> None:
    with pytest.raises(ConfigError, match="another `deskapp site` works with it"):
        SiteStore(store.folder, SiteLimits())


def test_a_path_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ConfigError, match="cannot be used"):
        SiteStore(tmp_path / "file", SiteLimits())


@pytest.mark.skipif(os.name != "posix", reason="bits of permission are of Unix")
def test_the_folder_is_its_owners_alone(store: SiteStore) -> None:
    publish(store)
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in store.folder.rglob("app.json")} == {0o600}


@pytest.mark.parametrize("spoil", ["no json", "{}", '{"name": "other"}', "short archive", "no archive"])
def test_damage_is_told_and_gives_the_name_to_nobody(
    store: SiteStore, opened: Callable[..., SiteStore], spoil: str
) -> None:
    app = publish(store)
    store.close()
    record = app.archive.with_name("app.json")
    if spoil == "no archive":
        app.archive.unlink()
    elif spoil == "short archive":
        app.archive.write_bytes(b"PK")
    else:
        whole = json.loads(record.read_text(encoding="utf-8"))
        whole.update(json.loads(spoil) if spoil.startswith('{"') else {})
        record.write_text(json.dumps(whole) if spoil.startswith('{"') else spoil, encoding="utf-8")
    with pytest.raises(ConfigError, match="damaged") as caught:
        opened()
    assert str(app.archive.parent) in str(caught.value)
    assert record.exists()
