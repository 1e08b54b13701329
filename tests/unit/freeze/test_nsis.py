"""deskapp/freeze/installers/nsis.py, and what it shares with Windows Installer in _windows.py."""

from __future__ import annotations

import dataclasses
import random
import string
import time
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath

import pytest
from PIL import Image

from deskapp.errors import BuildFailed, SpecError
from deskapp.freeze._spec import FileType, FreezeSpec, Scope
from deskapp.freeze.installers import Artifact, installer
from deskapp.freeze.installers._base import DistTree
from deskapp.freeze.installers._windows import app_user_model_id, check_files, folder_name, prog_id, registry
from deskapp.freeze.installers.nsis import Nsis, escaped, script
from deskapp.runtime._identity import app_user_model_id as of_the_runtime
from tests.unit.freeze.windows import ODD_NAME, product, quiet, same_as_golden, tree_in, waiting_program
from tests.unit.freeze.wine import Windows, windows

UNINSTALL = "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\org.example.BodyMass"
CLASSES = "HKEY_CURRENT_USER\\Software\\Classes"


def built(spec: FreezeSpec, folder: Path, *, program: bytes = b"MZ stand-in", extra: str = "") -> Artifact:
    """An installer of a tree below `folder`."""
    tree = tree_in(folder / "dist", slug=spec.slug, program=program, extra=extra)
    (folder / "work").mkdir()
    lines: list[str] = []
    return Nsis().build(spec, tree, target=folder / "out", work=folder / "work", log=lines.append)


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        ("user.nsi", product()),
        ("machine.nsi", product(name=ODD_NAME, scope=Scope.MACHINE)),
        ("bare.nsi", product(kinds=False)),
    ],
)
def test_script_is_the_one_that_was_read(tmp_path: Path, name: str, spec: FreezeSpec) -> None:
    assert same_as_golden(script(spec, tree_in(tmp_path), target="amd64-unicode"), name)


@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("name", ["Body Mass", ODD_NAME])
def test_makensis_makes_an_executable_of_odd_names_and_paths(tmp_path: Path, name: str, scope: Scope) -> None:
    spec = product(name=name, scope=scope)
    made = built(spec, tmp_path / "größe $x")
    assert made.path.name == f"{spec.slug}-1.2.3-setup.exe"
    assert made.path.read_bytes()[:2] == b"MZ"
    assert made.size == made.path.stat().st_size > 10_000


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = (built(product(), tmp_path / name) for name in ("first", "second"))
    assert first.sha256 == second.sha256


def test_icons_of_product_and_documents_travel_along(tmp_path: Path) -> None:
    picture = tmp_path / "icon.png"
    kind = FileType("note", "application/x-note", "Note", icon=picture)
    spec = dataclasses.replace(product(), icon=picture, file_types=(kind,))
    digests = set()
    for colour in ("red", "blue"):
        Image.new("RGB", (64, 64), colour).save(picture)
        digests.add(built(spec, tmp_path / colour).sha256)
    assert len(digests) == 2
    text = (tmp_path / "red/work/installer.nsi").read_text(encoding="utf-8-sig")
    assert 'File "/oname=note.ico" "${WORK}/note.ico"' in text
    assert 'Delete "$INSTDIR\\document-icons\\note.ico"' in text
    assert '"$\\"$INSTDIR\\document-icons\\note.ico$\\""' in text


def test_a_failure_of_makensis_says_what_it_printed(tmp_path: Path) -> None:
    tree = tree_in(tmp_path / "dist")
    (tmp_path / "work").mkdir()
    (tmp_path / "work/body-mass-1.2.3-setup.exe").mkdir()
    with pytest.raises(BuildFailed, match=r"nsis failed with exit code 1[\s\S]*open"):
        Nsis().build(product(), tree, target=tmp_path / "out", work=tmp_path / "work", log=quiet)
    assert not (tmp_path / "out").exists()


def test_nothing_is_removed_but_by_its_name(tmp_path: Path) -> None:
    text = script(product(), tree_in(tmp_path))
    assert "RMDir /r" not in text
    assert "/REBOOTOK" not in text
    files = [line for line in text.splitlines() if line.startswith("  File ")]
    deletions = [line for line in text.splitlines() if line.startswith('  Delete "$INSTDIR')]
    assert len(deletions) == len(files) + 1  # and the one that uninstalls


def test_a_file_called_as_the_uninstaller_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"'uninstall.exe'.*rename"):
        script(product(), tree_in(tmp_path, extra="Uninstall.exe"))


def test_escaped_text_means_itself() -> None:
    names = {"$": "$", '\\"': '"', "\\n": "\n", "\\r": "\r", "\\t": "\t"}
    letters = string.ascii_letters + "$\"'`\\\n\r\t{}[]%&äß☃"
    chance = random.Random(5)
    for _ in range(500):
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(30)))
        found, rest = "", escaped(text)
        while rest:
            if rest[0] == "$":
                sign = next(name for name in names if rest[1:].startswith(name))
                found, rest = found + names[sign], rest[1 + len(sign) :]
            else:
                assert rest[0] not in '"\n\r\t'
                found, rest = found + rest[0], rest[1:]
        assert found == text


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Body Mass", "Body Mass"),
        ("a/b: c?", "a b c"),
        ("Ends...", "Ends"),
        ("CON", "CON app"),
        ("com1.txt", "com1.txt app"),
        ("Größe", "Größe"),
        ("x" * 90, "x" * 64),
        ("tab\tin", "tab in"),
    ],
)
def test_folder_is_named_as_windows_allows(name: str, folder: str) -> None:
    assert folder_name(name) == folder


@pytest.mark.parametrize("name", ["???", " . ", ""])
def test_a_name_that_leaves_no_folder_is_refused(name: str) -> None:
    with pytest.raises(SpecError, match=r"^name: .*use letters or digits"):
        folder_name(name)


@pytest.mark.parametrize("name", ["a:b", "nul", "end.", "a*b"])
def test_a_file_that_windows_cannot_have_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SpecError, match=r"^data: .*cannot be the name of a file on Windows"):
        check_files(tree_in(tmp_path, extra=name))


def test_files_that_windows_does_not_tell_apart_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"does not tell .* apart"):
        check_files(tree_in(tmp_path, extra="BODY-MASS.exe"))


def test_shortcut_and_running_program_have_one_name() -> None:
    for app_id in ("org.example.BodyMass", "org.example.body mass", "org." + "x" * 200):
        spec = dataclasses.replace(product(), app_id=app_id)
        assert app_user_model_id(spec) == of_the_runtime(app_id)


def test_a_prog_id_keeps_to_the_rules_of_windows() -> None:
    for app_id in ("org.example.BodyMass", "org." + "x" * 90, "org.9" + "9" * 90):
        name = prog_id(dataclasses.replace(product(), app_id=app_id), FileType("n-ote", "", "Note"))
        assert len(name) <= 39
        assert name[0].isalpha() or name.endswith(".note")
        assert set(name) <= set(string.ascii_letters + string.digits + ".")


def test_no_kind_of_document_is_taken_from_another_program() -> None:
    for value in registry(product(), PureWindowsPath("body-mass.exe")):
        if value.key.startswith("Software\\Classes\\."):
            assert value.key.endswith("\\OpenWithProgids")


def test_a_product_that_opens_nothing_writes_nothing_about_it() -> None:
    assert registry(product(kinds=False), PureWindowsPath("body-mass.exe")) == ()


def test_it_is_found_by_the_name_of_its_format() -> None:
    found = installer("nsis")
    assert isinstance(found, Nsis)
    assert [tool.name for tool in found.tools(product())] == ["makensis"]


@pytest.mark.parametrize("version", ["1.70000", "1!2", "next"])
def test_a_version_that_windows_cannot_spell_is_refused(version: str) -> None:
    with pytest.raises(SpecError, match=r"^version: "):
        Nsis().check(product(version=version))


# --- installed, under wine ---


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """A Windows for the tests of this file."""
    with windows(tmp_path_factory.mktemp("wine") / "machine") as made:
        yield made


def gone(folder: Path) -> bool:
    """Whether it is, within 20 s: an uninstaller goes on in a copy of itself."""
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    return not folder.exists()


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("name", ["Body Mass", ODD_NAME])
def test_installs_and_uninstalls_without_a_trace(machine: Windows, tmp_path: Path, name: str, scope: Scope) -> None:
    before = machine.state()
    made = built(product(name=name, scope=scope), tmp_path)
    assert machine.run(made.path, "/S", "/DESKTOP") == 0
    after = machine.state()

    program = next(file for file in after.files - before.files if file.endswith(f"/{product(name=name).slug}.exe"))
    folder = machine.drive / program.rpartition("/")[0]
    expected = "Program Files" if scope is Scope.MACHINE else "AppData/Local/Programs"
    assert str(folder).endswith(f"{expected}/{folder_name(name)}")
    source = DistTree(tmp_path / "dist", tmp_path / "dist")
    assert {str(file): (folder / file).read_bytes() for file in source.files()} == {
        str(file): (source.path / file).read_bytes() for file in source.files()
    }
    links = [
        file for file in (*after.files - before.files, *(str(p) for p in machine.desktop.iterdir())) if ".lnk" in file
    ]
    assert len(links) == 2
    assert any("Start Menu/Programs" in link for link in links)

    hive = "HKEY_LOCAL_MACHINE" if scope is Scope.MACHINE else "HKEY_CURRENT_USER"
    entry = UNINSTALL.replace("HKEY_CURRENT_USER", hive)
    values = {key[1]: value for key, value in after.values.items() if key[0] == entry}
    assert values["displayname"] == '"{}"'.format(name.replace('"', '\\"'))
    assert values["displayversion"] == '"1.2.3"'
    assert values["publisher"] == '"Ada & Söhne"'
    assert values["estimatedsize"] == "dword:00000003"
    assert values["quietuninstallstring"].endswith('uninstall.exe\\" /S"')
    command = after.values[(f"{CLASSES.replace('HKEY_CURRENT_USER', hive)}\\bodymass\\shell\\open\\command", "@")]
    assert command.endswith(f'\\\\{product(name=name).slug}.exe\\" \\"%1\\""')

    assert machine.run(folder / "uninstall.exe", "/S") == 0
    assert gone(folder)
    end = machine.state()
    assert end.minus(before) == ([], [])
    assert before.minus(end) == ([], [])
    assert list(machine.desktop.glob("*.lnk")) == []


@pytest.mark.long
@pytest.mark.timeout(240)
def test_an_upgrade_takes_away_what_the_new_version_lacks_and_leaves_what_is_not_its_own(
    machine: Windows, tmp_path: Path
) -> None:
    first = built(product(), tmp_path / "first", extra="_internal/old/gone.txt")
    second = built(product(version="2.0"), tmp_path / "second", extra="_internal/new.txt")
    assert machine.run(first.path, "/S", "/DESKTOP", "/D=C:\\Own") == 0
    folder = machine.drive / "Own"  # a folder with spaces cannot be passed through wine as NSIS wants it, unquoted
    assert (folder / "_internal/old/gone.txt").exists()
    (folder / "mine.txt").write_text("kept", encoding="utf-8")
    # What another program has put under the same kinds of documents.
    other = f"{CLASSES}\\.note\\OpenWithProgids"
    assert machine.run("reg", "add", other, "/v", "other.note", "/d", "", "/f") == 0
    assert machine.run("reg", "add", f"{CLASSES}\\bodymass\\shell\\open\\command", "/d", "other.exe", "/f") == 0

    assert machine.run(second.path, "/S") == 0
    assert not (folder / "_internal/old").exists()
    assert (folder / "_internal/new.txt").exists()
    assert machine.text(UNINSTALL, "DisplayVersion") == "2.0"
    assert len(list(machine.desktop.glob("*.lnk"))) == 1  # it was there, so it stays

    assert machine.run("reg", "add", f"{CLASSES}\\bodymass\\shell\\open\\command", "/d", "other.exe", "/f") == 0
    assert machine.run(folder / "uninstall.exe", "/S") == 0
    assert gone(folder / "uninstall.exe")
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
    assert machine.text(other, "other.note") == ""
    assert machine.text(other, "org.example.BodyMass.note") is None
    assert machine.text(f"{CLASSES}\\bodymass\\shell\\open\\command") == "other.exe"
    assert machine.run("reg", "delete", f"{CLASSES}\\bodymass", "/f") == 0
    assert machine.run("reg", "delete", f"{CLASSES}\\.note", "/f") == 0
    (folder / "mine.txt").unlink()
    folder.rmdir()


@pytest.mark.long
@pytest.mark.timeout(240)
def test_a_running_program_is_neither_replaced_nor_removed(machine: Windows, tmp_path: Path) -> None:
    made = built(product(), tmp_path, program=waiting_program(tmp_path))
    assert machine.run(made.path, "/S") == 0
    folder = machine.home / "AppData/Local/Programs/Body Mass"
    with machine.start(folder / "body-mass.exe") as running:
        deadline = time.monotonic() + 20
        while machine.run(made.path, "/S") != 3:
            assert time.monotonic() < deadline
        machine.run(folder / "uninstall.exe", "/S")
        assert (folder / "body-mass.exe").exists()
        assert machine.text(UNINSTALL, "DisplayName") == "Body Mass"
        machine.run("taskkill", "/f", "/im", "body-mass.exe")
        running.wait(20)
    assert machine.run(folder / "uninstall.exe", "/S") == 0
    assert gone(folder)
