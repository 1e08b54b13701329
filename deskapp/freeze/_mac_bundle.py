"""The ``.app`` of macOS: what its Info.plist says, its icons, what it may do, and the commands that sign it.

::

    Body Mass.app/Contents
      Info.plist              made here, over what PyInstaller wrote
      MacOS/body-mass         the program
      Frameworks/…            Python and libraries, each signed by itself before what holds them
      Resources/*.icns        icons of the program and its documents
      _CodeSignature/         made by codesign, last of all

Signing and notarizing need macOS; what is run there is data here: tuples of words.
"""

from __future__ import annotations

import os
import plistlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from xml.parsers.expat import ExpatError

from deskapp._icon import Icon
from deskapp.errors import SpecError
from deskapp.freeze._spec import FileType, FreezeSpec
from deskapp.freeze.metadata import bundle_id, mac_bundle_version, mac_short_version
from deskapp.freeze.tools import Log, Tool

if TYPE_CHECKING:
    from deskapp.freeze.installers import DistTree

IDENTITY_VARIABLE = "DESKAPP_SIGN_IDENTITY"
"""Names an identity that takes the place of the product's, as a build on a server has it."""

NOTARY_KEYCHAIN_VARIABLE = "DESKAPP_NOTARY_KEYCHAIN"
"""Names the keychain that holds `NOTARY_PROFILE`, where that is not the user's own."""

NOTARY_PROFILE = "deskapp"

_REMEDY = "deskapp freeze --ci github  # macOS alone has it; this workflow builds there"
CODESIGN = Tool("codesign", _REMEDY)
XCRUN = Tool("xcrun", _REMEDY)

_MACH_O = frozenset({b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xca\xfe\xba\xbe"})  # 64 bits, 32 bits, several

# A description in the system's own words, so that ours would only contradict it.
_SYSTEM_TYPES: Mapping[str, str] = MappingProxyType({
    "csv": "public.comma-separated-values-text",
    "gif": "com.compuserve.gif",
    "html": "public.html",
    "jpeg": "public.jpeg",
    "jpg": "public.jpeg",
    "json": "public.json",
    "md": "net.daringfireball.markdown",
    "mp3": "public.mp3",
    "mp4": "public.mpeg-4",
    "pdf": "com.adobe.pdf",
    "png": "public.png",
    "py": "public.python-script",
    "svg": "public.svg-image",
    "tiff": "public.tiff",
    "txt": "public.plain-text",
    "wav": "com.microsoft.waveform-audio",
    "xml": "public.xml",
    "yaml": "public.yaml",
    "zip": "public.zip-archive",
})  # fmt: skip

# What a Python program needs under the hardened runtime: ctypes and cffi write the code of callbacks.
_ENTITLEMENTS = ("com.apple.security.cs.allow-jit", "com.apple.security.cs.allow-unsigned-executable-memory")

# Under the hardened runtime a program asks in vain for what it says it uses but is not entitled to.
_ENTITLED_BY_USAGE: Mapping[str, str] = MappingProxyType({
    "NSAppleEventsUsageDescription": "com.apple.security.automation.apple-events",
    "NSCalendarsUsageDescription": "com.apple.security.personal-information.calendars",
    "NSCameraUsageDescription": "com.apple.security.device.camera",
    "NSContactsUsageDescription": "com.apple.security.personal-information.addressbook",
    "NSLocationUsageDescription": "com.apple.security.personal-information.location",
    "NSMicrophoneUsageDescription": "com.apple.security.device.audio-input",
    "NSPhotoLibraryUsageDescription": "com.apple.security.personal-information.photos-library",
})  # fmt: skip

_VERSION = re.compile(r"\d+(\.\d+){0,2}")
_USAGE = re.compile(r"NS\w+UsageDescription")


def check(spec: FreezeSpec) -> None:
    """Refuse what an Info.plist cannot say.

    Raises:
        SpecError: It names the key.
    """
    mac = spec.macos
    mac_short_version(spec.version)
    bundle_id(spec.app_id)
    if not _VERSION.fullmatch(mac.minimum_version):
        raise SpecError("macos.minimum_version", f"{mac.minimum_version!r} is no version of macOS, as '11.0' is")
    if not mac.category.startswith("public.app-category."):
        raise SpecError("macos.category", f"{mac.category!r} does not begin with 'public.app-category.'")
    for key in mac.usage:
        if not _USAGE.fullmatch(key):
            raise SpecError(f"macos.usage.{key}", "such a key is like 'NSCameraUsageDescription'")
    if mac.entitlements is not None:
        entitlements(spec)


def info_plist(spec: FreezeSpec, executable: str) -> dict[str, Any]:
    """What Info.plist says.

    Args:
        spec: What the product is.
        executable: Name of the program in ``Contents/MacOS``.

    Raises:
        SpecError: The version cannot be spelled.
    """
    said: dict[str, Any] = {
        "CFBundleDevelopmentRegion": "en",
        "CFBundleDisplayName": spec.name,
        "CFBundleExecutable": executable,
        "CFBundleIdentifier": bundle_id(spec.app_id),
        "CFBundleInfoDictionaryVersion": "6.0",
        "CFBundleName": spec.name,
        "CFBundlePackageType": "APPL",
        "CFBundleShortVersionString": mac_short_version(spec.version),
        "CFBundleVersion": mac_bundle_version(spec.version),
        "LSApplicationCategoryType": spec.macos.category,
        "LSMinimumSystemVersion": spec.macos.minimum_version,
        # Our pages come from this machine by http, which WebKit otherwise refuses in a bundle.
        "NSAppTransportSecurity": {"NSAllowsLocalNetworking": True},
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticGraphicsSwitching": True,
    }
    if spec.icon is not None:
        said["CFBundleIconFile"] = f"{spec.slug}.icns"
    if spec.copyright:
        said["NSHumanReadableCopyright"] = spec.copyright
    if spec.url_schemes:
        kind = {"CFBundleURLName": spec.app_id, "CFBundleURLSchemes": list(spec.url_schemes)}
        said["CFBundleURLTypes"] = [{"CFBundleTypeRole": "Viewer", **kind}]
    if spec.file_types:
        said["CFBundleDocumentTypes"] = [_document_type(spec, kind) for kind in spec.file_types]
    own = [_exported_type(spec, kind) for kind in spec.file_types if kind.extension not in _SYSTEM_TYPES]
    if own:
        said["UTExportedTypeDeclarations"] = own
    return {**said, **spec.macos.usage}


def entitlements(spec: FreezeSpec) -> bytes:
    """The ``.plist`` of what the program may do.

    Raises:
        SpecError: The product's own cannot be read.
    """
    own = spec.macos.entitlements
    if own is not None:
        try:
            content = own.read_bytes()
            plistlib.loads(content)
        except (OSError, ValueError, ExpatError, plistlib.InvalidFileException) as error:
            raise SpecError("macos.entitlements", f"{str(own)!r} cannot be read as a .plist: {error}") from error
        return content
    entitled = [*_ENTITLEMENTS, *(_ENTITLED_BY_USAGE[key] for key in spec.macos.usage if key in _ENTITLED_BY_USAGE)]
    return plistlib.dumps(dict.fromkeys(sorted(entitled), True))


def bundle(tree: DistTree) -> Path:
    """The ``.app`` that the program is in.

    Raises:
        SpecError: It is in none.
    """
    for folder in tree.executable.parents:
        if folder.suffix == ".app":
            return folder
    raise SpecError("macos.formats", f"{str(tree.executable)!r} is in no .app; it was not built on macOS")


def finish(spec: FreezeSpec, tree: DistTree, *, work: Path, log: Log) -> None:
    """Make a bundle of PyInstaller's whole: Info.plist and icons, then its signature, which those would break.

    Args:
        spec: What the product is.
        tree: The frozen program; it is changed.
        work: Folder for entitlements.
        log: Gets what codesign prints.

    Raises:
        SpecError: The product says what a bundle cannot.
        AssetMissing: A picture cannot be read.
        BuildFailed: codesign refuses.
        ToolMissing: This is no macOS.
    """
    check(spec)
    app = bundle(tree)
    write_contents(spec, app, tree.executable.name)
    file = work / "entitlements.plist"
    file.write_bytes(entitlements(spec))
    for command in sign_commands(app, nested_code(app), identity=identity(spec), entitlements=file):
        CODESIGN.run(*command[1:], stage="sign", log=log)


def write_contents(spec: FreezeSpec, app: Path, executable: str) -> None:
    """Write Info.plist, over what is there, and icons; the signature that the bundle may have holds no longer."""
    contents = app / "Contents"
    (contents / "Resources").mkdir(parents=True, exist_ok=True)
    file = contents / "Info.plist"
    before = plistlib.loads(file.read_bytes()) if file.exists() else {}
    # PyInstaller names an icon of its own where the product has none.
    file.write_bytes(plistlib.dumps({**before, **info_plist(spec, executable)}))
    for name, picture in _icons(spec):
        (contents / "Resources" / name).write_bytes(Icon(picture).icns())


def nested_code(app: Path) -> tuple[Path, ...]:
    """Every file of machine code in a bundle, the deepest first, without links."""
    found = [path for path in app.rglob("*") if path.is_file() and not path.is_symlink() and _is_code(path)]
    return tuple(sorted(found, key=lambda path: (-len(path.parts), str(path))))


def sign_commands(app: Path, code: Sequence[Path], *, identity: str, entitlements: Path) -> tuple[tuple[str, ...], ...]:
    """What signs a bundle, from the inside out, and verifies it.

    Not by ``--deep``, which signs libraries with what only the program is entitled to, and which Apple advises against.

    Args:
        app: The bundle.
        code: What is in it, see `nested_code`.
        identity: Empty signs for this machine alone, as Apple silicon needs for a program to run at all.
        entitlements: Of the program.
    """
    hardened = ("--timestamp", "--options", "runtime") if identity else ()
    sign = ("codesign", "--force", "--sign", identity or "-", *hardened)
    program = app / "Contents/MacOS"
    entitled = (*sign, "--entitlements", str(entitlements))
    return (
        *((*sign, str(file)) for file in code if file.parent != program),
        *((*entitled, str(file)) for file in code if file.parent == program),
        (*entitled, str(app)),
        ("codesign", "--verify", "--deep", "--strict", "--verbose=2", str(app)),
    )


def notarize_commands(file: Path, *, keychain: str = "") -> tuple[tuple[str, ...], ...]:
    """What has Apple look at a signed ``.dmg`` or ``.zip``, and fastens its answer to a ``.dmg``.

    The credentials are in a keychain, put there once by hand:
    ``xcrun notarytool store-credentials deskapp --apple-id … --team-id …``.

    Args:
        file: What is handed to people.
        keychain: The one that has them; empty for the user's own.
    """
    where = ("--keychain", keychain) if keychain else ()
    submit = ("xcrun", "notarytool", "submit", str(file), "--keychain-profile", NOTARY_PROFILE, *where)
    return (
        (*submit, "--wait", "--timeout", "30m"),
        ("xcrun", "stapler", "staple", str(file)),
        ("xcrun", "stapler", "validate", str(file)),
    )


def identity(spec: FreezeSpec) -> str:
    """The certificate's name, of the environment or else the product's; empty signs for this machine alone."""
    return os.environ.get(IDENTITY_VARIABLE) or spec.macos.identity


def notary_keychain(spec: FreezeSpec) -> str | None:
    """Where the credentials for notarization are, empty for the user's own keychain; None: nothing is notarized."""
    given = os.environ.get(NOTARY_KEYCHAIN_VARIABLE)
    if not identity(spec):
        return None
    return given if given else ("" if spec.macos.team_id else None)


def _document_type(spec: FreezeSpec, kind: FileType) -> dict[str, Any]:
    ours = kind.extension not in _SYSTEM_TYPES
    said: dict[str, Any] = {
        "CFBundleTypeName": kind.description,
        "CFBundleTypeRole": kind.role.capitalize(),
        "LSHandlerRank": "Owner" if ours else "Alternate",
        "LSItemContentTypes": [_type_id(spec, kind)],
    }
    if kind.icon is not None:
        said["CFBundleTypeIconFile"] = _icon_name(kind)
    return said


def _exported_type(spec: FreezeSpec, kind: FileType) -> dict[str, Any]:
    tags = {"public.filename-extension": [kind.extension]}
    if kind.mime:
        tags["public.mime-type"] = [kind.mime]
    said: dict[str, Any] = {
        "UTTypeConformsTo": ["public.data"],
        "UTTypeDescription": kind.description,
        "UTTypeIdentifier": _type_id(spec, kind),
        "UTTypeTagSpecification": tags,
    }
    if kind.icon is not None:
        said["UTTypeIconFile"] = _icon_name(kind)
    return said


def _type_id(spec: FreezeSpec, kind: FileType) -> str:
    ending = re.sub(r"[^a-z0-9-]", "-", kind.extension.lower())
    return _SYSTEM_TYPES.get(kind.extension) or f"{bundle_id(spec.app_id)}.{ending}"


def _icons(spec: FreezeSpec) -> Iterator[tuple[str, Path]]:
    if spec.icon is not None:
        yield f"{spec.slug}.icns", spec.icon
    for kind in spec.file_types:
        if kind.icon is not None:
            yield _icon_name(kind), kind.icon


def _icon_name(kind: FileType) -> str:
    return f"document-{kind.extension}.icns"


def _is_code(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in _MACH_O
