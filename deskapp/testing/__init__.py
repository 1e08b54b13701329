"""What tests of apps need: a runtime without a screen, a page without a browser, a program that is run step by step.

with AppHarness() as app:
    main = app.launch(MyApp)
    page = app.page(main)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskapp._lazy import lazy_names

if TYPE_CHECKING:
    from deskapp.testing.client import FakePage, PageObject, Ref, TestClient
    from deskapp.testing.fake_runtime import FakeRuntime, FakeWindow, Faults
    from deskapp.testing.harness import AppHarness
else:
    __getattr__ = lazy_names(
        __name__,
        {
            "deskapp.testing.client": ("FakePage", "PageObject", "Ref", "TestClient"),
            "deskapp.testing.fake_runtime": ("FakeRuntime", "FakeWindow", "Faults"),
            "deskapp.testing.harness": ("AppHarness",),
        },
    )

__all__ = ["AppHarness", "FakePage", "FakeRuntime", "FakeWindow", "Faults", "PageObject", "Ref", "TestClient"]
