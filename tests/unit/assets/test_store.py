from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

from deskapp.assets import Asset, AssetStore, Bundle
from deskapp.errors import AssetExists, AssetMissing, ExportFailed


def test_shared_assets_have_an_address_and_a_name() -> None:
    store = AssetStore()
    assert store.add_shared_asset("spam/a b.js", "x") == "deskapp/assets/shared/spam/a%20b.js"
    assert store.add_shared_asset("http://c.example/lib.css") == "deskapp/assets/shared/lib.css"
    assert store.get_asset_names() == ["lib.css", "spam/a b.js"]
    asset = store.get_asset("spam/a b.js")
    assert asset is not None
    assert asset.to_string() == "x"
    with pytest.raises(AssetExists):
        store.add_shared_asset("lib.css", "y")


def test_an_unknown_asset_is_none() -> None:
    store = AssetStore()
    assert store.get_asset("nothing.js") is None
    assert store.get_asset("nothing.txt") is None
    assert store.used_asset_names == []


def test_assets_that_were_asked_for_count_as_used() -> None:
    store = AssetStore()
    store.add_shared_asset("a.js", "x")
    store.add_shared_asset("b.js", "x")
    store.get_asset("b.js")
    assert store.used_asset_names == ["b.js"]


def test_modules_have_their_assets_in_the_order_of_registration() -> None:
    store = AssetStore()
    store.add_shared_asset("z.js", "x")
    assert store.associate_asset("mod", "a.js", "y") == "deskapp/assets/shared/a.js"
    store.associate_asset("mod", "z.js")
    store.associate_asset("mod", "z.js")
    store.associate_asset("mod", "http://c.example/lib.css")
    store.associate_asset("other", "http://c.example/lib.css")
    assert store.get_associated_assets("mod") == ("z.js", "a.js", "lib.css")
    assert store.get_associated_assets("other") == ("lib.css",)
    assert store.get_associated_assets("third") == ()


def test_what_cannot_be_associated() -> None:
    store = AssetStore()
    store.add_shared_asset("a.js", "x")
    with pytest.raises(TypeError, match="registered already"):
        store.associate_asset("mod", "a.js", "y")
    with pytest.raises(AssetMissing, match="no source was given"):
        store.associate_asset("mod", "b.js")
    with pytest.raises(AssetExists):
        store.associate_asset("mod", "http://c.example/a.js")
    with pytest.raises(TypeError, match="module's name"):
        store.associate_asset(3, "c.js", "x")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="ends in"):
        store.associate_asset("mod", "b.txt")


def test_data_can_be_shared() -> None:
    store = AssetStore()
    assert store.add_shared_data("im/icon.png", b"123") == "deskapp/data/shared/im/icon.png"
    assert store.get_data("im/icon.png") == b"123"
    assert store.get_data("nothing") is None
    assert store.get_data_names() == ["im/icon.png"]
    with pytest.raises(AssetExists):
        store.add_shared_data("im/icon.png", b"")


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [(3, b"", TypeError), ("a", "text", TypeError), ("../a", b"", ValueError), ("", b"", ValueError)],
)
def test_what_can_be_no_data(name: Any, data: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        AssetStore().add_shared_data(name, data)


def test_bundles_are_assets_too_and_cannot_hide_others() -> None:
    store = AssetStore()
    bundle = Bundle("pkg.js")
    store.put_bundle(bundle)
    store.put_bundle(bundle)
    assert store.get_asset("pkg.js") is bundle
    store.add_shared_asset("pkg.js", "x")
    store.put_bundle(bundle)
    asset = store.get_asset("pkg.js")
    assert asset is not None
    assert asset.to_string() == "x"
    assert store.get_asset_names() == ["pkg.js"]


def test_without_a_bridge_there_are_no_modules() -> None:
    store = AssetStore()
    store.update_modules()
    assert store.modules == {}


def test_dump_has_all_that_is_not_remote() -> None:
    store = AssetStore()
    store.add_shared_asset("a.js", "ü")
    store.add_shared_asset("http://c.example/lib.css")
    store.add_shared_data("d", b"1")
    assert store.dump() == {"deskapp/assets/shared/a.js": "ü".encode(), "deskapp/data/shared/d": b"1"}
    assert list(store.dump(which=lambda asset: False)) == ["deskapp/data/shared/d"]


def test_dump_makes_nothing_that_nobody_asked_for() -> None:
    calls: list[int] = []

    def source() -> str:
        calls.append(1)
        return "x"

    store = AssetStore()
    store.add_shared_asset("lazy.js", source)
    assert (store.dump(), calls) == ({}, [])
    store.get_asset("lazy.js")
    assert (store.dump(), store.dump(), calls) == (*[{"deskapp/assets/shared/lazy.js": b"x"}] * 2, [1])


def test_an_export_makes_its_toplevel_folder_and_has_assets_and_data(tmp_path: Path) -> None:
    store = AssetStore()
    store.add_shared_asset("a/b.js", "x")
    store.add_shared_data("c.png", b"1")
    store.export(str(tmp_path / "out"))
    assert (tmp_path / "out/deskapp/assets/shared/a/b.js").read_text(encoding="utf-8") == "x"
    assert (tmp_path / "out/deskapp/data/shared/c.png").read_bytes() == b"1"
    AssetStore().export(tmp_path / "empty")
    assert (tmp_path / "empty").is_dir()


def test_an_export_goes_below_the_users_home_by_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    AssetStore().export("~/out")
    assert (tmp_path / "out").is_dir()


def test_an_export_that_cannot_be_written_changes_nothing(tmp_path: Path) -> None:
    store = AssetStore()
    store.add_shared_asset("a.js", "new")
    store.add_shared_data("d", b"new")
    (tmp_path / "deskapp" / "assets" / "shared").mkdir(parents=True)
    (tmp_path / "deskapp" / "assets" / "shared" / "a.js").write_text("old", encoding="utf-8")
    (tmp_path / "deskapp" / "data").write_text("in the way", encoding="utf-8")
    with pytest.raises(ExportFailed, match="Nothing was changed"):
        store.export(tmp_path, clear=True)
    assert (tmp_path / "deskapp" / "assets" / "shared" / "a.js").read_text(encoding="utf-8") == "old"
    assert len(list(tmp_path.rglob("*"))) == 5


def test_clearing_removes_only_what_an_export_wrote(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    old = AssetStore()
    old.add_shared_asset("old.js", "x")
    old.export(folder)
    mine = folder / "deskapp" / "assets" / "shared" / "mine.js"
    mine.write_text("not yours", encoding="utf-8")
    new = AssetStore()
    new.add_shared_asset("new.js", "y")
    new.export(folder, clear=True)
    assert sorted(file.name for file in mine.parent.iterdir()) == ["mine.js", "new.js"]


def test_without_clearing_a_later_clearing_still_knows_all_files(tmp_path: Path) -> None:
    for name in ("a.js", "b.js"):
        store = AssetStore()
        store.add_shared_asset(name, "x")
        store.export(tmp_path)
    AssetStore().export(tmp_path, clear=True)
    assert not list((tmp_path / "deskapp" / "assets" / "shared").iterdir())


def test_a_list_of_files_cannot_reach_outside(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("stay", encoding="utf-8")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "deskapp-export.json").write_text('{"files": ["deskapp/assets/shared/../../../../victim", 3]}')
    AssetStore().export(folder, clear=True)
    assert victim.exists()


def test_an_export_needs_a_place(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is no folder"):
        AssetStore().export(tmp_path / "a" / "b")


def test_assets_that_a_module_holds_belong_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("holds_assets")
    first, second = Asset("first.js", "1"), Asset("second.css", "2")
    vars(module).update(first=first, again=first, second=second, bundle=Bundle("holds_assets.js"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    store = AssetStore()
    assert store.get_associated_assets("holds_assets") == ("first.js", "second.css")
    assert store.get_asset("first.js") is first
    vars(module)["third"] = Asset("third.js", "3")
    assert store.get_associated_assets("holds_assets") == ("first.js", "second.css", "third.js")
    assert store.get_associated_assets("never_imported") == ()


def test_an_asset_that_a_module_holds_cannot_take_the_name_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("holds_assets")
    vars(module).update(lib=Asset("lib.js", "one"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    store = AssetStore()
    store.add_shared_asset("lib.js", "another")
    with pytest.raises(AssetExists):
        store.get_associated_assets("holds_assets")
    same = AssetStore()
    same.add_shared_asset("lib.js", "one")
    assert same.get_associated_assets("holds_assets") == ("lib.js",)
