from __future__ import annotations

import gzip
import hashlib
import io
import lzma
import os
import re
import socket
import subprocess
import sys
import tarfile
import time
from pathlib import Path

import pytest

from deskapp.errors import SpecError
from deskapp.freeze._spec import FileType, LinuxOptions
from deskapp.freeze.installers import DistTree, _debian_control, installer
from deskapp.freeze.installers._finish import finish
from deskapp.freeze.installers._times import DEFAULT_EPOCH, VARIABLE
from tests.unit.freeze.trees import GREETING, as_root, assert_golden, build, listing, make_tree, product, run

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the program is an ELF file, made by gcc")


@pytest.fixture(autouse=True)
def _no_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture
def tree(tmp_path: Path) -> DistTree:
    return make_tree(tmp_path)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package that nobody changes."""
    folder = tmp_path_factory.mktemp("deb")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.delenv(VARIABLE, raising=False)
        return build("deb", product(folder), make_tree(folder), folder / "first")


def parts_of(package: Path) -> dict[str, bytes]:
    """The members of an ar archive, read by hand."""
    data = package.read_bytes()
    assert data.startswith(b"!<arch>\n")
    found, at = {}, 8
    while at < len(data):
        head = data[at : at + 60]
        assert head.endswith(b"`\n")
        size = int(head[48:58])
        found[head[:16].decode().strip()] = data[at + 60 : at + 60 + size]
        at += 60 + size + size % 2
    return found


def control_files(package: Path) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(parts_of(package)["control.tar.xz"]))) as archive:
        return {
            name.removeprefix("./"): file.read().decode()
            for name in archive.getnames()
            if (file := archive.extractfile(name)) is not None
        }


def test_the_parts_come_in_the_order_that_dpkg_wants(package: Path) -> None:
    parts = parts_of(package)
    assert list(parts) == ["debian-binary", "control.tar.xz", "data.tar.xz"]
    assert parts["debian-binary"] == b"2.0\n"
    assert package.name == "body-mass_1.2~rc1_amd64.deb" or os.uname().machine != "x86_64"


def test_texts(package: Path, tmp_path: Path) -> None:
    control = control_files(package)
    assert list(control) == ["control", "md5sums"]
    # What depends on this machine, its compiler and Pillow is another test's business.
    fixed = re.sub(r"(Installed-Size|Architecture): .*", r"\1: …", control["control"])
    fixed = re.sub(r"(libc6|zlib1g) \([^)]*\)", r"\1", fixed)
    assert_golden("deb/control", fixed)
    root = tmp_path / "unpacked"
    run("dpkg-deb", "-x", package, root)
    share = root / "usr/share"
    assert_golden("deb/copyright", (share / "doc/body-mass/copyright").read_text(encoding="utf-8"))
    assert_golden("deb/changelog", gzip.decompress((share / "doc/body-mass/changelog.gz").read_bytes()).decode())
    assert_golden("deb/overrides", (share / "lintian/overrides/body-mass").read_text(encoding="utf-8"))
    assert_golden("deb/body-mass.1", gzip.decompress((share / "man/man1/body-mass.1.gz").read_bytes()).decode())


def test_everything_is_roots_and_has_its_permissions(package: Path, tree: DistTree) -> None:
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(parts_of(package)["data.tar.xz"]))) as archive:
        members = {member.name: member for member in archive.getmembers()}
    assert {(m.uid, m.gid, m.uname, m.gname, m.mtime) for m in members.values()} == {
        (0, 0, "root", "root", DEFAULT_EPOCH)
    }
    assert list(members) == sorted(members, key=lambda name: name.split("/"))
    home = "./usr/lib/body-mass"
    assert members[f"{home}/body-mass"].mode == 0o755
    assert members[f"{home}/_internal/lib/_fast.cpython-311.so"].mode == 0o644
    assert members[f"{home}/{GREETING}"].mode == 0o644
    assert members[f"{home}/_internal/lib/latest.so"].linkname == "_fast.cpython-311.so"
    assert members["./usr/bin/body-mass"].linkname == "../lib/body-mass/body-mass"
    assert {m.mode for m in members.values() if m.isdir()} == {0o755}
    for size in (16, 22, 24, 32, 48, 64, 128, 256, 512):
        assert f"./usr/share/icons/hicolor/{size}x{size}/apps/org.example.BodyMass.png" in members
        assert f"./usr/share/icons/hicolor/{size}x{size}/mimetypes/application-x-body-mass.png" in members
        # Whose picture it is not ours to choose.
        assert f"./usr/share/icons/hicolor/{size}x{size}/mimetypes/text-plain.png" not in members


def test_sums_and_size_are_those_of_the_files(package: Path, tmp_path: Path) -> None:
    control = control_files(package)
    root = tmp_path / "unpacked"
    run("dpkg-deb", "-x", package, root)
    found = {line[34:]: line[:32] for line in control["md5sums"].splitlines()}
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    assert found == {
        path.relative_to(root).as_posix(): hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
        for path in files
    }
    size = int(re.findall(r"^Installed-Size: (\d+)$", control["control"], re.MULTILINE)[0])
    others = sum(1 for path in root.rglob("*") if path not in files)
    assert size == sum(-(-path.stat().st_size // 1024) or 1 for path in files) + others


def test_the_same_input_makes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: Path) -> None:
    other = tmp_path / "another place"
    tree = make_tree(other)
    for path in (tree.path, *(tree.path / name for name in tree.files())):
        os.utime(path, (time.time() - 5000, time.time() - 5000), follow_symlinks=False)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    before = os.umask(0o077)
    try:
        again = build("deb", product(tmp_path), tree, tmp_path / "second")
    finally:
        os.umask(before)
    assert again.read_bytes() == package.read_bytes()


def test_the_time_of_the_build_can_be_told(tmp_path: Path, tree: DistTree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "1900000000")
    package = build("deb", product(tmp_path), tree, tmp_path / "told")
    with tarfile.open(fileobj=io.BytesIO(lzma.decompress(parts_of(package)["data.tar.xz"]))) as archive:
        assert {member.mtime for member in archive.getmembers()} == {1900000000}
        metainfo = archive.extractfile("./usr/share/metainfo/org.example.BodyMass.metainfo.xml")
        assert metainfo is not None
        assert b'<release version="1.2~rc1" date="2030-03-17" />' in metainfo.read()
    monkeypatch.setenv(VARIABLE, "tomorrow")
    with pytest.raises(SpecError, match="whole seconds"):
        installer("deb").check(product(tmp_path))


@pytest.mark.timeout(60)
def test_lintian_has_nothing_to_say(package: Path) -> None:
    run("lintian", "--no-cfg", "--allow-root", "--fail-on", "error,warning", package)


def test_it_installs_runs_and_leaves_nothing_behind(package: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    for folder in ("info", "updates", "triggers", "parts"):
        (root / "var/lib/dpkg" / folder).mkdir(parents=True)
    for name in ("status", "available"):
        (root / "var/lib/dpkg" / name).touch()
    (root / "var/log").mkdir()
    before = [path for path in listing(root) if not path.startswith("var/")]
    dpkg = as_root("dpkg", f"--root={root}", "--force-depends", "--force-not-root", "--force-script-chrootless")
    run(*dpkg, "-i", package)
    assert run(root / "usr/bin/body-mass", "one") == "Grüße!\n1 argument(s)\n"
    assert run("dpkg", f"--root={root}", "--verify", "body-mass") == ""
    assert "Status: install ok installed" in run("dpkg", f"--root={root}", "-s", "body-mass")
    run(*dpkg, "--purge", "body-mass")
    assert [path for path in listing(root) if not path.startswith("var/")] == before


def test_menus_types_and_software_centres_understand_it(package: Path, tmp_path: Path) -> None:
    root = tmp_path / "unpacked"
    run("dpkg-deb", "-x", package, root)
    share = root / "usr/share"
    assert run("desktop-file-validate", share / "applications/org.example.BodyMass.desktop") == ""
    run("appstreamcli", "validate", "--no-net", share / "metainfo/org.example.BodyMass.metainfo.xml")
    run("update-mime-database", share / "mime")
    assert "application/x-body-mass:*.bmx" in (share / "mime/globs").read_text(encoding="utf-8")
    assert run("man", "--warnings", "-l", share / "man/man1/body-mass.1.gz").count("Weighs people") == 1


def test_a_failed_build_leaves_the_last_good_one(tmp_path: Path, tree: DistTree) -> None:
    package = build("deb", product(tmp_path), tree, tmp_path / "first")
    good = package.read_bytes()
    with socket.socket(socket.AF_UNIX) as odd:
        odd.bind(os.path.relpath(tree.path / "socket"))  # which cannot be read
        with pytest.raises(OSError, match="socket"):
            installer("deb").build(product(tmp_path), tree, target=package.parent, work=tmp_path, log=print)
    assert package.read_bytes() == good
    assert listing(package.parent) == [package.name]


def test_what_cannot_take_its_place_leaves_nothing_beside_it(tmp_path: Path) -> None:
    made, place = tmp_path / "made", tmp_path / "out" / "place"
    (place / "full").mkdir(parents=True)
    made.write_bytes(b"new")
    with pytest.raises(OSError, match="place"):
        finish("deb", made, place)
    assert listing(tmp_path / "out") == ["place", "place/full"]


def test_nobody_to_write_to_is_said(tmp_path: Path, tree: DistTree) -> None:
    lines: list[str] = []
    spec = product(tmp_path, author="", author_email="", description="", summary="", homepage="", license="")
    package = build("deb", spec, tree, tmp_path / "anonymous", log=lines.append)
    assert any("author_email" in line for line in lines)
    control = control_files(package)["control"]
    assert "Maintainer: Body Mass <nobody@localhost>\n" in control
    assert control.endswith("Description: Body Mass\n Body Mass is a desktop application.\n")


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"name": "日本"}, "name"),
        ({"name": "A"}, "name"),
        ({"version": "new"}, "version"),
        ({"app_id": "Body Mass"}, "app_id"),
        ({"categories": ("Stuff",)}, "categories"),
        ({"license_files": (Path("/nowhere/LICENSE"),)}, "license_files"),
        ({"icon": Path("/nowhere/icon.png")}, "icon"),
        ({"icon": Path(__file__)}, "icon"),
        ({"file_types": (FileType("a", "text/x-odd", "A", icon=Path("/nowhere/a.png")),)}, "file_types"),
    ],
)
def test_what_a_package_cannot_say_is_refused_by_its_key(tmp_path: Path, changes: dict[str, object], key: str) -> None:
    with pytest.raises(SpecError) as caught:
        installer("deb").check(product(tmp_path, **changes))
    assert caught.value.key == key


def test_a_picture_that_is_none_is_refused_by_its_key(tmp_path: Path, tree: DistTree) -> None:
    (tmp_path / "icon.png").write_bytes(b"no picture")
    with pytest.raises(SpecError, match="cannot be read as an image") as caught:
        build("deb", product(tmp_path, icon=tmp_path / "icon.png"), tree, tmp_path / "odd")
    assert caught.value.key == "icon"


def test_a_drawing_is_installed_as_it_is(tmp_path: Path, tree: DistTree) -> None:
    drawing = tmp_path / "icon.svg"
    drawing.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    package = build("deb", product(tmp_path, icon=drawing), tree, tmp_path / "drawn")
    names = run("dpkg-deb", "-c", package)
    assert "./usr/share/icons/hicolor/scalable/apps/org.example.BodyMass.svg" in names
    assert ".png" not in names


def test_the_table_says_who_maintains_the_package(tmp_path: Path) -> None:
    spec = product(tmp_path, linux=LinuxOptions(maintainer="Bob <bob@example.org>", section="science"))
    text = _debian_control.control(spec, machine="aarch64", installed_kib=7, depends=["xdg-utils"])
    assert "Maintainer: Bob <bob@example.org>\n" in text
    assert "Section: science\n" in text
    assert "Architecture: arm64\n" in text
    assert "Recommends" not in text


def test_no_line_of_a_text_becomes_a_field(tmp_path: Path) -> None:
    odd = "Summary\nDepends: evil\n\nEssential: yes"
    spec = product(tmp_path, summary=odd, author=odd, copyright=odd, name="Body\nMass", description=f"{odd}\n\n{odd}")
    text = _debian_control.control(spec, machine="x86_64", installed_kib=7, depends=["libc6"])
    fields = [line.partition(":")[0] for line in text.splitlines() if not line.startswith(" ")]
    assert fields == [
        "Package", "Version", "Section", "Priority", "Architecture", "Installed-Size", "Maintainer", "Depends",
        "Recommends", "Homepage", "Description",
    ]  # fmt: skip
    notice = _debian_control.copyright_text(spec, licenses=["one\n\nFiles: evil\n"])
    assert [line for line in notice.splitlines() if line.startswith("Files")] == ["Files: *"]


def test_dpkg_reads_every_version_that_is_written(tmp_path: Path) -> None:
    for version in ("1.0", "1.0.dev1", "1.0a1.post2.dev3+ada.1", "2!1.0"):
        text = _debian_control.control(
            product(tmp_path, version=version), machine="x86_64", installed_kib=1, depends=["libc6"]
        )
        folder = tmp_path / version / "DEBIAN"
        folder.mkdir(parents=True)
        (folder / "control").write_text(text, encoding="utf-8")
        done = subprocess.run(["dpkg-deb", "-b", folder.parent, tmp_path / "out.deb"], capture_output=True, timeout=20)
        assert (done.returncode, done.stderr) == (0, b"")
