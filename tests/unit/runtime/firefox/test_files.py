from __future__ import annotations

import configparser
import json
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PIL import Image

from deskapp.paths import resource
from deskapp.runtime.firefox import _files as files
from deskapp.runtime.window import WindowMode, WindowSpec

LINE = re.compile(r'user_pref\(("(?:[^"\\]|\\.)*"), (true|false|-?\d+|"(?:[^"\\]|\\.)*")\);')
NASTY = 'http://127.0.0.1:1/?a="1"&b=<\\>\'|`\u2028\n\0é#\U0001f600'
INI = """; made by Mozilla
[App]
Vendor=Mozilla
Name=Firefox
RemotingName=firefox-esr
Version=153.8.0

[Gecko]
MinVersion=153.8.0
MaxVersion=153.8.0

[Crash Reporter]
Enabled=1
ServerURL=https://crash-reports.mozilla.com/submit

[XRE]
EnableProfileMigrator=1
"""


def preferences(text: str) -> dict[str, object]:
    """What a file of preferences says; every line is one."""
    found = {}
    for line in text.split("\n")[:-1]:
        matched = LINE.fullmatch(line)
        assert matched is not None, line
        found[json.loads(matched.group(1))] = json.loads(matched.group(2))
    assert text.endswith("\n")
    return found


@pytest.mark.parametrize("make", [files.browser_files, files.xul_files])
def test_every_line_of_the_preferences_is_well_formed(make: object) -> None:
    assert callable(make)
    window = WindowSpec(NASTY, title='"); evil(); //\n')
    said = preferences(make(window)["user.js"].decode())
    assert said["toolkit.telemetry.enabled"] is False
    assert said["browser.shell.checkDefaultBrowser"] is False
    assert len(said) > 100


def test_the_address_is_the_only_home_page() -> None:
    said = preferences(files.browser_files(WindowSpec(NASTY))["user.js"].decode())
    home = said["browser.startup.homepage"]
    assert home == NASTY.replace("|", "%7C").replace("\0", "")
    assert said["browser.startup.page"] == 1


def test_developer_tools_are_for_windows_with_debug() -> None:
    for debug in (True, False):
        said = files.browser_preferences(WindowSpec("http://x/", debug=debug))
        assert said["devtools.policy.disabled"] is not debug


@pytest.mark.parametrize("name", ["", "one", "a b.c", 'a"b.c', "a..b", ".a", "a.b\n"])
def test_what_is_no_name_of_a_preference_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot be the name"):
        files.preference_line(name, True)


def test_later_groups_win_and_no_name_comes_twice() -> None:
    assert files.preferences_text(({"a.b": 1, "c.d": "x"},), {"a.b": 2}) == (
        'user_pref("a.b", 2);\nuser_pref("c.d", "x");\n'
    )


def test_a_window_without_the_browser_is_described_by_preferences() -> None:
    window = WindowSpec(NASTY, width=640, height=480, x=10, y=-20, resizable=False, mode=WindowMode.KIOSK)
    said = preferences(files.xul_files(window)["user.js"].decode())
    assert said["deskapp.url"] == NASTY.replace("\0", "")
    assert said["deskapp.mode"] == "kiosk"
    assert said["deskapp.confirm_close"] is False
    assert said["toolkit.defaultChromeFeatures"] == (
        "chrome,dialog=no,titlebar,close,minimizable,width=640,height=480,left=10,top=-20"
    )


def test_a_window_without_a_place_is_centred_and_may_be_resized() -> None:
    features = files.chrome_features(WindowSpec("http://x/")).split(",")
    assert {"centerscreen", "resizable"} <= set(features)


def test_what_the_window_reads_is_what_is_written() -> None:
    script = resource("deskapp.runtime.firefox", "privileged", "xul").joinpath("content/main.js").read_text()
    read = {f"deskapp.{name}" for name in re.findall(r'wish\("(\w+)"', script)}
    written = {name for name in files.xul_preferences(WindowSpec("http://x/")) if name.startswith("deskapp.")}
    assert read == written


def test_what_the_capabilities_name_is_what_the_window_obeys() -> None:
    from deskapp.runtime.firefox.xul import FirefoxXulApp

    script = resource("deskapp.runtime.firefox", "privileged", "xul").joinpath("content/main.js").read_text()
    commands = script.partition("const commands = {")[2].partition("\n};")[0]
    obeyed = set(re.findall(r"^  (\w+): ", commands, re.MULTILINE))
    assert obeyed - {"close"} == FirefoxXulApp.capabilities.commands


def test_every_file_of_the_window_is_taken_along_and_well_formed() -> None:
    folder = resource("deskapp.runtime.firefox", "privileged", "xul")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == set(files.XUL_FILES)
    ElementTree.parse(folder / "content/main.xhtml")


def test_every_file_of_the_browsers_window_is_taken_along_and_installed_code_stays_named() -> None:
    folder = resource("deskapp.runtime.firefox", "privileged", "app")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {*files.APP_FILES, files.ARCHIVE_MANIFEST}
    made = files.archive_files("manifest one.manifest\n")
    manifest = made.pop("chrome.manifest").decode().splitlines()
    assert manifest[:2] == ["manifest one.manifest", "content deskapp chrome/deskapp/"]
    for name, content in made.items():
        for asked in re.findall(rb"chrome://deskapp/content/([\w.]+)", content):
            assert f"chrome/deskapp/{asked.decode()}" in made, name


def test_the_style_hides_the_browser_and_sets_the_smallest_size() -> None:
    style = files.user_chrome_css(WindowSpec("http://x/", min_width=310, min_height=170))
    for part in ("#nav-bar", "#TabsToolbar", "#PersonalToolbar", "#statuspanel"):
        assert part in style
    assert "min-width: 310px" in style
    assert "min-height: 170px" in style
    assert "background" not in style
    assert style.count("{") == style.count("}")


def test_the_background_is_that_of_the_window() -> None:
    assert "background: #123456 !important" in files.user_chrome_css(WindowSpec("http://x/", background="#123456"))


def test_the_menu_is_for_text_or_off_or_all() -> None:
    rules = {menu: files.user_chrome_css(WindowSpec("http://x/", context_menu=menu)) for menu in (None, True, False)}
    assert "#context-paste" in rules[None]
    assert "contentAreaContextMenu" not in rules[True]
    assert "#contentAreaContextMenu { display: none !important; }" in rules[False]


@pytest.mark.parametrize(("mode", "expected"), [(WindowMode.NORMAL, "normal"), (WindowMode.MAXIMIZED, "maximized")])
def test_firefox_is_told_how_its_window_was(mode: WindowMode, expected: str) -> None:
    store = json.loads(files.xul_store(WindowSpec("http://x/", width=640, height=480, mode=mode)))
    [shape] = [window["main-window"] for window in store.values()]
    assert shape == {"width": "640", "height": "480", "sizemode": expected}


def test_cleared_keys_are_empty_objects() -> None:
    keys = json.loads(files.browser_files(WindowSpec("http://x/"))["customKeys.json"])
    assert keys["key_newNavigator"] == {}
    assert set(map(str, keys.values())) == {"{}"}


def test_the_application_is_the_installed_one_under_another_class() -> None:
    text = files.application_ini(INI, "org.example.clock")
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text)
    assert dict(parser["App"]) == {
        "RemotingName": "org.example.clock",
        "Vendor": "Mozilla",
        "Name": "Firefox",
        "Version": "153.8.0",
    }
    assert parser["Gecko"]["MaxVersion"] == "153.8.0"
    assert "Crash Reporter" not in parser


@pytest.mark.parametrize("text", ["", "[App]\nName=Firefox\n", "<html>"])
def test_what_is_no_description_of_an_application_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\[App\] and \[Gecko\]"):
        files.application_ini(text, "a")


def test_an_icon_is_there_in_every_size_that_is_looked_for(tmp_path: Path) -> None:
    path = tmp_path / "icon.png"
    Image.new("RGB", (256, 256), "#d03060").save(path)
    made = files.icon_files(path)
    assert {Path(name).name for name in made} == {f"default{size}.png" for size in (16, 32, 48, 64, 128)}
    assert all(name.startswith("chrome/deskapp/chrome/icons/default/") for name in made)


def test_an_icon_that_cannot_be_drawn_is_handed_on_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "icon.svg"
    path.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert files.icon_files(path) == {"chrome/deskapp/chrome/icons/default/default.png": path.read_bytes()}
    assert files.icon_files(tmp_path / "missing.png") == {}
    assert files.icon_files(None) == {}
