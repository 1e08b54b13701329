"""What a product is, as projects say it: read whole, and refused with the keys at fault."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from deskapp._config_sources import PRODUCT_KEYS, from_project
from deskapp.errors import SpecError
from deskapp.freeze._project import read_project, read_script
from deskapp.freeze._spec import DataFile, Entry, FileType, FreezeSpec, Mode, Scope

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
WHOLE = """
[project]
name = "body-mass"
version = "2.1"
description = "How heavy, how tall"
authors = [{ name = "Ada", email = "ada@example.org" }]
license = "MIT"
license-files = ["LICENSE", "texts/*.txt"]
keywords = ["health"]
urls = { Homepage = "https://body.example.org/start" }

[tool.deskapp]
name = "Body Mass"
app_id = "org.example.BodyMass"
entry = "mass:App"
runtime = "firefox-app"
icon = "art/icon.png"
description = "One.\\n\\nTwo."
copyright = "© 2031 Ada"
categories = ["Science"]
url_schemes = ["bodymass"]
file_types = [{ extension = ".mass", mime = "application/x-mass", description = "Measurement", role = "viewer" }]
includes = ["mass.plugins"]
excludes = ["numpy"]
data = ["data/*.csv", { from = "art", to = "pictures" }]
mode = "full"
onefile = true
port = 8123

[tool.deskapp.linux]
formats = ["deb", "rpm"]
depends = ["fonts-noto"]

[tool.deskapp.windows]
scope = "machine"
publisher = "Ada & Co."

[tool.deskapp.macos]
usage = { NSCameraUsageDescription = "To see you." }
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("LICENSE", "texts/a.txt", "data/größen 1.csv", "data/2.csv", "mass.py"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
    (tmp_path / "art").mkdir()
    (tmp_path / "art/icon.png").write_bytes(PNG)
    return tmp_path


def read(folder: Path, text: str, **overrides: object) -> FreezeSpec:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return read_project(folder, overrides)


def problems(folder: Path, text: str, **overrides: object) -> dict[str, str]:
    with pytest.raises(SpecError) as caught:
        read(folder, text, **overrides)
    return {problem.key: problem.why for problem in (caught.value, *caught.value.others)}


def minimal(line: str = "") -> str:
    return f'[project]\nname = "one"\nversion = "1.0"\n[tool.deskapp]\nentry = "one:App"\n{line}'


def test_everything_is_read(project: Path) -> None:
    spec = read(project, WHOLE)
    assert (spec.name, spec.slug, spec.version, spec.app_id) == (
        "Body Mass",
        "body-mass",
        "2.1",
        "org.example.BodyMass",
    )
    assert spec.entry == Entry(module="mass", name="App")
    assert spec.runtime == "firefox-app"
    assert spec.icon == project / "art/icon.png"
    assert (spec.summary, spec.description) == ("How heavy, how tall", "One.\n\nTwo.")
    assert (spec.author, spec.author_email, spec.homepage) == (
        "Ada",
        "ada@example.org",
        "https://body.example.org/start",
    )
    assert (spec.license, spec.license_files) == ("MIT", (project / "LICENSE", project / "texts/a.txt"))
    assert (spec.categories, spec.keywords) == (("Science",), ("health",))
    assert spec.file_types == (FileType("mass", "application/x-mass", "Measurement", None, "viewer"),)
    assert spec.data == (
        DataFile(project / "data/2.csv", PurePosixPath("data/2.csv")),
        DataFile(project / "data/größen 1.csv", PurePosixPath("data/größen 1.csv")),
        DataFile(project / "art", PurePosixPath("pictures/art")),
    )
    assert (spec.mode, spec.onefile, spec.console) == (Mode.FULL, True, False)
    assert (spec.linux.formats, spec.linux.depends) == (("deb", "rpm"), ("fonts-noto",))
    assert (spec.windows.scope, spec.windows.publisher) == (Scope.MACHINE, "Ada & Co.")
    assert spec.macos.usage == {"NSCameraUsageDescription": "To see you."}


def test_the_program_reads_its_settings_from_the_same_table(project: Path) -> None:
    read(project, WHOLE)
    assert {name: value for name, value, _ in from_project(project)} == {
        "app_id": "org.example.BodyMass",
        "runtime": "firefox-app",
        "port": 8123,
    }


def test_what_the_command_line_says_counts_most(project: Path) -> None:
    spec = read(project, WHOLE, **{"version": "3.0", "linux.formats": ["rpm"], "mode": "system", "runtime": None})
    assert (spec.version, spec.linux.formats, spec.mode, spec.runtime) == ("3.0", ("rpm",), Mode.SYSTEM, None)
    assert spec.linux.depends == ("fonts-noto",)


def test_little_is_enough(tmp_path: Path) -> None:
    spec = read(tmp_path, minimal())
    assert (spec.name, spec.app_id, spec.icon, spec.mode) == ("one", "local.One", None, Mode.SYSTEM)
    assert spec.runtime == "app or browser"


@pytest.mark.parametrize(
    ("homepage", "app_id"),
    [
        ("https://www.example.org/", "org.example.One"),
        ("https://ada.example.org", "org.example.ada.One"),
        ("https://localhost/", "local.One"),
        ("https://127.0.0.1/", "local.One"),
    ],
)
def test_an_app_id_is_derived_from_the_home_page(tmp_path: Path, homepage: str, app_id: str) -> None:
    assert read(tmp_path, minimal(f'homepage = "{homepage}"')).app_id == app_id


@pytest.mark.parametrize(
    ("line", "key", "hint"),
    [
        ('icom = "x"', "icom", "did you mean 'icon'"),
        ('icon = "nothing.png"', "icon", "no file 'nothing.png'"),
        ('icon = "icon.bmp"', "icon", "no picture that icons are made of"),
        ('icon = "false.png"', "icon", "does not hold what its name says"),
        ('app_id = "my app"', "app_id", "org.example.BodyMass"),
        ('app_id = "app"', "app_id", "org.example.BodyMass"),
        ('app_id = "org.1example"', "app_id", "org.example.BodyMass"),
        ('version = "one"', "version", "'one'"),
        ("version = 1.0", "version", "float"),
        ('name = "…"', "name", "a to z"),
        ('mode = "fat"', "mode", "'system', 'full', 'qt'"),
        ("onefile = 1", "onefile", "true or false"),
        ('summary = "a\\nb"', "summary", "several lines"),
        ('categories = "Science"', "categories", "a list"),
        ('url_schemes = ["my scheme"]', "url_schemes", "'bodymass'"),
        ('includes = ["a-b"]', "includes", "dotted name"),
        ('data = ["nothing/*"]', "data[0]", "nothing in the project"),
        ('data = [{from = "icon.bmp", to = "../.."}]', "data[0]", "outside the program"),
        ('data = [{to = "pictures"}]', "data[0].from", "missing"),
        ('data = [{form = "icon.bmp"}]', "data[0].form", "did you mean 'from'"),
        ('file_types = [{extension = "a b", mime = "m/m", description = "d"}]', "file_types[0].extension", "'a b'"),
        (
            'file_types = [{extension = "a", mime = "mm", description = "d"}]',
            "file_types[0].mime",
            "application/x-note",
        ),
        ('file_types = [{extension = "a", mime = "m/m"}]', "file_types[0].description", "document"),
        (
            'file_types = [{extension = "a", mime = "m/m", description = "d", role = "x"}]',
            "file_types[0].role",
            "viewer",
        ),
        ('homepage = "example.org"', "homepage", "https://"),
        ('license_files = ["COPYING"]', "license_files", "'COPYING'"),
        ('linux = {formats = ["debb"]}', "linux.formats", "did you mean 'deb'"),
        ('linux = {format = ["deb"]}', "linux.format", "did you mean 'formats'"),
        ('windows = {scope = "all"}', "windows.scope", "'user', 'machine'"),
        ("macos = {usage = 3}", "macos.usage", "a table of texts"),
    ],
)
def test_a_wrong_value_is_refused_with_its_key(tmp_path: Path, line: str, key: str, hint: str) -> None:
    (tmp_path / "icon.bmp").write_bytes(b"BM")
    (tmp_path / "false.png").write_bytes(b"BM")
    found = problems(tmp_path, minimal(line))
    assert list(found) == [key]
    assert hint in found[key]


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = '[project]\nname = "one"\n[tool.deskapp]\nmode = "fat"\nonefile = 2\n[tool.deskapp.linux]\nformats = 3'
    assert set(problems(tmp_path, text)) == {"version", "entry", "mode", "onefile", "linux.formats"}


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ('[project.gui-scripts]\nx = "pack.window:main"', Entry(module="pack.window", name="main")),
        ('[project.scripts]\nx = "pack.window:main"', Entry(module="pack.window", name="main")),
        ("", Entry(module="one_two.__main__")),
    ],
)
def test_an_entry_that_is_not_named_is_looked_for(tmp_path: Path, text: str, entry: Entry) -> None:
    (tmp_path / "src/one_two").mkdir(parents=True)
    (tmp_path / "src/one_two/__main__.py").write_text("")
    assert read(tmp_path, f'[project]\nname = "one-two"\nversion = "1"\n{text}').entry == entry


def test_a_file_is_enough(tmp_path: Path) -> None:
    file = tmp_path / "my counter.py"
    file.write_text("")
    spec = read_script(file)
    assert (spec.name, spec.slug, spec.version) == ("my counter", "my-counter", "1.0")
    assert spec.entry == Entry(file=file)
    assert spec.app_id == "local.MyCounter"


def test_a_file_beside_a_project_is_what_the_project_says_of_it(project: Path) -> None:
    read(project, WHOLE)
    spec = read_script(project / "mass.py", {"entry": "mass.py:App"})
    assert (spec.name, spec.version) == ("Body Mass", "2.1")
    assert spec.entry == Entry(file=project / "mass.py", name="App")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "counter.py").write_text("")
    with pytest.raises(SpecError, match=r"pyproject.toml: there is none"):
        read_project(tmp_path)
    with pytest.raises(SpecError, match=r"entry: there is no file"):
        read_script(tmp_path / "app.py")
    found = problems(tmp_path, minimal('name = "x"').replace('"one:App"', '"count.py"'))
    assert found == {"entry": "there is no file 'count.py'; there is 'counter.py'"}
    (tmp_path / "pyproject.toml").write_text("[project")
    with pytest.raises(SpecError, match=r"pyproject.toml: .*TOML"):
        read_project(tmp_path)


def test_every_key_of_the_product_is_known_to_the_settings(project: Path) -> None:
    with pytest.raises(SpecError) as caught:
        read(project, minimal("nonsense_key_of_nobody = 1"))
    known = caught.value.why.partition("known are ")[2].rstrip(".").split(", ")
    assert set(known) >= PRODUCT_KEYS
