"""deskapp/_export.py: what is in an export, and what becomes of the folder that it is written to."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import deskapp
from deskapp import App, JsComponent, PyComponent, event
from deskapp import app as program
from deskapp.assets import AssetStore
from deskapp.errors import (
    AssetMissing,
    ConfigError,
    DeskappError,
    ExportFailed,
    SessionClosedException,
)
from deskapp.event import current_loop
from deskapp.testing import AppHarness
from tests.arch.house import ask_fresh_interpreter
from tests.static_server import serving
from tests.unit.session.classes import Label

PNG = bytes(range(256))


@pytest.fixture
def app() -> Iterator[AppHarness]:
    with AppHarness() as harness:
        yield harness


@pytest.fixture
def store(app: AppHarness) -> AssetStore:
    found: AssetStore = program.assets
    return found


class Leaf(JsComponent):
    CSS = ".leaf {}"

    text = event.StringProp("", settable=True)

    @event.action
    def fetch(self, url):  # type: ignore[no-untyped-def]
        self.session.fetch_data(url)


class Tree(PyComponent):
    name = event.StringProp("oak", settable=True)
    count = event.IntProp(0, settable=True)

    def init(self, *data: bytes) -> None:
        self.leaf = Leaf(text="green")
        self.urls = [self.session.add_data(f"blobs/{n} .bin", blob) for n, blob in enumerate(data)]
        self.set_count(3)

    @event.reaction("count")
    def react(self, *events: object) -> None:
        self.leaf.set_text(f"counted {self.count}")


def replayed(html: bytes) -> dict[str, Any]:
    """What the page is told."""
    found = re.search(r"deskapp\.replay\((.*)\);</script>", html.decode())
    assert found is not None
    record: dict[str, Any] = json.loads(found.group(1))
    return record


def told(files: dict[str, bytes]) -> list[list[Any]]:
    """The messages in the page."""
    frames = replayed(files[list(files)[-1]])["frames"]
    return [message for frame in frames for message in json.loads(frame)[2]]


# What a dump is


def test_a_dump_has_a_page_named_after_the_class(app: AppHarness) -> None:
    files = App(Tree).dump()
    assert [name for name in files if name.endswith(".html")] == ["tree.html"]
    assert all(isinstance(content, bytes) for content in files.values())


def test_a_served_app_is_named_after_its_address_and_the_main_app_is_the_index(app: AppHarness) -> None:
    one, main = App(Tree), App(Tree)
    one.serve("Forest")
    main.serve("")
    assert list(one.dump())[-1] == "forest.html"
    assert list(main.dump())[-1] == "index.html"


@pytest.mark.parametrize("fname", ["a.html", "b.htm", "c.hta"])
def test_the_page_may_have_another_name(app: AppHarness, fname: str) -> None:
    assert fname in App(Tree).dump(fname)


@pytest.mark.parametrize(
    "fname", ["a", "a.txt", "", ".html", "a.html/", "x/a.html", "x\\a.html", "a\0.html", "..html/"]
)
def test_what_can_be_no_page(app: AppHarness, fname: str) -> None:
    with pytest.raises(ConfigError, match="filename"):
        App(Tree).dump(fname)


def test_a_name_is_text(app: AppHarness) -> None:
    with pytest.raises(TypeError, match="is a str"):
        App(Tree).dump(3)  # type: ignore[arg-type]


@pytest.mark.parametrize("link", [-1, 4, None, "2"])
def test_there_are_four_ways_to_link(app: AppHarness, link: Any) -> None:
    with pytest.raises(ConfigError, match="0, 1, 2 or 3"):
        App(Tree).dump(link=link)


def test_the_page_is_told_what_python_made_and_did(app: AppHarness) -> None:
    messages = told(App(Tree, name="elm").dump())
    kinds = [message[0] for message in messages]
    assert kinds[-1] == "READY"
    assert {"DEFINE", "CALL", "CLOSE", "DISPOSE"}.isdisjoint(kinds)
    made = {message[1]: message for message in messages if message[0] == "INSTANTIATE"}
    assert made["Tree_1"][5]["name"] == "elm"
    assert made["Leaf_2"][5] == {"text": "green"}
    assert ["EMIT", "Tree_1", "count", "set", 3, -1] in messages
    assert ["INVOKE", "Leaf_2", "set_text", ["counted 3"], 0] in messages


def test_the_session_is_named_after_the_page(app: AppHarness) -> None:
    class Names(PyComponent):
        def init(self) -> None:
            ids.append(self.session.id)

    ids: list[str] = []
    record = replayed(App(Names).dump("some page.html")["some page.html"])
    assert (record["session_id"], record["app_name"], ids) == ("some page", "Names", ["some page"])


def test_two_dumps_are_equal_whatever_was_done_before(app: AppHarness) -> None:
    first = App(Tree, b"1").dump()
    App(Tree).launch()
    App(Leaf).dump()
    assert App(Tree, b"1").dump() == first


DUMP = """
import base64, hashlib, json, sys
sys.path.insert(0, sys.argv[1])
from deskapp import App
from dumped_app import Main
files = App(Main, c=1, a=2, b=3).dump()
print(json.dumps({path: hashlib.sha256(content).hexdigest() for path, content in files.items()}))
"""


def test_dumps_of_two_processes_are_equal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dumped_app.py").write_text(
        "from deskapp import JsComponent, PyComponent, app, event\n"
        "app.assets.associate_asset(__name__, 'lib.js', 'window.lib = 1')\n"
        "app.assets.add_shared_data('d', b'1')\n"
        "class Leaf(JsComponent):\n    a = event.IntProp(); b = event.IntProp(); c = event.IntProp()\n"
        "class Main(PyComponent):\n    a = event.IntProp(); b = event.IntProp(); c = event.IntProp()\n"
        "    def init(self):\n        Leaf(b=1, a=2)\n",
        encoding="utf-8",
    )
    dumps = []
    for seed in ("1", "2"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        dumps.append(ask_fresh_interpreter(DUMP, str(tmp_path)))
    assert dumps[0] == dumps[1]
    assert "main.html" in dumps[0]


def test_a_dump_registers_nothing_and_starts_nothing(app: AppHarness) -> None:
    before = threading.active_count()
    application = App(Tree)
    application.dump()
    assert not application.is_served
    assert program.manager.sessions == []
    assert program.manager.get_app_names() == []
    assert threading.active_count() == before


def test_the_components_of_a_dump_end_with_it(app: AppHarness) -> None:
    class Ends(PyComponent):
        def init(self) -> None:
            made.append(self)

    made: list[Any] = []
    App(Ends).dump()
    assert made[0]._disposed
    assert made[0].session.status == 0


def test_an_app_can_be_dumped_from_inside_an_action(app: AppHarness) -> None:
    class Button(PyComponent):
        @event.action
        def press(self) -> None:
            got.append(App(Tree).dump())

    got: list[dict[str, bytes]] = []
    button = app.launch(Button)
    button.press()
    app.settle()
    assert got == [App(Tree).dump()]


def test_what_waits_in_the_programs_own_loop_goes_on_waiting(app: AppHarness) -> None:
    calls: list[int] = []
    current_loop().call_soon(calls.append, 1)
    App(Tree).dump()
    assert calls == []
    app.settle()
    assert calls == [1]


def test_an_app_that_never_rests_is_dumped_as_it_is_after_a_while(
    app: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    class Restless(PyComponent):
        n = event.IntProp(0, settable=True)

        @event.reaction("n")
        def more(self, *events: object) -> None:
            self.set_n(self.n + 1)

    assert ["READY"] in told(App(Restless).dump())
    assert "Restless never comes to rest" in caplog.text


def test_coroutines_do_not_run_in_a_dump_which_says_so(app: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    class Waits(PyComponent):
        def init(self) -> None:
            self.later()

        @event.action
        async def later(self) -> None:
            ran.append(1)

    ran: list[int] = []
    App(Waits).dump()
    app.settle()
    assert ran == []
    assert "what 1 of Waits would do is not in the page" in caplog.text


def test_an_app_that_cannot_be_made_is_not_dumped(app: AppHarness) -> None:
    class Fails(PyComponent):
        def init(self) -> None:
            sessions.append(self.session)
            raise ZeroDivisionError("by intent")

    class Leaves(PyComponent):
        def init(self) -> None:
            self.session.close()

    sessions: list[Any] = []
    with pytest.raises(ZeroDivisionError):
        App(Fails).dump()
    assert sessions[0].status == 0
    with pytest.raises(DeskappError, match="closed its session"):
        App(Leaves).dump()


def test_what_needs_python_is_named_once(app: AppHarness, caplog: pytest.LogCaptureFixture) -> None:
    App(Tree).dump()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == [
        "Actions and reactions of Tree need Python; the exported page has none."
    ]
    caplog.clear()
    App(Leaf).dump()
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


# Links


def elements(files: dict[str, bytes]) -> list[str]:
    """The script and style elements of the page, without what is in them."""
    found = re.findall(r"<(?:script|link|style)[^>]*>", files[list(files)[-1]].decode())
    return [element for element in found if "data:" not in element]  # no icon


def test_embedded_an_app_without_data_is_one_document(app: AppHarness) -> None:
    for link in (0, 1):
        files = App(Tree).dump(link=link)
        assert list(files) == ["tree.html"]
        assert not [tag for tag in elements(files) if "src=" in tag or "href=" in tag]


def test_linked_every_asset_is_a_file_named_by_its_content(app: AppHarness) -> None:
    for link in (2, 3):
        files = App(Tree).dump(link=link)
        linked = re.findall(r'(?:src|href)="(deskapp/[^"]+)"', files["tree.html"].decode())
        assert sorted(linked) == sorted(set(files) - {"tree.html"})
        assert [re.sub(r"-[0-9a-f]{16}\.", "-HASH.", name.rpartition("/")[2]) for name in linked] == [
            "deskapp-client-HASH.css",
            "tests.unit.test_export-HASH.css",
            "deskapp-client-HASH.js",
            "tests.unit.test_export-HASH.js",
        ]


def test_only_what_the_page_says_is_in_its_policy(app: AppHarness) -> None:
    page = App(Tree, csp=deskapp.Csp(eval=True)).dump(link=0)["tree.html"].decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.group(1).replace("&#x27;", "'").split("; "))
    assert len(re.findall("'sha256-", rules["script-src"])) == 3  # client, module, what Python said
    assert len(re.findall("'sha256-", rules["style-src"])) == 2
    assert rules["script-src"].endswith("'unsafe-eval'")
    assert "file:" not in rules["script-src"]
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert "frame-ancestors" not in rules  # browsers complain of it in a page


@pytest.fixture
def remote(store: AssetStore, tmp_path: Path) -> Iterator[str]:
    """The address of a library that this module's classes need."""
    (tmp_path / "far.js").write_text("window.far = 1;", encoding="utf-8")
    with serving(tmp_path) as address:
        store.associate_asset(__name__, f"{address}/far.js")
        yield f"{address}/far.js"


def test_remote_assets_are_fetched_or_stay_remote(app: AppHarness, remote: str) -> None:
    pages = [App(Tree).dump(link=link) for link in range(4)]
    where = [[tag for tag in elements(files) if 'id="far.js"' in tag] for files in pages]
    assert where[0] == ['<script id="far.js">']
    assert where[1] == where[3] == [f'<script src="{remote}" id="far.js">']
    [copy] = [name for name in pages[2] if "/far-" in name]
    assert where[2] == [f'<script src="{copy}" id="far.js">']
    assert pages[2][copy] == b"window.far = 1;"
    assert b"window.far = 1;" in pages[0]["tree.html"]
    for linked in (pages[1], pages[3]):
        assert f" {remote} " in linked["tree.html"].decode()  # the policy names it
        assert not [name for name in linked if "far" in name]


def test_a_remote_asset_is_fetched_once_for_all_exports(app: AppHarness, remote: str, tmp_path: Path) -> None:
    first = App(Tree).dump()
    (tmp_path / "far.js").unlink()
    assert App(Tree).dump() == first
    assert b"window.far" in App(Tree).dump(link=0)["tree.html"]


def test_a_remote_asset_that_is_not_there_is_named_with_its_address(store: AssetStore, tmp_path: Path) -> None:
    with serving(tmp_path) as address:
        store.associate_asset(__name__, f"{address}/none.js")
        for link in (0, 2):
            with pytest.raises(AssetMissing, match=rf"'none.js'.*{address}/none.js cannot be read"):
                App(Tree).export(tmp_path / "out" / "x.html", link=link)
        assert not (tmp_path / "out").exists()
        App(Tree).dump(link=1)
        App(Tree).dump(link=3)


# Assets and data


def test_assets_of_modules_that_the_page_does_not_use_are_not_made(store: AssetStore) -> None:
    def never() -> str:
        raise AssertionError("it is not used")

    store.associate_asset("another.module", "unused.js", never)
    store.associate_asset("another.module", "http://127.0.0.1:1/unused.css")
    store.add_shared_asset("unused2.js", never)
    assert not [name for name in App(Tree).dump() if "unused" in name]


def test_functions_that_make_the_text_of_used_assets_are_called_once(store: AssetStore) -> None:
    calls: list[int] = []

    def source() -> str:
        calls.append(1)
        return "window.lazy = 1;"

    store.associate_asset(__name__, "lazy.js", source)
    assert b"window.lazy" in App(Tree).dump(link=0)["tree.html"]
    assert [content for name, content in App(Tree).dump().items() if "/lazy-" in name] == [b"window.lazy = 1;"]
    assert calls == [1]


def test_shared_assets_are_at_the_address_that_was_given_out(store: AssetStore) -> None:
    assert store.add_shared_asset("workers/one.js", "1") in App(Tree).dump(link=2)
    assert "deskapp/assets/shared/workers/one.js" not in App(Tree).dump(link=1)
    url = store.add_shared_asset("workers/a b.js", lambda: "2")
    for link in range(4):  # a page that was given the address needs the file, however else its assets come
        assert App(Leaf, text=url).dump(link=link)["deskapp/assets/shared/workers/a b.js"] == b"2"


def test_what_the_page_loads_itself_is_there_once(store: AssetStore) -> None:
    url = store.associate_asset(__name__, "lib.js", "window.lib = 1;")
    names = [name for name in App(Tree).dump() if "lib" in name]
    assert [re.sub("[0-9a-f]{16}", "HASH", name) for name in names] == ["deskapp/assets/shared/lib-HASH.js"]
    assert url in App(Leaf, text=url).dump()  # unless its address was given out as well


def test_assets_that_a_session_ignores_are_left_out(store: AssetStore) -> None:
    class Ignores(PyComponent):
        def init(self) -> None:
            self.session.assets_to_ignore.add("lib.js")
            Label()

    store.associate_asset(Label.__module__, "lib.js", "window.lib = 1;")
    assert b"window.lib" in App(Label).dump(link=0)["label.html"]
    assert b"window.lib" not in App(Ignores).dump(link=0)["ignores.html"]


def test_data_is_in_every_dump_at_the_address_that_was_given_out(store: AssetStore) -> None:
    shared = store.add_shared_data("icons/x.png", PNG)
    for link in range(4):
        files = App(Tree, b"one", PNG).dump("wood.html", link=link)
        assert files[shared] == PNG
        assert files["deskapp/data/wood/blobs/0 .bin"] == b"one"
        assert files["deskapp/data/wood/blobs/1 .bin"] == PNG


def test_session_data_has_a_relative_address(app: AppHarness) -> None:
    class Shows(PyComponent):
        def init(self) -> None:
            Leaf(text=self.session.add_data("a b.png", PNG))

    assert ["text", "deskapp/data/shows/a%20b.png"] in [
        list(item) for message in told(App(Shows).dump()) if message[0] == "INSTANTIATE" for item in message[5].items()
    ]


def test_a_page_called_shared_keeps_its_data_apart(store: AssetStore) -> None:
    store.add_shared_data("blobs/0 .bin", b"shared")
    files = App(Tree, b"own").dump("shared.html")
    assert files["deskapp/data/shared/blobs/0 .bin"] == b"shared"
    assert files["deskapp/data/shared-page/blobs/0 .bin"] == b"own"


def test_data_is_in_the_page_as_well_if_its_code_fetches_any(store: AssetStore) -> None:
    store.add_shared_data("s", b"shared")
    assert replayed(App(Tree, b"own").dump()["tree.html"])["data"] == {
        "deskapp/data/tree/blobs/0%20.bin": "b3du",
        "deskapp/data/shared/s": "c2hhcmVk",
    }
    assert replayed(App(PyComponent).dump()["pycomponent.html"])["data"] == {}


@pytest.mark.parametrize("name", ["/etc/passwd", r"..\..\etc", "../../etc/passwd", "a?b"])
def test_data_whose_name_can_be_no_file_is_refused(app: AppHarness, name: str) -> None:
    class Escapes(PyComponent):
        def init(self) -> None:
            self.session.add_data(name, b"")

    with pytest.raises(ValueError, match="cannot be"):
        App(Escapes).dump()


def test_binary_values_are_in_the_page(app: AppHarness) -> None:
    class Bytes(PyComponent):
        blob = event.AnyProp(None, settable=True)

    record = replayed(App(Bytes, blob=PNG * 5000).dump()["bytes.html"])
    assert any(isinstance(frame, dict) for frame in record["frames"])


def test_text_cannot_end_the_script(app: AppHarness) -> None:
    page = App(Leaf, text="</script><script>alert(1)</script><!-- \u2028").dump(link=0)["leaf.html"].decode()
    assert "alert(1)" in page
    assert "<script>alert" not in page
    assert page.count("</script>") == 4 - 1  # client, module, what Python said


async def test_who_asks_the_page_of_a_dump_gets_an_error(app: AppHarness) -> None:
    class Asks(PyComponent):
        def init(self) -> None:
            asked.append(asyncio.ensure_future(self.session.eval_js("1 + 1")))

    asked: list[asyncio.Future[object]] = []
    assert "CALL" not in [message[0] for message in told(App(Asks).dump())]
    with pytest.raises(SessionClosedException):
        await asked[0]


class Twin(program.Model):  # type: ignore[misc, name-defined, unused-ignore]
    """Of the older kind, which has a half on each side and sends data to it."""

    class Both:
        @event.prop
        def level(self, v: int = 1) -> int:
            return int(v)

    def init(self) -> None:
        self.send_data(b"12345", {"name": "x"})
        self.send_data(self.session.add_data("kept", b"67"))


def test_data_that_a_model_hands_over_is_in_the_page_alone(app: AppHarness) -> None:
    files = App(Twin, level=5).dump(link=0)
    assert list(files) == ["deskapp/data/twin/kept", "twin.html"]
    assert replayed(files["twin.html"])["data"] == {
        "deskapp/data/twin/Twin_1-1": "MTIzNDU=",
        "deskapp/data/twin/kept": "Njc=",
    }
    assert App(Twin, level=5).dump(link=0) == files


# .hta


def test_an_hta_has_its_header_and_a_text_for_engines_that_are_too_old(app: AppHarness) -> None:
    page = App(Tree).dump("tree.hta")["tree.hta"].decode()
    assert '<hta:application applicationname="Tree"' in page
    assert '<meta http-equiv="x-ua-compatible" content="ie=edge">' in page
    assert "engine of HTML Applications is too old" in page
    assert page.index("noModule") < page.index("deskapp-client.js")
    assert "hta:" not in App(Tree).dump()["tree.html"].decode()


# Writing


def test_a_page_is_written_with_its_folders(app: AppHarness, tmp_path: Path) -> None:
    App(Tree, b"1").export(str(tmp_path / "a" / "b" / "wood.html"))
    written = {str(path.relative_to(tmp_path / "a" / "b")) for path in (tmp_path / "a").rglob("*") if path.is_file()}
    assert written == set(App(Tree, b"1").dump("wood.html"))
    assert stat.S_IMODE((tmp_path / "a" / "b" / "wood.html").stat().st_mode) & 0o444 == 0o444


@pytest.mark.parametrize("name", ["there", "new", "new/", "dotted.folder/", "deep/er"])
def test_a_folder_gets_a_page_named_after_the_class(app: AppHarness, tmp_path: Path, name: str) -> None:
    (tmp_path / "there").mkdir()
    App(Tree).export(f"{tmp_path}/{name}")
    assert (tmp_path / name / "tree.html").is_file()


def test_a_folder_with_a_dot_is_one_if_it_exists(app: AppHarness, tmp_path: Path) -> None:
    (tmp_path / "v1.0").mkdir()
    App(Tree).export(tmp_path / "v1.0")
    assert (tmp_path / "v1.0" / "tree.html").is_file()


def test_a_tilde_is_the_users_home(app: AppHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    App(Tree).export("~/out/x.html")
    assert (tmp_path / "out" / "x.html").is_file()


def test_a_bare_name_goes_into_the_present_folder(
    app: AppHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    App(Tree).export("x.html")
    assert (tmp_path / "x.html").is_file()


def test_places_that_are_none(app: AppHarness, tmp_path: Path) -> None:
    for place in ("", tmp_path / "x.txt", tmp_path / "x.html.gz"):
        with pytest.raises(ConfigError, match="filename"):
            App(Tree).export(place)
    with pytest.raises(TypeError, match="str or a Path"):
        App(Tree).export(3)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_files_that_exist_are_replaced_or_left_alone(app: AppHarness, tmp_path: Path) -> None:
    page = tmp_path / "tree.html"
    page.write_text("old", encoding="utf-8")
    App(Tree).export(tmp_path, overwrite=False)
    assert page.read_text(encoding="utf-8") == "old"
    assert (tmp_path / "deskapp").is_dir()
    App(Tree).export(tmp_path)
    assert page.read_bytes() == App(Tree).dump()["tree.html"]


def test_a_shared_file_that_is_kept_though_it_differs_is_told(
    store: AssetStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store.add_shared_data("x", b"new")
    old = tmp_path / "deskapp" / "data" / "shared" / "x"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"old")
    App(Leaf).export(tmp_path, overwrite=False)
    assert "was kept" in caplog.text
    assert old.read_bytes() == b"old"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_cannot_be_written_leaves_no_trace(app: AppHarness, tmp_path: Path) -> None:
    App(Tree).export(tmp_path / "one")
    before = tree(tmp_path)
    # The session's data come after the assets, and their folder's name is taken by a file.
    (tmp_path / "one" / "deskapp" / "data").write_text("in the way", encoding="utf-8")
    with pytest.raises(ExportFailed, match="Nothing was changed") as caught:
        App(Tree, b"1", name="other").export(tmp_path / "one")
    assert str(tmp_path / "one") in str(caught.value)
    (tmp_path / "one" / "deskapp" / "data").unlink()
    assert tree(tmp_path) == before


def test_a_folder_in_the_place_of_the_page_is_an_error(app: AppHarness, tmp_path: Path) -> None:
    (tmp_path / "tree.html").mkdir()
    with pytest.raises(ExportFailed, match="Is a directory"):
        App(Tree).export(f"{tmp_path}/")
    assert [path.name for path in tmp_path.rglob("*")] == ["tree.html"]


def test_a_folder_that_may_not_be_written_to_is_an_error(app: AppHarness) -> None:
    with pytest.raises(ExportFailed, match=r"'/proc/none/x\.html'"):
        App(Tree).export("/proc/none/x.html")


def test_two_versions_of_an_app_in_one_folder_keep_their_own_code(app: AppHarness, tmp_path: Path) -> None:
    store: AssetStore = program.assets
    store.associate_asset(__name__, "lib.js", "window.lib = 1;")
    App(Tree).export(tmp_path / "old.html")
    old = tree(tmp_path)
    with AppHarness():  # another program, with a newer library
        newer: AssetStore = program.assets
        newer.associate_asset(__name__, "lib.js", "window.lib = 2;")
        App(Tree).export(tmp_path / "new.html", overwrite=False)
        App(Tree).export(tmp_path / "old.html", overwrite=False)
    both = tree(tmp_path)
    assert {name: both[name] for name in old} == old
    links = re.findall(r'src="([^"]+lib-[^"]+)"', both["new.html"].decode())
    assert [both[link] for link in links] == [b"window.lib = 2;"]
    assert len([name for name in both if "deskapp-client" in name]) == 2  # script and style, shared


# Short forms


def test_export_is_short_for_the_apps_own(app: AppHarness, tmp_path: Path) -> None:
    deskapp.export(Leaf, tmp_path / "a.html", link=0)
    program.export(App(Leaf, text="hi"), str(tmp_path / "b.html"), link=0, overwrite=False)
    program.export(Leaf, tmp_path / "c.html", {"text": "given"}, link=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html", "b.html", "c.html"]
    assert "given" in (tmp_path / "c.html").read_text(encoding="utf-8")
    with pytest.raises(TypeError):
        program.export(App(Leaf), tmp_path / "d.html", {"text": "hi"})
    with pytest.raises(TypeError, match="must be a subclass of"):
        program.export(object, tmp_path / "x.html")
    assert {"Asset", "AssetStore", "Bundle", "export"} <= set(deskapp.__all__) & set(program.__all__)
