"""What a Mac has, told from the names of modules."""

from __future__ import annotations

from deskapp.runtime.webview._find_cocoa import MODULES, find_cocoa


def test_what_pyobjc_lacks_is_named_with_its_packages() -> None:
    installed = {"webview", "objc", "AppKit", "Foundation", "PyObjCTools.AppHelper"}
    found = find_cocoa(platform="darwin", has=installed.__contains__)
    assert (found.ok, found.remedy) == (False, "pip install pyobjc-framework-WebKit")
    found = find_cocoa(platform="darwin", has={"webview"}.__contains__)
    assert found.remedy == "pip install pyobjc-core pyobjc-framework-Cocoa pyobjc-framework-WebKit"
    assert find_cocoa(platform="darwin", has=set[str]().__contains__).remedy == "pip install pywebview"
    assert find_cocoa(platform="darwin", has={"webview", *MODULES}.__contains__).ok


def test_other_systems_are_told_what_to_take_instead() -> None:
    found = find_cocoa(platform="linux")
    assert not found.ok
    assert "'webview'" in found.remedy
