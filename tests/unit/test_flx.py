from __future__ import annotations

import importlib

import pytest

from deskapp import app, event, flx
from deskapp.testing import AppHarness


def test_it_has_every_public_name_of_the_package_of_app_and_of_event() -> None:
    for home in ("deskapp", "deskapp.app", "deskapp.event"):
        module = importlib.import_module(home)
        for name in set(module.__all__) - {"loop", "config", "assets", "manager"}:
            assert getattr(flx, name) is not None
            assert name in dir(flx)


def test_names_are_the_same_objects_as_at_home() -> None:
    assert flx.PyComponent is app.PyComponent
    assert flx.StringProp is event.StringProp
    assert flx.launch is app.launch


@pytest.mark.parametrize("name", ["Widget", "HBox", "Label", "create_element"])
def test_a_widget_is_refused_with_what_to_put_in_its_place(name: str) -> None:
    with pytest.raises(AttributeError, match=rf"flx\.{name} has no counterpart.*JsComponent with a node.*from-flexx"):
        getattr(flx, name)


@pytest.mark.parametrize("name", ["Wigdet", "_HOME", "__path__"])
def test_other_names_are_unknown(name: str) -> None:
    with pytest.raises(AttributeError, match="has no attribute"):
        getattr(flx, name)


class Shown(flx.JsComponent):
    text = flx.StringProp(settable=True)

    @flx.reaction("text")
    def show(self, *events: flx.Event) -> None:
        self.node.textContent = self.text


class Greeter(flx.PyComponent):
    name = flx.StringProp("you", settable=True)

    def init(self) -> None:
        self.shown = Shown(text=lambda: f"Hello, {self.name}")

    @flx.action
    def greet(self, name: str) -> None:
        self.set_name(name)


def test_a_program_spelled_with_it_runs() -> None:
    with AppHarness() as harness:
        greeter = harness.launch(Greeter)
        page = harness.page(greeter)
        page.invoke(greeter, "greet", "Ada")
        harness.settle()
        assert page.prop(greeter.shown, "text") == "Hello, Ada"
