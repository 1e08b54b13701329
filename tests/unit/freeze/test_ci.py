"""deskapp/freeze/ci.py."""

from __future__ import annotations

import dataclasses
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deskapp.errors import SpecError
from deskapp.freeze._spec import Entry, FreezeSpec, LinuxOptions, MacOptions, Mode, WindowsOptions
from deskapp.freeze.ci import PATTERNS, WORKFLOW_PATH, github_workflow
from deskapp.freeze.installers import FORMATS
from tests.unit.freeze.windows import ODD_NAME, product, same_as_golden

EVERY = dataclasses.replace(
    product(),
    linux=LinuxOptions(formats=("deb", "rpm", "appimage", "flatpak", "tar.gz")),
    windows=WindowsOptions(formats=("nsis", "msi", "zip")),
)
SCRIPT = dataclasses.replace(
    product(name=ODD_NAME),
    entry=Entry(file=Path("/project/app.py")),
    runtime="firefox-app",
    windows=WindowsOptions(formats=()),
    macos=MacOptions(formats=()),
)
WINDOWS_ALONE = dataclasses.replace(
    product(name="${{ secrets.X }}: # 'no'"),
    linux=LinuxOptions(formats=()),
    windows=WindowsOptions(formats=("zip",)),
    macos=MacOptions(formats=()),
)
SPECS = {
    "product.yml": github_workflow(product()),
    "every.yml": github_workflow(EVERY),
    "script.yml": github_workflow(SCRIPT, arguments=("app.py", "--name", "It's")),
    "qt.yml": github_workflow(dataclasses.replace(product(), mode=Mode.QT), python="3.13"),
    "windows.yml": github_workflow(WINDOWS_ALONE),
}


def parsed(spec: FreezeSpec) -> dict[str, Any]:
    """The workflow as YAML has it; ``on`` is True there."""
    found = yaml.safe_load(github_workflow(spec))
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", SPECS)
def test_workflow_is_the_one_that_was_read(name: str) -> None:
    assert same_as_golden(SPECS[name], name)


@pytest.mark.timeout(60)
def test_workflows_keep_to_the_schema_of_github(tmp_path: Path) -> None:
    for name, text in SPECS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    checked = subprocess.run([*command, *(tmp_path / name for name in SPECS)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr

    broken = SPECS["product.yml"].replace("runs-on:", "runs-at:")
    (tmp_path / "broken.yml").write_text(broken, encoding="utf-8")
    assert subprocess.run([*command, tmp_path / "broken.yml"], capture_output=True).returncode == 1


@pytest.mark.parametrize("name", SPECS)
def test_every_script_is_one_that_bash_reads(name: str) -> None:
    jobs = yaml.safe_load(SPECS[name])["jobs"]
    scripts = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
    assert len(scripts) >= 3
    for script in scripts:
        plain = script.replace("${{ matrix.before }}", "env")
        assert "${{" not in plain  # what a name of a tag or branch says would be part of the program
        subprocess.run(["bash", "-n"], input=plain.encode(), check=True)


def test_permissions_are_as_few_as_can_be() -> None:
    workflow = parsed(product())
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["freeze"]
    assert workflow["jobs"]["release"]["permissions"] == {"contents": "write"}
    assert workflow["jobs"]["release"]["if"] == "startsWith(github.ref, 'refs/tags/v')"


def test_actions_are_githubs_own_and_of_one_major_version() -> None:
    used = re.findall(r"uses: (\S+)", SPECS["every.yml"])
    assert len(used) == 4
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", one) for one in used)


def test_a_secret_is_in_no_other_step_than_the_one_that_needs_it() -> None:
    for step in parsed(EVERY)["jobs"]["freeze"]["steps"]:
        secrets = re.findall(r"secrets\.(\w+)", str(step))
        if "Windows" in step.get("name", ""):
            assert secrets == ["WINDOWS_CERTIFICATE"]
        elif "macOS" in step.get("name", ""):
            assert len(secrets) == 6
        elif "Freeze" in step.get("name", ""):
            assert secrets == ["WINDOWS_CERTIFICATE_PASSWORD"]
        else:
            assert secrets == []


def test_each_system_is_there_that_has_formats() -> None:
    def systems(spec: FreezeSpec) -> list[str]:
        return [job["os"] for job in parsed(spec)["jobs"]["freeze"]["strategy"]["matrix"]["include"]]

    assert systems(product()) == ["ubuntu-22.04", "windows-latest", "macos-latest", "macos-15-intel"]
    assert systems(SCRIPT) == ["ubuntu-22.04"]
    assert systems(WINDOWS_ALONE) == ["windows-latest"]


def test_a_browsers_app_installs_no_toolkit() -> None:
    assert "webkit" not in SPECS["script.yml"]
    assert 'extras: "freeze"' in SPECS["script.yml"]
    assert "gir1.2-webkit2-4.1" in SPECS["product.yml"]
    assert "webkit" not in SPECS["qt.yml"]


def test_no_format_at_all_is_refused() -> None:
    nothing = dataclasses.replace(WINDOWS_ALONE, windows=WindowsOptions(formats=()))
    with pytest.raises(SpecError, match="there is nothing to build"):
        github_workflow(nothing)


def test_every_format_has_its_files_uploaded() -> None:
    assert set(PATTERNS) == set(FORMATS)


def test_a_name_is_text_whatever_it_says() -> None:
    assert parsed(WINDOWS_ALONE)["name"] == "Freeze $ {{ secrets.X }}: # 'no'"
    assert parsed(SCRIPT)["name"] == f"Freeze {ODD_NAME}"


def test_it_is_where_github_looks() -> None:
    assert WORKFLOW_PATH.startswith(".github/workflows/")
