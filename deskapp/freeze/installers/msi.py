"""Windows Installer: an ``.msi`` for people who administer many machines, from a source of WiX 3.

::

    Product          new code for each content, one upgrade code for all versions
      Directory      LocalAppDataFolder/Programs/<name>  or  ProgramFiles64Folder/<name>
        Component    one a file, its id made from app id, scope and path: the same in every version
        Component    "Registration": addresses and kinds of documents, see `_windows.registry`
      Directory      ProgramMenuFolder
        Component    "StartMenu": the shortcut
      Feature        all of them

wixl of msitools compiles it here, ``candle`` and ``light`` of WiX 3 on Windows. WiX 4 and later have another language.
What wixl does not know (properties of a shortcut, the code page, upgrades of a version by itself) is put into its
result as tables by ``msibuild``.
"""

from __future__ import annotations

import enum
import hashlib
import re
import sys
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path, PureWindowsPath
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from deskapp._icon import Icon
from deskapp.errors import SpecError
from deskapp.freeze._spec import FreezeSpec, Scope
from deskapp.freeze.installers._base import Artifact, DistTree, Installer
from deskapp.freeze.installers._windows import (
    FOLDER,
    ICON_FOLDER,
    app_user_model_id,
    check_files,
    executable,
    folder_name,
    publisher,
    registry,
    write_icons,
)
from deskapp.freeze.metadata import file_version, msi_version
from deskapp.freeze.tools import Log, Tool

_NAMESPACE = "http://schemas.microsoft.com/wix/2006/wi"
_UTF8, _LATIN = 65001, 1252
# Of the table Upgrade, https://learn.microsoft.com/windows/win32/msi/upgrade-table
_MIGRATE_FEATURES, _ONLY_DETECT, _MAXIMUM_INCLUDED = 0x001, 0x002, 0x200

_BLOCK_BYTES = 1 << 20

# They read names of files in the encoding of the language, and have none but ASCII in "C".
_UTF8_NAMES = {"LC_ALL": "C.UTF-8"}

# Has the texts of a table of wixl's.
_MSIINFO = Tool("msiinfo", "brew install msitools" if sys.platform == "darwin" else "apt-get install msitools")
_TABLES_OF_TEXT = ("Directory", "Feature", "File", "LaunchCondition", "Property", "Registry", "Shortcut")

_MARK = "¤"
_MARKED = re.compile(f"{_MARK}([0-9a-f]+){_MARK}")

_SHORTCUT = "StartMenuShortcut"

# That files in a user's own folder are no keys of components (38, 64, 91) matters where people who share a machine
# share a profile; the alternative is one registry value a file.
_NOT_CHECKED = ("ICE38", "ICE64", "ICE91")


class Compiler(str, enum.Enum):
    """Who reads the source."""

    WIXL = "wixl"
    WIX3 = "wix3"


class Msi(Installer):
    """``<slug>-<version>-x64.msi``."""

    format = "msi"
    platform = "win32"

    def tools(self, spec: FreezeSpec) -> Sequence[Tool]:
        return _tools()

    def check(self, spec: FreezeSpec) -> None:
        msi_version(spec.version)
        folder_name(spec.name)
        upgrade_code(spec)

    def build(self, spec: FreezeSpec, tree: DistTree, *, target: Path, work: Path, log: Log) -> Artifact:
        self.check(spec)
        compiler = Compiler.WIX3 if sys.platform == "win32" else Compiler.WIXL
        icons = write_icons(spec, work)
        if spec.icon is not None:
            (work / "product.ico").write_bytes(Icon(spec.icon).ico())
        text = source(spec, tree, icons=icons, compiler=compiler)
        main = work / "main.wxs"
        main.write_text(text, encoding="utf-8", newline="\n")
        name = f"{spec.slug}-{file_version(spec.version)}-x64.msi"
        made = work / name
        if compiler is Compiler.WIX3:
            candle, light = _tools()
            middle = work / "main.wixobj"
            folders = (f"-dTree={tree.path}", f"-dWork={work}")
            candle.run("-nologo", "-arch", "x64", *folders, "-out", middle, main, stage="msi", log=log)
            unchecked = [f"-sice:{name}" for name in _NOT_CHECKED]
            light.run("-nologo", "-spdb", *unchecked, "-out", made, middle, stage="msi", log=log)
        else:
            _compile_with_wixl(spec, tree, work, log)
            (work / "package.msi").replace(made)
        target.mkdir(parents=True, exist_ok=True)
        made.replace(target / name)
        return Artifact.of(self.format, target / name)


def _compile_with_wixl(spec: FreezeSpec, tree: DistTree, work: Path, log: Log) -> None:
    wixl, msibuild = _tools()
    # wixl takes nothing but ASCII from its command line, whatever the language.
    (work / "tree").symlink_to(tree.path, target_is_directory=True)
    wixl.run(
        *("--arch", "x64", "-D", "Tree=tree", "-D", "Work=.", "--output", "package.msi", "main.wxs"),
        stage="msi",
        cwd=work,
        env=_UTF8_NAMES,
        log=log,
    )
    added = tables(spec)
    main = (work / "main.wxs").read_text(encoding="utf-8")
    if main != unmarked(main):
        added |= {name: unmarked(_exported(name, work)) for name in _TABLES_OF_TEXT}
    for table, content in added.items():
        file = work / f"{table}.idt"
        file.write_text(content, encoding="utf-8", newline="\r\n")
        msibuild.run("package.msi", "-i", file.name, stage="msi", cwd=work, env=_UTF8_NAMES, log=log)


def _exported(table: str, work: Path) -> str:
    arguments = ("export", "package.msi", table)
    text = _MSIINFO.run(*arguments, stage="msi", cwd=work, env=_UTF8_NAMES)
    return text.replace("\r", "") + "\n"


def marked(text: str) -> str:
    """`text` with what code page 1252 lacks as ``¤65e5¤``, for wixl, which crashes over such letters."""
    return "".join(letter if _is_latin(letter) else f"{_MARK}{ord(letter):x}{_MARK}" for letter in text)


def unmarked(text: str) -> str:
    """What `marked` was given."""
    return _MARKED.sub(lambda found: chr(int(found[1], 16)), text)


def _is_latin(letter: str) -> bool:
    return letter != _MARK and _latin(letter) == letter


def source(
    spec: FreezeSpec,
    tree: DistTree,
    *,
    icons: Mapping[str, Path] | None = None,
    compiler: Compiler = Compiler.WIXL,
) -> str:
    """The source of the package; variable ``Tree`` names the folder of the program, ``Work`` that of icons.

    Args:
        spec: What the product is.
        tree: The frozen program.
        icons: Those of documents, as `write_icons` made them in the folder that ``Work`` names.
        compiler: Who is to read it.

    Raises:
        SpecError: Windows cannot have a file or folder of that name, or the upgrade code is none.
    """
    files = {path: f"$(var.Tree)/{path.as_posix()}" for path in check_files(tree)}
    for ending, icon in (icons or {}).items():
        files[PureWindowsPath(ICON_FOLDER, f"{ending}.ico")] = f"$(var.Work)/{icon.name}"
    machine = spec.windows.scope is Scope.MACHINE

    wix = Element("Wix", xmlns=_NAMESPACE)
    product = SubElement(
        wix,
        "Product",
        Id="",
        Name=spec.name,
        Language="1033",
        Codepage=str(_UTF8),
        Version=msi_version(spec.version),
        Manufacturer=publisher(spec),
        UpgradeCode=upgrade_code(spec),
    )
    SubElement(
        product,
        "Package",
        InstallerVersion="500",
        Compressed="yes",
        InstallScope="perMachine" if machine else "perUser",
        # The summary that Explorer shows; it is never UTF-8.
        Description=_latin(spec.name),
        Comments=_latin(spec.summary or spec.name),
        Manufacturer=_latin(publisher(spec)),
        SummaryCodepage=str(_LATIN),
    )
    # Whoever builds a version again has another package of that version; the one installed later replaces the other.
    SubElement(
        product,
        "MajorUpgrade",
        {"AllowSameVersionUpgrades": "yes"} if compiler is Compiler.WIX3 else {},
        DowngradeErrorMessage=f"A newer version of {_formatted(spec.name)} is already installed.",
    )
    SubElement(product, "Media", Id="1", Cabinet="product.cab", EmbedCab="yes")
    if spec.icon is not None:
        SubElement(product, "Icon", Id="product.ico", SourceFile="$(var.Work)/product.ico")
        SubElement(product, "Property", Id="ARPPRODUCTICON", Value="product.ico")
    SubElement(product, "Property", Id="ARPNOMODIFY", Value="1")
    SubElement(product, "Property", Id="ARPNOREPAIR", Value="1")
    if spec.summary:
        SubElement(product, "Property", Id="ARPCOMMENTS", Value=spec.summary)
    if spec.homepage:
        SubElement(product, "Property", Id="ARPURLINFOABOUT", Value=spec.homepage)

    root = SubElement(product, "Directory", Id="TARGETDIR", Name="SourceDir")
    if machine:
        base = SubElement(root, "Directory", Id="ProgramFiles64Folder")
    else:
        base = SubElement(SubElement(root, "Directory", Id="LocalAppDataFolder"), "Directory", Id="UserPrograms")
        base.set("Name", "Programs")
    folder = SubElement(base, "Directory", Id="INSTALLDIR", Name=folder_name(spec.name))
    components = _add_files(spec, folder, files)
    components += _add_registration(spec, folder, executable(tree))
    menu = SubElement(root, "Directory", Id="ProgramMenuFolder")
    components += _add_shortcut(spec, menu, executable(tree), compiler)
    feature = SubElement(product, "Feature", Id="Main", Title=spec.name[:64], Level="1")
    for component in components:
        SubElement(feature, "ComponentRef", Id=component)

    # Made of all that is in it: packages that differ at all are different products, which replace each other.
    product.set("Id", _guid(spec, "product", _digest(tree), ElementTree.tostring(wix, encoding="unicode")))
    _spell_for(compiler, wix)
    ElementTree.indent(wix)
    body = ElementTree.tostring(wix, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def tables(spec: FreezeSpec) -> dict[str, str]:
    """Tables that wixl leaves out: name → text in the archive format of Windows Installer, lines ended by one mark."""
    rows = [
        "MsiShortcutProperty\tShortcut_\tPropertyKey\tPropVariantValue",
        "s72\ts72\ts255\ts255",
        "MsiShortcutProperty\tMsiShortcutProperty",
        f"AppId\t{_SHORTCUT}\tSystem.AppUserModel.ID\t{app_user_model_id(spec)}",
    ]
    code, version = f"{{{upgrade_code(spec)}}}", msi_version(spec.version)
    upgrades = [
        "UpgradeCode\tVersionMin\tVersionMax\tLanguage\tAttributes\tRemove\tActionProperty",
        "s38\tS20\tS20\tS255\ti4\tS255\ts72",
        "Upgrade\tUpgradeCode\tVersionMin\tVersionMax\tLanguage\tAttributes",
        f"{code}\t\t{version}\t\t{_MIGRATE_FEATURES | _MAXIMUM_INCLUDED}\t\tWIX_UPGRADE_DETECTED",
        f"{code}\t{version}\t\t\t{_ONLY_DETECT}\t\tWIX_DOWNGRADE_DETECTED",
    ]
    return {
        "MsiShortcutProperty": "\n".join(rows) + "\n",
        "Upgrade": "\n".join(upgrades) + "\n",
        "_ForceCodepage": f"\n\n{_UTF8}\t_ForceCodepage\n",
    }


def upgrade_code(spec: FreezeSpec) -> str:
    """What all versions share.

    Raises:
        SpecError: The one that was given is no UUID.
    """
    given = spec.windows.upgrade_code
    if not given:
        return _guid(spec, "upgrade")
    try:
        return str(uuid.UUID(given)).upper()
    except ValueError:
        fresh = _guid(spec, "upgrade")
        raise SpecError("windows.upgrade_code", f"{given!r} is no UUID; leave it out, or write {fresh!r}") from None


def _tools() -> tuple[Tool, Tool]:
    if sys.platform == "win32":
        remedy = "choco install wixtoolset, and put its folder on the path"
        return Tool("candle", remedy), Tool("light", remedy)
    if sys.platform == "darwin":
        return Tool("wixl", "brew install msitools"), Tool("msibuild", "brew install msitools")
    return Tool("wixl", "apt-get install wixl"), Tool("msibuild", "apt-get install msitools")


def _guid(spec: FreezeSpec, *words: str) -> str:
    """A UUID made of the product and what it is for, so that the same input gives the same package."""
    product = uuid.uuid5(uuid.NAMESPACE_DNS, spec.app_id)
    return str(uuid.uuid5(product, "\n".join(("msi", *words)))).upper()


def _digest(tree: DistTree) -> str:
    digest = hashlib.sha256()
    for name in tree.files():
        digest.update(f"{name.as_posix()}\n".encode())
        with (tree.path / name).open("rb") as file:
            while block := file.read(_BLOCK_BYTES):
                digest.update(block)
    return digest.hexdigest()


def _id(kind: str, path: PureWindowsPath) -> str:
    return f"{kind}_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"


def _formatted(text: str) -> str:
    """`text` in a column of type Formatted: brackets and braces are written as themselves."""
    plain = re.sub(r"[\[\]{}]", lambda found: f"[\\{found[0]}]", text)
    return f"[\\#]{plain[1:]}" if plain.startswith("#") else plain


def _spell_for(compiler: Compiler, wix: Element) -> None:
    """Have the preprocessor leave each ``$`` alone that is not ours, and wixl read no letter that it cannot."""
    # WiX takes one for a variable before a parenthesis alone, wixl everywhere.
    sign = "$(" if compiler is Compiler.WIX3 else "$"
    for element in wix.iter():
        for name, text in element.attrib.items():
            ours = len("$(var.Tree)") if name in ("Source", "SourceFile") else 0
            plain = text[:ours] + text[ours:].replace(sign, f"${sign}")
            element.set(name, marked(plain) if compiler is Compiler.WIXL and not ours else plain)


def _latin(text: str) -> str:
    return text.encode(f"cp{_LATIN}", "replace").decode(f"cp{_LATIN}")


def _add_files(spec: FreezeSpec, folder: Element, files: Mapping[PureWindowsPath, str]) -> list[str]:
    components = []
    folders = {PureWindowsPath(): folder}
    for path, origin in files.items():
        parent = _folder(folders, path.parent)
        known = _id("c", path)
        component = SubElement(parent, "Component", Id=known, Guid=_component_guid(spec, str(path)), Win64="yes")
        SubElement(component, "File", Id=_id("f", path), Name=path.name, Source=origin, KeyPath="yes")
        components.append(known)
    # Windows removes a folder only if it is told to, and only if nothing is in it.
    for path, element in folders.items():
        known = _id("e", path)
        guid = _component_guid(spec, f"{path}\\")
        component = SubElement(element, "Component", Id=known, Guid=guid, Win64="yes")
        SubElement(component, "CreateFolder")
        SubElement(component, "RemoveFolder", Id=_id("r", path), On="uninstall")
        components.append(known)
    return components


def _folder(folders: dict[PureWindowsPath, Element], path: PureWindowsPath) -> Element:
    if path not in folders:
        parent = _folder(folders, path.parent)
        folders[path] = SubElement(parent, "Directory", Id=_id("d", path), Name=path.name)
    return folders[path]


def _component_guid(spec: FreezeSpec, path: str) -> str:
    return _guid(spec, "component", spec.windows.scope.value, path)


def _root(spec: FreezeSpec) -> str:
    return "HKLM" if spec.windows.scope is Scope.MACHINE else "HKCU"


def _add_registration(spec: FreezeSpec, folder: Element, program: PureWindowsPath) -> list[str]:
    values = registry(spec, program)
    if not values:
        return []
    guid = _component_guid(spec, "registration")
    component = SubElement(folder, "Component", Id="Registration", Guid=guid, Win64="yes")
    for index, value in enumerate(values):
        # The property ends with a backslash of its own.
        text = _formatted(value.text).replace(f"{FOLDER}\\", "[INSTALLDIR]")
        attributes = {"Id": f"v{index}", "Root": _root(spec), "Key": value.key}
        if value.name:
            attributes["Name"] = value.name
        SubElement(component, "RegistryValue", {**attributes, "Type": "string", "Value": text})
    component[0].set("KeyPath", "yes")
    return ["Registration"]


def _add_shortcut(spec: FreezeSpec, menu: Element, program: PureWindowsPath, compiler: Compiler) -> list[str]:
    guid = _component_guid(spec, "shortcut")
    component = SubElement(menu, "Component", Id="StartMenu", Guid=guid, Win64="yes")
    attributes = {
        "Id": _SHORTCUT,
        "Name": folder_name(spec.name),
        "Target": f"[INSTALLDIR]{program}",
        "WorkingDirectory": "INSTALLDIR",
    }
    if spec.summary:
        attributes["Description"] = spec.summary
    shortcut = SubElement(component, "Shortcut", attributes)
    if compiler is Compiler.WIX3:
        SubElement(shortcut, "ShortcutProperty", Key="System.AppUserModel.ID", Value=app_user_model_id(spec))
    # A shortcut cannot be the key of a component, https://learn.microsoft.com/windows/win32/msi/ice43
    SubElement(
        component,
        "RegistryValue",
        Id="folder",
        Root=_root(spec),
        Key=f"Software\\{spec.app_id}",
        Name="InstallFolder",
        Type="string",
        Value="[INSTALLDIR]",
        KeyPath="yes",
    )
    return ["StartMenu"]
