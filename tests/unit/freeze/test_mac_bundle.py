"""deskapp/freeze/_mac_bundle.py."""

from __future__ import annotations

import dataclasses
import os
import plistlib
import shutil
import stat
from pathlib import Path

import pytest
from PIL import Image

from deskapp.errors import BuildFailed, SpecError, ToolMissing
from deskapp.freeze import _mac_bundle
from deskapp.freeze._mac_bundle import (
    IDENTITY_VARIABLE,
    NOTARY_KEYCHAIN_VARIABLE,
    bundle,
    check,
    entitlements,
    finish,
    identity,
    info_plist,
    nested_code,
    notarize_commands,
    notary_keychain,
    sign_commands,
    write_contents,
)
from deskapp.freeze._spec import FileType, FreezeSpec, MacOptions
from deskapp.freeze.installers import DistTree
from tests.unit.freeze.windows import ODD_NAME, product, quiet, same_as_golden

MACH_O = b"\xcf\xfa\xed\xfe"


def mac(name: str = "Body Mass", **options: object) -> FreezeSpec:
    """A product with options of macOS."""
    return dataclasses.replace(product(name=name), macos=MacOptions(**options))  # type: ignore[arg-type]


def frozen(folder: Path) -> DistTree:
    """What PyInstaller leaves on macOS, as far as it matters."""
    contents = folder / "Body Mass.app/Contents"
    files = {
        "MacOS/body-mass": MACH_O + b"program",
        "Frameworks/Python.framework/Versions/3.12/Python": MACH_O + b"python",
        "Frameworks/lib-dynload/_ssl.so": MACH_O + b"ssl",
        "Frameworks/libssl.dylib": b"\xca\xfe\xba\xbe" + b"ssl",
        "Resources/base_library.zip": b"PK",
        "Resources/short": b"a",
        "Info.plist": plistlib.dumps({"CFBundleIconFile": "icon-windowed.icns", "LSBackgroundOnly": False}),
    }
    for name, content in files.items():
        path = contents / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (contents / "Frameworks/Python").symlink_to("Python.framework/Versions/3.12/Python")
    return DistTree(folder, contents / "MacOS/body-mass")


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tools of macOS that write down what they are asked; returns the file."""
    calls = tmp_path / "calls"
    for name in ("codesign", "xcrun", "hdiutil"):
        tool = tmp_path / "bin" / name
        tool.parent.mkdir(exist_ok=True)
        tool.write_text(f'#!/bin/sh\necho "$(basename "$0")" "$@" >> "{calls}"\n', encoding="utf-8")
        tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return calls


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        (
            "Info.plist",
            mac(ODD_NAME, usage={"NSCameraUsageDescription": "To scan <labels>."}, minimum_version="12.3"),
        ),
        ("Info-bare.plist", dataclasses.replace(product(kinds=False), copyright="")),
    ],
)
def test_info_is_the_one_that_was_read(name: str, spec: FreezeSpec) -> None:
    assert same_as_golden(plistlib.dumps(info_plist(spec, "body-mass")).decode(), name)


def test_entitlements_are_those_that_were_read() -> None:
    spec = mac(usage={"NSCameraUsageDescription": "a", "NSBluetoothAlwaysUsageDescription": "b"})
    assert same_as_golden(entitlements(spec).decode(), "entitlements.plist")


def test_a_kind_that_the_system_describes_is_not_described_again() -> None:
    kinds = (FileType("txt", "text/plain", "Text", role="viewer"), FileType("note", "", "Note"))
    said = info_plist(dataclasses.replace(product(), file_types=kinds), "body-mass")
    text, note = said["CFBundleDocumentTypes"]
    assert (text["LSItemContentTypes"], text["LSHandlerRank"], text["CFBundleTypeRole"]) == (
        ["public.plain-text"],
        "Alternate",
        "Viewer",
    )
    assert (note["LSItemContentTypes"], note["LSHandlerRank"]) == (["org.example.BodyMass.note"], "Owner")
    (own,) = said["UTExportedTypeDeclarations"]
    assert own["UTTypeTagSpecification"] == {"public.filename-extension": ["note"]}


def test_contents_get_info_and_icons_and_keep_what_is_not_said(tmp_path: Path) -> None:
    picture = tmp_path / "icon.png"
    Image.new("RGB", (64, 64), (200, 0, 0)).save(picture)
    kinds = (FileType("note", "application/x-note", "Note", icon=picture),)
    spec = dataclasses.replace(product(), icon=picture, file_types=kinds)
    app = bundle(frozen(tmp_path / "dist"))
    write_contents(spec, app, "body-mass")
    said = plistlib.loads((app / "Contents/Info.plist").read_bytes())
    assert said["LSBackgroundOnly"] is False
    assert said["CFBundleIdentifier"] == "org.example.BodyMass"
    assert said["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["bodymass"]
    named = [
        said["CFBundleIconFile"],
        said["CFBundleDocumentTypes"][0]["CFBundleTypeIconFile"],
        said["UTExportedTypeDeclarations"][0]["UTTypeIconFile"],
    ]
    assert named == ["body-mass.icns", "document-note.icns", "document-note.icns"]
    for name in named:
        with Image.open(app / "Contents/Resources" / name) as image:
            assert image.format == "ICNS"


def test_code_is_signed_from_the_inside_out(tmp_path: Path) -> None:
    app = bundle(frozen(tmp_path))
    code = nested_code(app)
    assert [str(path.relative_to(app / "Contents")) for path in code] == [
        "Frameworks/Python.framework/Versions/3.12/Python",
        "Frameworks/lib-dynload/_ssl.so",
        "Frameworks/libssl.dylib",
        "MacOS/body-mass",
    ]
    commands = sign_commands(app, code, identity="Developer ID Application: Ada", entitlements=Path("/e.plist"))
    assert [command[-1] for command in commands] == [*map(str, code), str(app), str(app)]
    entitled = [command[-1] for command in commands if "--entitlements" in command]
    assert entitled == [str(code[-1]), str(app)]  # a library is entitled to nothing of its own
    for command in commands[:-1]:
        assert command[:4] == ("codesign", "--force", "--sign", "Developer ID Application: Ada")
        assert command[4:7] == ("--timestamp", "--options", "runtime")
    assert commands[-1][:4] == ("codesign", "--verify", "--deep", "--strict")


def test_without_an_identity_it_is_signed_for_this_machine(tmp_path: Path) -> None:
    app = bundle(frozen(tmp_path))
    for command in sign_commands(app, nested_code(app), identity="", entitlements=Path("/e.plist"))[:-1]:
        assert command[:4] == ("codesign", "--force", "--sign", "-")
        assert "--timestamp" not in command


def test_finish_writes_before_it_signs(tmp_path: Path, tools: Path) -> None:
    tree = frozen(tmp_path / "dist")
    (tmp_path / "work").mkdir()
    finish(mac(identity="Ada"), tree, work=tmp_path / "work", log=quiet)
    calls = tools.read_text(encoding="utf-8").splitlines()
    assert len(calls) == 6
    assert all(call.startswith("codesign --force --sign Ada --timestamp") for call in calls[:-1])
    assert f"--entitlements {tmp_path / 'work/entitlements.plist'}" in calls[-2]
    plistlib.loads((tmp_path / "work/entitlements.plist").read_bytes())


def test_a_refusal_of_codesign_is_told(tmp_path: Path, tools: Path) -> None:
    (tools.parent / "bin/codesign").write_text("#!/bin/sh\necho no identity found; exit 1\n", encoding="utf-8")
    (tmp_path / "work").mkdir()
    with pytest.raises(BuildFailed, match=r"sign failed with exit code 1[\s\S]*no identity found"):
        finish(mac(identity="Ada"), frozen(tmp_path / "dist"), work=tmp_path / "work", log=quiet)


def test_elsewhere_the_error_says_where_it_is_built(tmp_path: Path) -> None:
    assert shutil.which("codesign") is None
    (tmp_path / "work").mkdir()
    with pytest.raises(ToolMissing, match=r"deskapp freeze --ci github  # macOS alone has it"):
        finish(mac(), frozen(tmp_path / "dist"), work=tmp_path / "work", log=quiet)


def test_a_program_in_no_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"is in no .app"):
        bundle(DistTree(tmp_path, tmp_path / "body-mass"))


def test_notarizing_waits_and_fastens_the_answer() -> None:
    submit, staple, validate = notarize_commands(Path("/a b.dmg"), keychain="/k")
    assert submit[:4] == ("xcrun", "notarytool", "submit", "/a b.dmg")
    assert submit[4:9] == ("--keychain-profile", "deskapp", "--keychain", "/k", "--wait")
    assert staple == ("xcrun", "stapler", "staple", "/a b.dmg")
    assert validate == ("xcrun", "stapler", "validate", "/a b.dmg")
    assert "--keychain" not in notarize_commands(Path("/a.dmg"))[0]


def test_who_signs_and_whether_it_is_notarized(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (identity(mac()), notary_keychain(mac(team_id="T"))) == ("", None)
    assert notary_keychain(mac(identity="Ada")) is None
    assert notary_keychain(mac(identity="Ada", team_id="T")) == ""
    monkeypatch.setenv(NOTARY_KEYCHAIN_VARIABLE, "/k")
    assert notary_keychain(mac()) is None
    assert notary_keychain(mac(identity="Ada")) == "/k"
    monkeypatch.setenv(IDENTITY_VARIABLE, "Bob")
    assert (identity(mac(identity="Ada")), notary_keychain(mac())) == ("Bob", "/k")


@pytest.mark.parametrize(
    ("key", "spec"),
    [
        ("app_id", dataclasses.replace(product(), app_id="org.example.body mass")),
        ("app_id", dataclasses.replace(product(), app_id="bodymass")),
        ("macos.minimum_version", mac(minimum_version="Big Sur")),
        ("macos.category", mac(category="utilities")),
        ("macos.usage.camera", mac(usage={"camera": "To scan."})),
        ("macos.entitlements", mac(entitlements=Path("/nowhere.plist"))),
        ("version", product(version="next")),
    ],
)
def test_what_a_bundle_cannot_say_is_refused_by_its_key(key: str, spec: FreezeSpec) -> None:
    with pytest.raises(SpecError) as caught:
        check(spec)
    assert caught.value.key == key


def test_own_entitlements_are_taken_as_they_are(tmp_path: Path) -> None:
    file = tmp_path / "own.plist"
    for broken in (
        "{",
        '<?xml version="1.0"?><plist><dict>',
        '<?xml version="1.0"?><plist><dict><key>a</key></dict></plist>',
    ):
        file.write_text(broken, encoding="utf-8")
        with pytest.raises(SpecError, match=r"^macos.entitlements: .*cannot be read as a .plist"):
            check(mac(entitlements=file))
    file.write_bytes(plistlib.dumps({"com.apple.security.app-sandbox": True}))
    check(mac(entitlements=file))
    assert entitlements(mac(entitlements=file)) == file.read_bytes()


def test_a_default_product_can_be_a_bundle() -> None:
    _mac_bundle.check(product())
