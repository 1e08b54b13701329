"""NSIS: one ``.exe`` that installs a program for one person or for all, and takes away just what it brought.

::

    <slug>-<version>-setup.exe
      installs      %LOCALAPPDATA%\\Programs\\<name>  or  %ProgramFiles%\\<name>
                    a shortcut in the start menu, another on the desktop if asked for
      writes        …\\CurrentVersion\\Uninstall\\<app id>   the entry in the list of programs
                    Software\\Classes, Software\\<app id>    addresses and kinds of documents
      uninstalls    each file, empty folder and value of those by its name; nothing that people put beside them
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PureWindowsPath

from deskapp._icon import Icon
from deskapp.errors import SpecError
from deskapp.freeze._spec import FreezeSpec, Scope
from deskapp.freeze._templates import filled, template
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.installers._windows import (
    FOLDER,
    ICON_FOLDER,
    RegistryValue,
    app_user_model_id,
    check_files,
    executable,
    folder_name,
    publisher,
    registry,
    write_icons,
)
from deskapp.freeze.metadata import file_version, windows_version
from deskapp.freeze.tools import Log, Tool

UNINSTALLER = "uninstall.exe"

_BYTES_PER_KB = 1024
# The longest text that NSIS keeps, https://nsis.sourceforge.io/Docs/Chapter4.html#variables, without its end.
_MAX_TEXT = 1023

# The project's own downloads have no stubs of 64 bits; Debian's package has. One of 32 bits installs either program.
_TARGET = "x86-unicode" if sys.platform == "win32" else "amd64-unicode"


class Nsis(Installer):
    """``<slug>-<version>-setup.exe``."""

    format = "nsis"
    platform = "win32"

    def tools(self, spec: FreezeSpec) -> Sequence[Tool]:
        return (_makensis(),)

    def check(self, spec: FreezeSpec) -> None:
        windows_version(spec.version)
        folder_name(spec.name)
        for key, text in (("name", spec.name), ("windows.publisher", publisher(spec)), ("summary", spec.summary)):
            if len(text) > _MAX_TEXT:
                raise SpecError(key, f"an installer of NSIS has no text of more than {_MAX_TEXT} characters")

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        self.check(spec)
        icons = write_icons(spec, work)
        if spec.icon is not None:
            (work / "setup.ico").write_bytes(Icon(spec.icon).ico())
        source = work / "installer.nsi"
        # With its mark, so that makensis knows the encoding whatever the language of the machine.
        source.write_text(script(spec, tree, icons=icons), encoding="utf-8-sig", newline="\n")
        name = f"{spec.slug}-{file_version(spec.version)}-setup.exe"
        made = work / name
        _makensis().run(
            "-V2",
            "-NOCD",
            f"-DOUT={made}",
            f"-DWORK={work}",
            source,
            stage="nsis",
            cwd=tree.path,
            # It reads names of files in the encoding of the language, and has none but ASCII in "C".
            env={} if sys.platform == "win32" else {"LC_ALL": "C.UTF-8"},
            log=log,
        )
        target.mkdir(parents=True, exist_ok=True)
        made.replace(target / name)
        return Artifact.of(self.format, target / name)


def script(spec: FreezeSpec, tree: DistTree, *, icons: Mapping[str, Path] | None = None, target: str = _TARGET) -> str:
    """The source of the installer, for ``makensis`` that runs in `tree`'s folder.

    Args:
        spec: What the product is.
        tree: The frozen program.
        icons: Those of documents, as `write_icons` made them in the folder that ``WORK`` names.
        target: Which of its stubs NSIS takes.

    Raises:
        SpecError: Windows cannot have a file or folder of that name.
    """
    files = check_files(tree)
    if PureWindowsPath(UNINSTALLER) in files:
        raise SpecError("data", f"{UNINSTALLER!r} is the name of what uninstalls the program; rename that file")
    program = executable(tree)
    values = registry(spec, program)
    installed = _installed(files, icons or {})
    size_kb = -(-tree.size // _BYTES_PER_KB)
    machine = spec.windows.scope is Scope.MACHINE
    folder = folder_name(spec.name)
    base = "$PROGRAMFILES64" if machine else "$LOCALAPPDATA\\Programs"
    run = f'!define MUI_FINISHPAGE_RUN "$INSTDIR\\{escaped(str(program))}"\n'
    about = f'  WriteRegStr SHCTX "${{UNINSTALL_KEY}}" "URLInfoAbout" "{escaped(spec.homepage)}"\n'
    return filled(
        template("installer.nsi.in"),
        {
            "ABOUT": about if spec.homepage else "",
            "APP_ID": escaped(spec.app_id),
            "COMMENT": f"{' '.join(spec.name.split())} {spec.version}",
            "CONTEXT": "all" if machine else "current",
            "COPYRIGHT": escaped(spec.copyright),
            "DELETE_FILES": _lines(_deletions(installed)),
            "FILES": _lines(_copies(files, icons or {})),
            "FILE_VERSION": ".".join(map(str, windows_version(spec.version))),
            # What an installer for all starts has the rights of all.
            "FINISH_RUN": "" if machine else run,
            "ICON": "" if spec.icon is None else _ICON,
            "INSTALL_FOLDER": f"{base}\\{escaped(folder)}",
            "LEVEL": "admin" if machine else "user",
            "MODEL_ID": app_user_model_id(spec),
            "NAME": escaped(spec.name),
            "NAME_OF_LABELS": escaped(spec.name.replace("&", "&&")),
            "PROGRAM": escaped(str(program)),
            "PUBLISHER": escaped(publisher(spec)),
            "REMOVE_VALUES": _lines(_removals(values)),
            "SHORTCUT": escaped(folder),
            "SIZE_KB": str(size_kb),
            "SUMMARY": escaped(spec.summary),
            "TARGET": target,
            "UNINSTALLER": UNINSTALLER,
            "VERSION": escaped(spec.version),
            "WRITE_VALUES": _lines(_writings(values)),
        },
    )


def escaped(text: str) -> str:
    """`text` inside double quotes of a script: ``$`` begins a variable, and a quote ends it."""
    replacements = {"$": "$$", '"': '$\\"', "\n": "$\\n", "\r": "$\\r", "\t": "$\\t"}
    return "".join(replacements.get(letter, letter) for letter in text)


_ICON = '!define MUI_ICON "${WORK}/setup.ico"\n!define MUI_UNICON "${WORK}/setup.ico"\n'


def _makensis() -> Tool:
    if sys.platform == "win32":
        return Tool("makensis", "choco install nsis, and put its folder on the path")
    return Tool("makensis", "brew install makensis" if sys.platform == "darwin" else "apt-get install nsis")


def _value(text: str) -> str:
    return escaped(text).replace(FOLDER, "$INSTDIR")


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"  {line}\n" for line in lines)


def _installed(files: Iterable[PureWindowsPath], icons: Mapping[str, Path]) -> tuple[PureWindowsPath, ...]:
    return (*files, *(PureWindowsPath(ICON_FOLDER, f"{ending}.ico") for ending in icons))


def _copies(files: Iterable[PureWindowsPath], icons: Mapping[str, Path]) -> Iterator[str]:
    by_folder: dict[PureWindowsPath, list[PureWindowsPath]] = {}
    for file in files:
        by_folder.setdefault(file.parent, []).append(file)
    for folder, found in by_folder.items():
        yield f'SetOutPath "{_below(folder)}"'
        for file in found:
            # A name to be read is taken as it stands, one to be written like every other text.
            name = f'"/oname={escaped(file.name)}" ' if "$" in file.name else ""
            yield f'File {name}"{file.as_posix()}"'
    if icons:
        yield f'SetOutPath "$INSTDIR\\{ICON_FOLDER}"'
        for ending, icon in icons.items():
            yield f'File "/oname={escaped(ending)}.ico" "${{WORK}}/{icon.name}"'


def _deletions(files: Sequence[PureWindowsPath]) -> Iterator[str]:
    for file in files:
        yield f'Delete "{_below(file)}"'
    folders = {folder for file in files for folder in file.parents if folder.parts}
    for folder in sorted(folders, key=lambda one: (-len(one.parts), str(one))):
        yield f'RMDir "{_below(folder)}"'


def _below(path: PureWindowsPath) -> str:
    return "$INSTDIR" + "".join(f"\\{escaped(part)}" for part in path.parts)


def _writings(values: Iterable[RegistryValue]) -> Iterator[str]:
    for value in values:
        yield f'WriteRegStr SHCTX "{escaped(value.key)}" "{escaped(value.name)}" "{_value(value.text)}"'


def _removals(values: Sequence[RegistryValue]) -> Iterator[str]:
    for value in values:
        text = _value(value.text)
        yield f'!insertmacro REMOVE_VALUE "{escaped(value.key)}" "{escaped(value.name)}" "{text}"'
    kept = {"Software", "Software\\Classes"}
    keys = {str(key) for value in values for key in (PureWindowsPath(value.key), *PureWindowsPath(value.key).parents)}
    for key in sorted(keys - kept - {"."}, key=lambda one: (-one.count("\\"), one)):
        yield f'!insertmacro REMOVE_EMPTY_KEY "{escaped(key)}"'
