from __future__ import annotations

import os
import re
import sys
from datetime import datetime, timezone
from pathlib import Path, PurePosixPath

import pytest

from deskapp.errors import BuildFailed, SpecError, ToolMissing
from deskapp.freeze._spec import LinuxOptions, Mode
from deskapp.freeze.installers import installer
from deskapp.freeze.installers._linux_layout import Member
from deskapp.freeze.installers._linux_needs import Binaries, Library
from deskapp.freeze.installers._rpm_spec import rpm_requires, rpm_spec
from deskapp.freeze.installers._times import VARIABLE
from tests.unit.freeze.trees import GREETING, as_root, assert_golden, build, listing, make_tree, product, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the program is an ELF file, made by gcc")

BINARIES = Binaries(
    machine="x86_64",
    files=(),
    libraries=(
        Library("ld-linux-x86-64.so.2", ("GLIBC_2.3",), True),
        Library("libc.so.6", ("GLIBC_2.14", "GLIBC_2.2.5", "GLIBC_2.34"), True),
        Library("libz.so.1", ("ZLIB_1.2.9",), True),
    ),
    folders=(),
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that nobody changes, made where blanks are in every path."""
    folder = tmp_path_factory.mktemp("rpm") / "a place"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.delenv(VARIABLE, raising=False)
        return build("rpm", product(folder), make_tree(folder), folder / "first")


def test_text(tmp_path: Path) -> None:
    members = [
        Member(PurePosixPath("usr/bin/body-mass"), link="../lib/body-mass/body-mass"),
        Member(PurePosixPath("usr/lib/body-mass/_internal/%odd [name]"), data=b""),
        Member(PurePosixPath("usr/share/applications/org.example.BodyMass.desktop"), data=b""),
    ]
    spec = product(tmp_path, version="2!1.2rc1")
    text = rpm_spec(
        spec,
        members,
        requires=rpm_requires(spec, BINARIES),
        machine="x86_64",
        root="/a place/100%/root",
        date=datetime(2031, 2, 3, tzinfo=timezone.utc),
    )
    assert_golden("rpm/body-mass.spec", text)


def test_sums_are_right_and_files_are_roots(package: Path) -> None:
    assert "digests OK" in run("rpm", "-K", "--nosignature", package)
    lines = run("rpm", "-qp", "--nosignature", "--qf", "[%{FILENAMES}|%{FILEMODES:perms}|%{FILEUSERNAME}\n]", package)
    found = {name: (mode, user) for name, mode, user in (line.split("|") for line in lines.splitlines())}
    assert found["/usr/lib/body-mass/body-mass"] == ("-rwxr-xr-x", "root")
    assert found["/usr/lib/body-mass/_internal/lib/_fast.cpython-311.so"] == ("-rw-r--r--", "root")
    assert found[f"/usr/lib/body-mass/{GREETING}"] == ("-rw-r--r--", "root")
    assert found["/usr/bin/body-mass"][0].startswith("l")
    assert found["/usr/lib/body-mass"] == ("drwxr-xr-x", "root")
    assert "/usr/share/licenses/body-mass/LICENSE" in found
    # Folders of the system belong to the system.
    assert {name for name, (mode, _) in found.items() if mode.startswith("d")} == {
        "/usr/lib/body-mass", "/usr/lib/body-mass/_internal", "/usr/lib/body-mass/_internal/lib",
        "/usr/share/licenses/body-mass",
    }  # fmt: skip


def test_it_requires_what_the_files_need(package: Path) -> None:
    required = run("rpm", "-qp", "--nosignature", "--requires", package).splitlines()
    assert "libz.so.1()(64bit)" in required
    assert any(re.fullmatch(r"libc\.so\.6\(GLIBC_[0-9.]+\)\(64bit\)", line) for line in required)
    assert "(webkit2gtk4.1 or typelib(WebKit2) = 4.1)" in required
    assert "dejavu-sans-fonts" in required
    assert run("rpm", "-qp", "--nosignature", "--provides", package).startswith("body-mass = 1.2~rc1-1\n")


def test_it_installs_runs_and_leaves_nothing_behind(package: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    rpm = as_root("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "--nosignature")
    run(*rpm, "--initdb")
    before = [path for path in listing(root) if not path.startswith("var")]
    run(*rpm, "--install", "--nodeps", "--noscripts", package)
    assert run(root / "usr/bin/body-mass", "one") == "Grüße!\n1 argument(s)\n"
    run(*rpm, "--verify", "--nodeps", "body-mass")
    run(*rpm, "--erase", "--nodeps", "--noscripts", "body-mass")
    left = [root / path for path in listing(root) if not path.startswith("var") and path not in before]
    # rpm keeps folders of the system that no package owns here, and nothing else.
    assert [path for path in left if not path.is_dir() or "body-mass" in path.name] == []


def test_the_same_input_makes_the_same_bytes(package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    before = os.umask(0o077)
    try:
        again = build("rpm", product(tmp_path), make_tree(tmp_path), tmp_path / "second")
    finally:
        os.umask(before)
    assert again.name == package.name
    assert again.read_bytes() == package.read_bytes()


def test_what_rpmbuild_refuses_is_told_with_its_words(tmp_path: Path) -> None:
    spec = product(tmp_path, linux=LinuxOptions(rpm_requires=("one >= ",)))
    with pytest.raises(BuildFailed, match="Requires") as caught:
        build("rpm", spec, make_tree(tmp_path), tmp_path / "refused")
    assert caught.value.stage == "rpm"


def test_without_rpmbuild_the_command_that_gets_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = make_tree(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolMissing, match="rpm-build"):
        build("rpm", product(tmp_path), tree, tmp_path / "toolless")


def test_nothing_in_a_text_is_taken_for_a_macro(tmp_path: Path) -> None:
    odd = "%(touch /tmp/owned) %{nil}"
    homepage = "https://example.org/%{nil}%(x)"
    spec = product(tmp_path, summary=odd, description=f"{odd}\n\n%files", author=odd, homepage=homepage)
    text = rpm_spec(spec, [], requires=["one = 1"], machine="x86_64", root="/r", date=datetime(2031, 2, 3))
    source = tmp_path / "odd.spec"
    source.write_text(text, encoding="utf-8")
    read = run("rpmspec", "-P", source)
    assert read.count(odd) == 4
    assert homepage in read
    assert text.count("\n%files\n") == 1


@pytest.mark.parametrize(
    ("runtime", "mode", "found"),
    [
        ("firefox-app", Mode.SYSTEM, ["(firefox or MozillaFirefox)"]),
        ("chrome-app or edge-app", Mode.FULL, ["(chromium or google-chrome-stable or microsoft-edge-stable)"]),
        ("browser", Mode.SYSTEM, ["xdg-utils"]),
        (
            "webview",
            Mode.FULL,
            ["libEGL.so.1()(64bit)", "libGL.so.1()(64bit)", "libGLESv2.so.2()(64bit)", "fontconfig"],
        ),
        ("webview", Mode.QT, []),
        (None, Mode.SYSTEM, []),
    ],
)
def test_what_shows_the_windows_is_required(tmp_path: Path, runtime: str | None, mode: Mode, found: list[str]) -> None:
    spec = product(tmp_path, runtime=runtime, mode=mode, linux=LinuxOptions())
    nothing = Binaries("x86_64", (), (), ())
    assert rpm_requires(spec, nothing) == found


@pytest.mark.parametrize(
    ("changes", "key"), [({"version": "new"}, "version"), ({"license_files": (Path("/nowhere"),)}, "license_files")]
)
def test_what_a_package_cannot_say_is_refused_by_its_key(tmp_path: Path, changes: dict[str, object], key: str) -> None:
    with pytest.raises(SpecError) as caught:
        installer("rpm").check(product(tmp_path, **changes))
    assert caught.value.key == key
