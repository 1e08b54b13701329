from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deskapp.errors import SpecError
from deskapp.freeze._spec import Mode
from deskapp.freeze.installers import installer
from deskapp.freeze.installers.flatpak import manifest
from tests.unit.freeze.trees import assert_golden, build, make_tree, product, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the program is an ELF file, made by gcc")


def test_manifest(tmp_path: Path) -> None:
    assert_golden("flatpak/org.example.BodyMass.json", manifest(product(tmp_path)))


def test_the_manifest_is_what_flatpak_builder_reads(tmp_path: Path) -> None:
    path = tmp_path / "org.example.BodyMass.json"
    path.write_text(manifest(product(tmp_path)), encoding="utf-8")
    read = json.loads(run("flatpak-builder", "--show-manifest", path))
    wanted = json.loads(path.read_text(encoding="utf-8"))
    assert {key: read[key] for key in ("id", "command", "finish-args", "runtime")} == {
        key: wanted[key] for key in ("id", "command", "finish-args", "runtime")
    }


def test_its_commands_lay_out_a_program_that_runs(tmp_path: Path) -> None:
    made = build("flatpak", product(tmp_path), make_tree(tmp_path), tmp_path / "first")
    (tmp_path / "unpacked").mkdir()
    run("tar", "-xzf", made, cwd=tmp_path / "unpacked")
    folder = tmp_path / "unpacked" / "body-mass-1.2rc1-flatpak"
    assert made.name == "body-mass-1.2rc1-flatpak.tar.gz"
    value = json.loads((folder / "org.example.BodyMass.json").read_text(encoding="utf-8"))
    (module,) = value["modules"]
    app = tmp_path / "app"
    app.mkdir()
    for command in module["build-commands"]:
        words = command.replace("/app", str(app))
        subprocess.run(["sh", "-c", words], cwd=folder / module["sources"][0]["path"], check=True, timeout=20)
    assert run(app / "bin" / value["command"], "one") == "Grüße!\n1 argument(s)\n"
    # Only what bears the id is shown outside.
    for name in ("applications/{}.desktop", "metainfo/{}.metainfo.xml", "icons/hicolor/64x64/apps/{}.png"):
        assert (app / "share" / name.format(value["id"])).is_file()


def test_the_same_input_makes_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for place in ("one", "other"):
        (tmp_path / place).mkdir()
        made.append(build("flatpak", product(tmp_path), make_tree(tmp_path / place), tmp_path / place / "made"))
    assert made[0].read_bytes() == made[1].read_bytes()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"app_id": "example.App"}, "app_id"),
        ({"app_id": "org.my-domain.App"}, "app_id"),
        ({"runtime": "firefox-app"}, "runtime"),
        ({"runtime": "chrome-app or edge-app"}, "runtime"),
        ({"version": "new"}, "version"),
    ],
)
def test_what_cannot_be_a_flatpak_is_refused_by_its_key(tmp_path: Path, changes: dict[str, object], key: str) -> None:
    with pytest.raises(SpecError) as caught:
        installer("flatpak").check(product(tmp_path, **changes))
    assert caught.value.key == key


@pytest.mark.parametrize("changes", [{}, {"runtime": "browser"}, {"runtime": "webview", "mode": Mode.FULL}])
def test_what_can_be_a_flatpak_is_not_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    spec = product(tmp_path, **changes)
    installer("flatpak").check(spec)
    assert json.loads(manifest(spec))["id"] == spec.app_id
