"""`Order`: what one build tells the spec that PyInstaller runs in another process, as a file that a variable names."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from deskapp.errors import SpecError
from deskapp.freeze._spec import Mode
from deskapp.paths import atomic_write

VARIABLE = "DESKAPP_FREEZE_BUILD"


@dataclass(frozen=True)
class Order:
    """One build.

    Attributes:
        entry: The start-up script.
        manifest: The JavaScript that was made; None if it is made as the program runs.
        modules: Modules that the program imports, found by running it and named by its product.
        runtimes: Plain names of the runtimes that come along.
        mode: See `Mode`.
        path: Folders in which modules of the program are looked for.
        project: The folder that data files are relative to.
        work: A folder for what is made on the way.
        icon: The icon in the format that executables of this platform have; None where they have none.
        pictures: The icon as windows show it, for the root of the bundle.
        license_files: Texts of the program's own licence.
        version_info: Text file of the version resource of a Windows executable.
        windows_manifest: Manifest file of a Windows executable.
    """

    entry: str
    manifest: str | None
    modules: tuple[str, ...]
    runtimes: tuple[str, ...]
    mode: Mode
    path: tuple[str, ...]
    project: str
    work: str
    icon: str | None = None
    pictures: tuple[str, ...] = ()
    license_files: tuple[str, ...] = ()
    version_info: str | None = None
    windows_manifest: str | None = None

    def write(self, file: Path) -> dict[str, str]:
        """Write it to a file, and return what the environment of the other process needs to find it."""
        atomic_write(file, json.dumps(asdict(self), indent=1))
        return {VARIABLE: str(file)}


def present_order(environ: Mapping[str, str] = os.environ) -> Order | None:
    """The build that this process is part of; None if PyInstaller was started by somebody else.

    Raises:
        SpecError: The file is not one that this version of deskapp wrote.
    """
    place = environ.get(VARIABLE)
    if not place:
        return None
    try:
        data = json.loads(Path(place).read_text(encoding="utf-8"))
        known = {field.name for field in fields(Order)}
        if set(data) != known:
            raise ValueError(f"it has {sorted(set(data) ^ known)} too many or too few")
        lists = {key: tuple(value) for key, value in data.items() if isinstance(value, list)}
        return Order(**{**data, **lists, "mode": Mode(data["mode"])})
    except (OSError, ValueError, TypeError) as error:
        why = f"{place!r} is no description of a build: {error}"
        raise SpecError(VARIABLE, f"{why}; build with `deskapp freeze`, which writes one") from error
