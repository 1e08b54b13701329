"""What tests of apps need: a runtime without a screen, a page without a browser, a program that is run step by step.

with AppHarness() as app:
    main = app.launch(MyApp)
    page = app.page(main)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deskapp.testing.client import FakePage, PageObject, Ref, TestClient
    from deskapp.testing.fake_runtime import FakeRuntime, FakeWindow, Faults
    from deskapp.testing.harness import AppHarness

__all__ = ["AppHarness", "FakePage", "FakeRuntime", "FakeWindow", "Faults", "PageObject", "Ref", "TestClient"]

_HOMES = {
    "AppHarness": "harness",
    "FakePage": "client",
    "FakeRuntime": "fake_runtime",
    "FakeWindow": "fake_runtime",
    "Faults": "fake_runtime",
    "PageObject": "client",
    "Ref": "client",
    "TestClient": "client",
}


def __getattr__(name: str) -> object:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"deskapp.testing.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
