"""deskapp/freeze/installers/msi.py."""

from __future__ import annotations

import dataclasses
import subprocess
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from deskapp.errors import BuildFailed, SpecError
from deskapp.freeze._spec import FileType, FreezeSpec, Scope, WindowsOptions
from deskapp.freeze.installers import Artifact, installer
from deskapp.freeze.installers._windows import folder_name
from deskapp.freeze.installers.msi import Compiler, Msi, marked, source, tables, unmarked, upgrade_code
from tests.unit.freeze.windows import ODD_NAME, product, quiet, same_as_golden, tree_in
from tests.unit.freeze.wine import State, Windows, windows

WIX = "{http://schemas.microsoft.com/wix/2006/wi}"
CODE = "0B9E6E7C-3C1F-4C8E-9A53-0A1B2C3D4E5F"


def built(spec: FreezeSpec, folder: Path, *, extra: str = "") -> Artifact:
    """A package of a tree below `folder`."""
    tree = tree_in(folder / "dist", slug=spec.slug, extra=extra)
    (folder / "work").mkdir()
    return Msi().build(spec, tree, target=folder / "out", work=folder / "work", log=quiet)


def table(package: Path, name: str) -> list[list[str]]:
    """The rows of a table, as another program reads them."""
    command = ["msiinfo", "export", str(package), name]
    # It writes streams, as those of icons, into files where it runs.
    done = subprocess.run(command, check=True, capture_output=True, env={"LC_ALL": "C.UTF-8"}, cwd=package.parent)
    text = done.stdout.decode()
    return [line.split("\t") for line in text.replace("\r", "").splitlines()[3:]]


@pytest.mark.parametrize(
    ("name", "spec", "compiler"),
    [
        ("user.wxs", product(), Compiler.WIXL),
        ("machine.wxs", product(name=ODD_NAME, scope=Scope.MACHINE), Compiler.WIXL),
        ("windows.wxs", product(name="$(var.Tree) [y] $z"), Compiler.WIX3),
    ],
)
def test_source_is_the_one_that_was_read(tmp_path: Path, name: str, spec: FreezeSpec, compiler: Compiler) -> None:
    assert same_as_golden(source(spec, tree_in(tmp_path, slug=spec.slug), compiler=compiler), name)


@pytest.mark.parametrize("name", ["MsiShortcutProperty", "Upgrade", "_ForceCodepage"])
def test_table_is_the_one_that_was_read(name: str) -> None:
    assert same_as_golden(tables(product())[name], f"{name}.idt")


@pytest.mark.parametrize("scope", list(Scope))
def test_package_says_what_the_source_says(tmp_path: Path, scope: Scope) -> None:
    spec = product(name=ODD_NAME, scope=scope)
    made = built(spec, tmp_path / "größe $x")
    assert made.path.name == f"{spec.slug}-1.2.3-x64.msi"
    properties = dict(row for row in table(made.path, "Property"))
    assert properties["ProductName"] == ODD_NAME
    assert properties["Manufacturer"] == "Ada & Söhne"
    assert properties["ProductVersion"] == "1.2.3"
    assert properties["UpgradeCode"] == f"{{{upgrade_code(spec)}}}"
    assert properties["ARPCOMMENTS"] == spec.summary
    assert properties.get("ALLUSERS") == ("1" if scope is Scope.MACHINE else None)
    names = {row[2] for row in table(made.path, "File")}
    assert names == {f"{spec.slug}.exe", "python3.dll", "base_library.zip", "größe $x [1] {2}.txt", "empty"}
    assert {row[1] for row in table(made.path, "Registry")} == {"2" if scope is Scope.MACHINE else "1"}
    assert table(made.path, "MsiShortcutProperty")[0][2:] == ["System.AppUserModel.ID", "org.example.BodyMass"]
    upgrade, downgrade = table(made.path, "Upgrade")
    assert (upgrade[2], upgrade[4], downgrade[1], downgrade[4]) == ("1.2.3", "513", "1.2.3", "2")
    folders = {row[0]: row[2] for row in table(made.path, "Directory")}
    assert folders["INSTALLDIR"] == folder_name(ODD_NAME)
    assert ("ProgramFiles64Folder" in folders) == (scope is Scope.MACHINE)
    page = subprocess.run(["msiinfo", "export", str(made.path), "_ForceCodepage"], check=True, capture_output=True)
    assert b"65001" in page.stdout


def test_package_has_the_files_themselves(tmp_path: Path) -> None:
    made = built(product(), tmp_path)
    subprocess.run(["msiextract", "-C", "x", made.path], cwd=tmp_path, check=True, env={"LC_ALL": "C.UTF-8"})
    folder = next((tmp_path / "x").rglob("Body Mass"))
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    tree = tmp_path / "dist"
    assert found == {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


def test_a_component_has_the_same_id_in_every_version_and_another_in_every_scope(tmp_path: Path) -> None:
    def ids(spec: FreezeSpec, extra: str = "") -> dict[str, str]:
        text = source(spec, tree_in(tmp_path / (extra or "plain"), extra=extra))
        root = ElementTree.fromstring(text)
        return {found.attrib["Id"]: found.attrib["Guid"] for found in root.iter(f"{WIX}Component")}

    first, second = ids(product()), ids(product(name="Renamed", version="2.0"), "new.txt")
    assert first.items() < second.items()
    assert len(set(second.values())) == len(second)
    machine = ids(product(scope=Scope.MACHINE))
    assert machine.keys() == first.keys()
    assert not set(machine.values()) & set(first.values())


def test_every_package_that_differs_is_a_product_of_its_own(tmp_path: Path) -> None:
    def product_id(spec: FreezeSpec, extra: str = "") -> str:
        text = source(spec, tree_in(tmp_path / (extra or "plain"), extra=extra))
        return ElementTree.fromstring(text)[0].attrib["Id"]

    specs = (product(), product(version="2"), product(name="Other"), product(scope=Scope.MACHINE))
    found = {product_id(spec) for spec in specs} | {product_id(product(), "more.txt")}
    assert len(found) == 5
    assert product_id(product()) in found
    assert len({upgrade_code(spec) for spec in specs}) == 1


def test_icons_of_product_and_documents_travel_along(tmp_path: Path) -> None:
    picture = tmp_path / "icon.png"
    Image.new("RGB", (64, 64), "red").save(picture)
    kind = FileType("note", "application/x-note", "Note", icon=picture)
    made = built(dataclasses.replace(product(), icon=picture, file_types=(kind,)), tmp_path / "with")
    assert dict(table(made.path, "Property"))["ARPPRODUCTICON"] == "product.ico"
    assert [row[0] for row in table(made.path, "Icon")] == ["product.ico"]
    assert "note.ico" in {row[2] for row in table(made.path, "File")}
    texts = {row[4] for row in table(made.path, "Registry")}
    assert '"[INSTALLDIR]document-icons\\note.ico"' in texts


def test_a_name_in_any_script_is_the_products_though_not_in_the_summary(tmp_path: Path) -> None:
    spec = dataclasses.replace(product(name="日本 App"), author="Ольга")
    made = built(spec, tmp_path)
    properties = dict(row for row in table(made.path, "Property"))
    assert (properties["ProductName"], properties["Manufacturer"]) == ("日本 App", "Ольга")
    for compiler in Compiler:
        package = ElementTree.fromstring(source(spec, tree_in(tmp_path / "dist"), compiler=compiler))[0][0]
        assert (package.tag, package.attrib["Description"]) == (f"{WIX}Package", "?? App")


def test_a_letter_that_wixl_cannot_read_is_found_again() -> None:
    for text in ("plain", "Größe €", "日本", "¤ 20ac¤ ¤20ac¤", "☃ 🦉 ¤", "\u0081"):
        assert unmarked(marked(text)) == text
        marked(text).encode("cp1252")


def test_text_means_itself_where_windows_would_expand_it(tmp_path: Path) -> None:
    spec = dataclasses.replace(product(name="#1 [x] {y}"), summary="")
    texts = {row[4] for row in table(built(spec, tmp_path).path, "Registry")}
    assert "[\\#]1 [\\[]x[\\]] [\\{]y[\\}]" in texts


def test_a_failure_of_wixl_says_what_it_printed(tmp_path: Path) -> None:
    tree = tree_in(tmp_path / "dist")
    (tmp_path / "work/package.msi").mkdir(parents=True)
    with pytest.raises(BuildFailed, match=r"^msi failed with exit code"):
        Msi().build(product(), tree, target=tmp_path / "out", work=tmp_path / "work", log=quiet)
    assert not (tmp_path / "out").exists()


def test_an_upgrade_code_is_taken_as_it_is_given() -> None:
    spec = dataclasses.replace(product(), windows=WindowsOptions(upgrade_code=CODE.lower()))
    assert upgrade_code(spec) == CODE
    broken = dataclasses.replace(product(), windows=WindowsOptions(upgrade_code="mine"))
    with pytest.raises(SpecError, match=rf"^windows.upgrade_code: 'mine' is no UUID.*{upgrade_code(product())}"):
        Msi().check(broken)


@pytest.mark.parametrize("version", ["256.0", "1.256", "next", "1.0rc1"])
def test_a_version_that_the_format_cannot_spell_is_refused(version: str) -> None:
    with pytest.raises(SpecError, match=r"^version: "):
        Msi().check(product(version=version))


def test_it_is_found_by_the_name_of_its_format() -> None:
    found = installer("msi")
    assert isinstance(found, Msi)
    assert [tool.name for tool in found.tools(product())] == ["wixl", "msibuild"]


# --- installed, under wine ---


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Windows]:
    """A Windows for the tests of this file."""
    with windows(tmp_path_factory.mktemp("wine") / "machine") as made:
        yield made


def left(after: State, before: State) -> tuple[list[str], list[tuple[str, str]]]:
    """What is new, without the empty places in which Windows Installer keeps its own books."""
    files, values = after.minus(before)
    return (
        [file for file in files if file != "windows/Installer"],
        [key for key in values if not ("\\Installer" in key[0] and key[1] == "")],
    )


@pytest.mark.long
@pytest.mark.timeout(240)
@pytest.mark.parametrize("scope", list(Scope))
@pytest.mark.parametrize("name", ["Body Mass", ODD_NAME])
def test_installs_and_uninstalls_without_a_trace(machine: Windows, tmp_path: Path, name: str, scope: Scope) -> None:
    spec = product(name=name, scope=scope)
    before = machine.state()
    made = built(spec, tmp_path)
    assert machine.run("msiexec", "/i", f"Z:{made.path}", "/qn") == 0
    after = machine.state()
    new = sorted(after.files - before.files)
    (program,) = (file for file in new if file.endswith(f"/{spec.slug}.exe"))
    folder = machine.drive / program.rpartition("/")[0]
    expected = "Program Files" if scope is Scope.MACHINE else "AppData/Local/Programs"
    assert str(folder).endswith(f"{expected}/{folder_name(name)}")
    tree = tmp_path / "dist"
    for path in tree.rglob("*"):
        if path.is_file():
            assert (folder / path.relative_to(tree)).read_bytes() == path.read_bytes()
    assert [file for file in new if file.endswith(f"Start Menu/Programs/{folder_name(name)}.lnk")]
    hive = "HKEY_LOCAL_MACHINE" if scope is Scope.MACHINE else "HKEY_CURRENT_USER"
    command = after.values[(f"{hive}\\Software\\Classes\\bodymass\\shell\\open\\command", "@")]
    assert command.endswith(f'\\\\{spec.slug}.exe\\" \\"%1\\""')
    titles = [value for key, value in after.values.items() if "\\Uninstall\\{" in key[0] and key[1] == "displayname"]
    assert titles == ['"{}"'.format(name.replace('"', '\\"'))]

    assert machine.run("msiexec", "/x", f"Z:{made.path}", "/qn") == 0
    end = machine.state()
    assert left(end, before) == ([], [])
    assert left(before, end) == ([], [])


@pytest.mark.long
@pytest.mark.timeout(240)
def test_an_upgrade_replaces_the_older_version_and_a_downgrade_is_refused(machine: Windows, tmp_path: Path) -> None:
    before = machine.state()
    first = built(product(version="1.0"), tmp_path / "first", extra="old/gone.txt")
    same = built(product(version="1.0"), tmp_path / "same", extra="new.txt")
    second = built(product(version="1.1"), tmp_path / "second")
    folder = machine.home / "AppData/Local/Programs/Body Mass"
    assert machine.run("msiexec", "/i", f"Z:{first.path}", "/qn") == 0
    assert (folder / "old/gone.txt").exists()
    # Built again, with other files in it.
    assert machine.run("msiexec", "/i", f"Z:{same.path}", "/qn") == 0
    assert not (folder / "old").exists()
    assert (folder / "new.txt").exists()
    assert machine.run("msiexec", "/i", f"Z:{second.path}", "/qn") == 0
    assert not (folder / "new.txt").exists()
    assert machine.run("msiexec", "/i", f"Z:{same.path}", "/qn") != 0
    state = machine.state()
    shown = [value for key, value in state.values.items() if "\\Uninstall\\{" in key[0] and key[1] == "displayversion"]
    assert shown == ['"1.1.0"']
    assert machine.run("msiexec", "/x", f"Z:{second.path}", "/qn") == 0
    assert left(machine.state(), before) == ([], [])
