"""Turns a program into a folder or a file that runs without Python: text of the ``.spec``, and the run of PyInstaller.

The spec says what people may want to change, and asks `collect` for what is found out anew in every build.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import site
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deskapp._icon import Icon
from deskapp.errors import BuildFailed, SpecError, ToolMissing
from deskapp.freeze._order import Order
from deskapp.freeze._parts import bundled_runtimes, deskapp_folder
from deskapp.freeze._place import put_in_place
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze._strip import TOOLS
from deskapp.freeze._windows_version import version_file
from deskapp.freeze.entry import ICON, import_paths
from deskapp.freeze.installers import DistTree
from deskapp.freeze.tools import Log, Tool, run
from deskapp.paths import atomic_write

REMEDY = "pip install 'deskapp[freeze]'"
OLDEST = (6, 10)
ICON_SIZE_PX = 512
STAGE = "PyInstaller"

EPOCH = "946684800"
"""Time stamp of what has to have one, 2000-01-01: the same in every build. SOURCE_DATE_EPOCH decides, if it is set."""

_MISSING = re.compile(r"Hidden import '([^']+)' not found")


def bundle(
    spec: FreezeSpec,
    *,
    entry: Path,
    manifest: Path | None,
    modules: Sequence[str],
    runtimes: Sequence[str],
    spec_file: Path | None = None,
    target: Path,
    work: Path,
    log: Log,
) -> DistTree:
    """Freeze a program.

    Everything is made below `work`; `target` gets the finished tree by one rename, and has the one before until then.

    Args:
        spec: What the product is.
        entry: The start-up script.
        manifest: The JavaScript that was made for it; None leaves the making to the program, which needs PScript.
        modules: Modules of the program that are imported by name.
        runtimes: What it launches, as `launch` takes it, for example ``"app or browser"``.
        spec_file: A ``.spec`` to be used as it stands; None writes one.
        target: Folder that gets the tree, in a folder named after the product.
        work: A folder for everything else; emptied where need be.
        log: Gets the lines of PyInstaller.

    Raises:
        ToolMissing: PyInstaller or a program that it needs is not here.
        SpecError: A module that the product names cannot be found, or the spec file is not there.
        BuildFailed: PyInstaller ended with an error.
    """
    check_tools()
    work = work.resolve()
    build_folder, dist = work / "build", work / "dist"
    for folder in (build_folder, dist):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    (build_folder / spec.slug).mkdir()
    chosen = _spec_file(spec, spec_file, work)
    build = _build(spec, entry, manifest, modules, runtimes, build_folder)
    command = [
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "INFO",
        "--distpath", str(dist), "--workpath", str(build_folder), str(chosen),
    ]  # fmt: skip
    environment = {**build_environment(os.environ, work), **build.write(build_folder / "build.json")}
    said = run(command, stage=STAGE, cwd=work, env=environment, log=log)
    _check_includes(spec, said)
    staged, executable = _staged(spec, dist, work / "tree")
    tree = target / spec.slug
    put_in_place(staged, tree)
    return DistTree(tree, tree / executable)


def check_tools() -> None:
    """Refuse before anything is built.

    Raises:
        ToolMissing: PyInstaller is missing or too old, or a program that makes libraries lean is not here.
    """
    try:
        version = importlib.metadata.version("pyinstaller")
    except importlib.metadata.PackageNotFoundError:
        raise ToolMissing("PyInstaller", REMEDY) from None
    if tuple(int(number) for number in re.findall(r"\d+", version)[:2]) < OLDEST:
        raise ToolMissing(f"PyInstaller {OLDEST[0]}.{OLDEST[1]} (here is {version})", f"{REMEDY} --upgrade")
    for tool in tools():
        tool.path()


def tools() -> tuple[Tool, ...]:
    """Programs besides Python that a build on this system runs."""
    return TOOLS if sys.platform.startswith("linux") else ()


def build_environment(environ: Mapping[str, str], work: Path) -> dict[str, str | None]:
    """Changes to the environment of PyInstaller: what makes two builds equal, and the deskapp that runs found first."""
    found: dict[str, str | None] = {
        "PYTHONHASHSEED": "1",
        "SOURCE_DATE_EPOCH": environ.get("SOURCE_DATE_EPOCH") or EPOCH,
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
        "PYTHONOPTIMIZE": None,  # of the tool, not of the program
        "PYTHONNODEBUGRANGES": "1",  # columns of tracebacks, a quarter of all code
    }
    home = deskapp_folder().parent
    if str(home) not in (*site.getsitepackages(), site.getusersitepackages()):
        found["PYTHONPATH"] = os.pathsep.join(filter(None, [str(home), environ.get("PYTHONPATH", "")]))
    return found


def spec_text(spec: FreezeSpec) -> str:
    """The text of a product's ``.spec``: the same for the same product, wherever and whenever it is written."""
    name = spec.slug
    lines = [
        "# -*- mode: python ; coding: utf-8 -*-",
        f"# How PyInstaller freezes {_comment(spec.name)}; written by deskapp. Change what you like, and build with",
        f"#     deskapp freeze --spec {name}.spec",
        "# which takes it as it stands. On each system it is run there: PyInstaller builds for its own system alone.",
        "",
        "import sys",
        "",
        "from deskapp.freeze import collect, prune",
        "",
        "# What each build finds out anew: start-up script, modules and JavaScript, what shows the windows.",
        *_call("parts = collect(", _data_lines(spec), ")"),
        "",
        "a = Analysis(",
        "    [parts.entry],",
        "    pathex=parts.pathex,",
        f"    hiddenimports=parts.hiddenimports{_plus(spec.includes)},",
        f"    excludes=parts.excludes{_plus(spec.excludes)},",
        "    hookspath=parts.hookspath,",
        "    hooksconfig=parts.hooksconfig,",
        "    optimize=0,  # as the program ran when its JavaScript was made",
        ")",
        f"prune(a, mode={_quoted(spec.mode.value)})  # {_MODE_NOTES[spec.mode.value]}",
        "a.datas += parts.files",
        "",
        "pyz = PYZ(a.pure)",
        "exe = EXE(",
    ]
    lines += [f"    a.binaries,  # {_FIRST}", "    a.datas,"] if spec.onefile else []
    lines += ["    pyz,", "    a.scripts,"]
    lines += [] if spec.onefile else ["    exclude_binaries=True,"]
    lines += [
        f"    name={_quoted(name)},",
        f"    console={spec.console!r},  # Windows: whether there is a console window",
        "    icon=parts.icon,  # Windows and macOS",
        "    version=parts.version,  # Windows",
        "    manifest=parts.manifest,  # Windows: sharp on every screen",
        "    upx=False,",
        ")",
    ]
    if not spec.onefile:
        lines += [f"folder = COLLECT(a.binaries, a.datas, exe, name={_quoted(name)}, upx=False)  # {_FIRST}"]
    lines += [
        "",
        'if sys.platform == "darwin":',
        "    BUNDLE(",
        f"        {'exe' if spec.onefile else 'folder'},",
        f"        name={_quoted(spec.name + '.app')},",
        "        icon=parts.icon,",
        f"        bundle_identifier={_quoted(spec.app_id)},",
        f"        version={_quoted(spec.version)},",
        "        info_plist={",
        *(f"            {_quoted(key)}: {_quoted(value)}," for key, value in _info_plist(spec).items()),
        "        },",
        "    )",
    ]
    return "\n".join(lines) + "\n"


_FIRST = "libraries first: lean copies before the originals that come with `pyz`"

_MODE_NOTES: Mapping[str, str] = {
    "system": "Linux: GTK and WebKit, or the browser, are the system's",
    "full": "Linux: WebKitGTK comes along",
    "qt": "Linux: Qt WebEngine comes along",
}


WINDOWS_MANIFEST = """\
<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3">
    <security>
      <requestedPrivileges>
        <requestedExecutionLevel level="asInvoker" uiAccess="false"/>
      </requestedPrivileges>
    </security>
  </trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1">
    <application>
      <supportedOS Id="{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"/>
    </application>
  </compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3">
    <windowsSettings>
      <dpiAware xmlns="http://schemas.microsoft.com/SMI/2005/WindowsSettings">true/pm</dpiAware>
      <dpiAwareness xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">PerMonitorV2</dpiAwareness>
      <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
      <activeCodePage xmlns="http://schemas.microsoft.com/SMI/2019/WindowsSettings">UTF-8</activeCodePage>
    </windowsSettings>
  </application>
  <dependency>
    <dependentAssembly>
      <assemblyIdentity type="win32" name="Microsoft.Windows.Common-Controls" version="6.0.0.0"
        processorArchitecture="*" publicKeyToken="6595b64144ccf1df" language="*"/>
    </dependentAssembly>
  </dependency>
</assembly>
"""
"""Windows 10 and later; each screen's own resolution; paths of any length; texts in UTF-8; the controls of today."""


def archive_modules(executable: Path) -> dict[str, bytes]:
    """What is packed into a frozen program's executable: names of modules and files, and their bytes.

    Raises:
        BuildFailed: It is no executable of PyInstaller's.
    """
    import marshal

    from PyInstaller.archive.readers import ArchiveReadError, CArchiveReader

    try:
        archive = CArchiveReader(str(executable))
        found: dict[str, bytes] = {}
        for name, row in archive.toc.items():
            if row[-1] in "zZ":
                inner = archive.open_embedded_archive(name)
                for module in inner.toc:
                    content = inner.extract(module)
                    found[module] = b"" if content is None else marshal.dumps(content)
            elif row[-1] not in "od":
                found[name] = archive.extract(name)
    except (ArchiveReadError, OSError, ValueError) as error:
        raise BuildFailed("archive", command=[str(executable)], exit_code=1, log=str(error)) from error
    return found


def _spec_file(spec: FreezeSpec, given: Path | None, work: Path) -> Path:
    if given is None:
        file = work / f"{spec.slug}.spec"
        atomic_write(file, spec_text(spec))
        return file
    if not given.is_file():
        raise SpecError("spec", f"there is no file {str(given)!r}; write one with: deskapp freeze --spec-only")
    return given.resolve()


def _build(
    spec: FreezeSpec,
    entry: Path,
    manifest: Path | None,
    modules: Sequence[str],
    runtimes: Sequence[str],
    folder: Path,
) -> Order:
    places = [entry.parent, *import_paths(spec)]
    version_info = windows_manifest = None
    if sys.platform == "win32":
        version_info, windows_manifest = str(folder / "version.txt"), str(folder / "windows.manifest")
        atomic_write(Path(version_info), version_file(spec))
        atomic_write(Path(windows_manifest), WINDOWS_MANIFEST)
    icon, pictures = _icons(spec, folder)
    return Order(
        entry=str(entry.resolve()),
        manifest=None if manifest is None else str(manifest.resolve()),
        modules=tuple(modules),
        runtimes=bundled_runtimes(runtimes, spec.mode),
        mode=spec.mode,
        path=tuple(dict.fromkeys(str(place.resolve()) for place in places)),
        project=str(spec.project),
        work=str(folder),
        icon=icon,
        pictures=pictures,
        license_files=tuple(str(file) for file in spec.license_files),
        version_info=version_info,
        windows_manifest=windows_manifest,
    )


def _icons(spec: FreezeSpec, folder: Path) -> tuple[str | None, tuple[str, ...]]:
    """The executable's icon, and the pictures for windows.

    Raises:
        AssetMissing: The icon cannot be read as a picture.
        ToolMissing: Pillow is needed and not installed.
    """
    if spec.icon is None:
        return None, ()
    icon = Icon(spec.icon)
    picture = folder / ICON
    if icon.format == "png":
        shutil.copyfile(spec.icon, picture)
    else:
        picture.write_bytes(icon.png(ICON_SIZE_PX))
    made = {"win32": ("ico", icon.ico), "darwin": ("icns", icon.icns)}.get(sys.platform)
    if made is None:
        return None, (str(picture),)
    file = folder / f"{spec.slug}.{made[0]}"
    file.write_bytes(made[1]())
    return str(file), (str(picture),)


def _check_includes(spec: FreezeSpec, said: str) -> None:
    missing = sorted(set(_MISSING.findall(said)) & set(spec.includes))
    if missing:
        raise SpecError("includes", f"there is no module {missing[0]!r}; install it, or take it out of the list")


def _staged(spec: FreezeSpec, dist: Path, folder: Path) -> tuple[Path, Path]:
    """Put what PyInstaller made into a folder of its own; return that, and where in it the program is."""
    executable = Path(f"{spec.slug}.exe" if sys.platform == "win32" else spec.slug)
    if sys.platform == "darwin":
        name = f"{spec.name}.app"
        executable = Path(name, "Contents", "MacOS", spec.slug)
    else:
        name = str(executable) if (dist / executable).is_file() else spec.slug
    made = dist / name
    is_whole = made.is_dir() and sys.platform != "darwin"
    program = made / executable if is_whole else dist / executable
    if not program.is_file():
        there = ", ".join(sorted(repr(path.name) for path in dist.iterdir())) or "nothing"
        raise BuildFailed(
            STAGE, command=["spec"], exit_code=0,
            log=f"the spec made {there}, without {program.name!r}: EXE and COLLECT in it need name={spec.slug!r}",
        )  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    staged = folder / spec.slug
    if is_whole:
        made.rename(staged)
    else:
        staged.mkdir()
        made.rename(staged / name)
    return staged, executable


def _call(begin: str, lines: Sequence[str], end: str) -> list[str]:
    return [begin, *lines, end] if lines else [begin + end]


def _data_lines(spec: FreezeSpec) -> list[str]:
    """The argument `data` of the call of `collect`."""
    if not spec.data:
        return []
    rows = []
    for each in spec.data:
        inside = each.source.is_relative_to(spec.project)
        source = each.source.relative_to(spec.project) if inside else each.source
        rows.append(f"        ({_quoted(source.as_posix())}, {_quoted(each.target.as_posix())}),")
    return ["    data=[  # where it is in the project, and where beside the program's code", *rows, "    ],"]


def _plus(names: Sequence[str]) -> str:
    return f" + [{', '.join(map(_quoted, names))}]" if names else ""


def _quoted(value: object) -> str:
    """A literal of Python, with double quotes where a text needs no other."""
    text = repr(value)
    return f'"{text[1:-1]}"' if text.startswith("'") and '"' not in text else text


def _comment(text: str) -> str:
    return " ".join(text.split())


def _info_plist(spec: FreezeSpec) -> dict[str, object]:
    return {
        "CFBundleDisplayName": spec.name,
        "LSApplicationCategoryType": spec.macos.category,
        "LSMinimumSystemVersion": spec.macos.minimum_version,
        "NSHighResolutionCapable": True,
        **({"NSHumanReadableCopyright": spec.copyright} if spec.copyright else {}),
        **dict(sorted(spec.macos.usage.items())),
    }
