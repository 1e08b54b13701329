"""deskapp/paths.py."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from deskapp import paths
from deskapp.errors import AssetMissing, ConfigError


def test_directories_are_distinct_and_belong_to_the_app() -> None:
    found = paths.app_paths("org.example.clock").items()
    assert [name for name, _ in found] == ["config", "cache", "data", "log", "runtime"]
    assert all("org.example.clock" in path.parts for _, path in found)
    assert all(path.is_absolute() for _, path in found)


def test_naming_directories_makes_none() -> None:
    assert not any(path.exists() for _, path in paths.app_paths("org.example.never-made").items())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG is Linux's")
def test_without_a_login_session_sockets_go_where_only_the_user_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert paths.app_paths("clock").runtime == tmp_path / "clock" / "run"


@pytest.mark.parametrize("app_id", ["clock", "org.example.clock", "a_b-c.1", "x" * 128])
def test_good_app_ids(app_id: str) -> None:
    assert paths.checked_app_id(app_id) == app_id


@pytest.mark.parametrize(
    "app_id", ["", ".", "..", "../up", "a/b", "a\\b", "a b", ".hidden", "dot.", "ü", "x" * 129, "a\n"]
)
def test_app_ids_that_cannot_be_a_directorys_name_are_refused(app_id: str) -> None:
    with pytest.raises(ConfigError, match="app_id"):
        paths.app_paths(app_id)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_private_directories_are_the_users_alone(tmp_path: Path) -> None:
    made = paths.ensure_private(tmp_path / "a" / "b")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert paths.ensure_private(made) == made


def test_resources_lie_beside_the_code() -> None:
    assert paths.resource("deskapp", "py.typed") == Path(paths.__file__).with_name("py.typed")
    assert paths.resource("deskapp.cli").is_dir()
    assert paths.resource("importlib", "abc.py").is_file()


def test_resources_of_a_package_are_found_without_importing_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "never_imported"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError", encoding="utf-8")
    (package / "page.html").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert paths.resource("never_imported", "page.html") == package / "page.html"


def test_a_frozen_program_finds_resources_in_its_bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "page.html").write_text("", encoding="utf-8")
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert paths.resource("clock", "page.html") == tmp_path / "clock" / "page.html"


@pytest.mark.parametrize(
    ("package", "name"), [("deskapp", "nothing.txt"), ("no_such_package", "x"), ("no.such.one", "x")]
)
def test_a_missing_resource_is_named(package: str, name: str) -> None:
    with pytest.raises(AssetMissing, match=name):
        paths.resource(package, name)


def test_a_file_is_written_whole_with_its_directory(tmp_path: Path) -> None:
    path = tmp_path / "new" / "file.txt"
    paths.atomic_write(path, "ä\n")
    assert path.read_bytes() == b"\xc3\xa4\n"
    paths.atomic_write(path, b"\0")
    assert path.read_bytes() == b"\0"
    assert [other.name for other in path.parent.iterdir()] == ["file.txt"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_a_written_file_has_the_mode_asked_for(tmp_path: Path) -> None:
    paths.atomic_write(tmp_path / "secret", b"", mode=0o600)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    blocked = tmp_path / "taken"
    blocked.mkdir()
    (blocked / "old").write_text("old", encoding="utf-8")
    with pytest.raises(OSError):  # noqa: PT011 (which one differs between systems)
        paths.atomic_write(blocked, "new")
    assert [other.name for other in tmp_path.iterdir()] == ["taken"]
    assert (blocked / "old").read_text(encoding="utf-8") == "old"


def test_only_a_freezer_says_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.is_frozen() is False
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert paths.is_frozen() is True


def test_files_are_written_together_with_their_folders(tmp_path: Path) -> None:
    assert paths.write_files(tmp_path / "a", {"b/c": b"1", "d": b"2"}) == ["b/c", "d"]
    assert ((tmp_path / "a/b/c").read_bytes(), (tmp_path / "a/d").read_bytes()) == (b"1", b"2")
    assert sorted(path.name for path in (tmp_path / "a").rglob("*")) == ["b", "c", "d"]


def test_files_that_exist_can_be_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old")
    assert paths.write_files(tmp_path, {"a": b"new", "b": b"new"}, overwrite=False) == ["b"]
    assert (tmp_path / "a").read_bytes() == b"old"
    assert paths.write_files(tmp_path, {"a": b"new"}) == ["a"]
    assert (tmp_path / "a").read_bytes() == b"new"


def test_files_that_cannot_be_written_leave_no_trace(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(OSError, match="file"):
        paths.write_files(tmp_path, {"new/deep/x": b"1", "file": b"2", "file/below": b"3"})
    (tmp_path / "folder").mkdir()
    with pytest.raises(IsADirectoryError, match="folder"):
        paths.write_files(tmp_path, {"new/deep/x": b"1", "folder": b"2"})
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]
    assert (tmp_path / "file").read_bytes() == b"old"


@pytest.mark.parametrize("order", [["a", "a/b", "z"], ["z", "a/b", "a"]])
def test_a_file_cannot_be_a_folder_of_another_one(tmp_path: Path, order: list[str]) -> None:
    with pytest.raises(OSError, match=r"'.*[/\\\\]a'"):
        paths.write_files(tmp_path / "new", dict.fromkeys(order, b"x"))
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_a_folder_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        paths.write_files(tmp_path / "file" / "sub", {"x": b""})
