"""deskapp/freeze/installers/dmg.py."""

from __future__ import annotations

import dataclasses
import os
import platform
from pathlib import Path

import pytest

from deskapp.errors import BuildFailed, SpecError, ToolMissing
from deskapp.freeze._spec import FreezeSpec, MacOptions
from deskapp.freeze.installers import DistTree, installer
from deskapp.freeze.installers.dmg import Dmg, app_name, commands, volume_name
from tests.unit.freeze.windows import ODD_NAME, product, quiet, same_as_golden

SIGNED = dataclasses.replace(product(), macos=MacOptions(identity="Developer ID Application: Ada", team_id="AB12"))


def frozen(folder: Path) -> DistTree:
    """A bundle with a link in it."""
    program = folder / "body-mass.app/Contents/MacOS/body-mass"
    program.parent.mkdir(parents=True)
    program.write_bytes(b"program")
    program.chmod(0o755)
    (program.parent / "link").symlink_to("body-mass")
    return DistTree(folder, program)


@pytest.fixture
def hdiutil(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A program of that name which makes a listing instead of an image."""
    tool = tmp_path / "bin/hdiutil"
    tool.parent.mkdir()
    tool.write_text(
        '#!/bin/sh\n[ "$1" = create ] || exit 0\nfor last; do :; done\n(cd "$5" && ls -R . && echo "$3") > "$last"\n',
        encoding="utf-8",
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    return tool


@pytest.mark.parametrize(("name", "spec"), [("dmg.txt", product()), ("dmg-signed.txt", SIGNED)])
def test_commands_are_those_that_were_read(name: str, spec: FreezeSpec) -> None:
    text = "".join(f"{command!r}\n" for command in commands(spec, Path("/build/image"), Path("/build/made.dmg")))
    assert same_as_golden(text, name)


def test_image_shows_the_bundle_beside_applications(tmp_path: Path, hdiutil: Path) -> None:
    tree = frozen(tmp_path / "dist")
    (tmp_path / "work").mkdir()
    made = Dmg().build(product(), tree, target=tmp_path / "out", work=tmp_path / "work", log=quiet)
    assert made.path == tmp_path / f"out/body-mass-1.2.3-{platform.machine().lower()}.dmg"
    listing = made.path.read_text(encoding="utf-8").splitlines()
    assert {"Applications", "Body Mass.app", "Body Mass"} <= set(listing)
    image = tmp_path / "work/image"
    assert os.readlink(image / "Applications") == "/Applications"
    assert (image / "Body Mass.app/Contents/MacOS/link").is_symlink()
    assert os.access(image / "Body Mass.app/Contents/MacOS/body-mass", os.X_OK)
    assert [path.name for path in tree.path.iterdir()] == ["body-mass.app"]


def test_a_failure_leaves_nothing_for_people(tmp_path: Path, hdiutil: Path) -> None:
    hdiutil.write_text("#!/bin/sh\necho Resource busy; exit 1\n", encoding="utf-8")
    (tmp_path / "work").mkdir()
    tree = frozen(tmp_path / "dist")
    with pytest.raises(BuildFailed, match=r"dmg failed with exit code 1[\s\S]*Resource busy"):
        Dmg().build(product(), tree, target=tmp_path / "out", work=tmp_path / "work", log=quiet)
    assert not (tmp_path / "out").exists()


def test_elsewhere_the_error_says_where_it_is_built(tmp_path: Path) -> None:
    tree = frozen(tmp_path / "dist")
    with pytest.raises(ToolMissing, match=r"'hdiutil'.*deskapp freeze --ci github"):
        Dmg().build(product(), tree, target=tmp_path / "out", work=tmp_path, log=quiet)


def test_what_a_bundle_cannot_say_is_refused_before_anything_is_built() -> None:
    with pytest.raises(SpecError, match=r"^macos.category"):
        Dmg().check(dataclasses.replace(product(), macos=MacOptions(category="games")))


def test_it_needs_what_it_runs() -> None:
    assert [tool.name for tool in Dmg().tools(product())] == ["hdiutil"]
    assert [tool.name for tool in Dmg().tools(SIGNED)] == ["hdiutil", "codesign", "xcrun"]
    assert isinstance(installer("dmg"), Dmg)


@pytest.mark.parametrize(
    ("name", "app", "volume"),
    [
        ("Body Mass", "Body Mass", "Body Mass"),
        (ODD_NAME, ODD_NAME, ODD_NAME[:27].strip()),
        ("a/b: c", "a b c", "a b c"),
        (".hidden", "hidden", "hidden"),
        ("x" * 40, "x" * 40, "x" * 27),
    ],
)
def test_bundle_and_volume_have_names_that_finder_allows(name: str, app: str, volume: str) -> None:
    assert (app_name(product(name=name)), volume_name(product(name=name))) == (app, volume)
