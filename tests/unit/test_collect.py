"""What stands in for a program's launcher while it is only looked at; the runs themselves: `freeze/test_precompile`."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deskapp import App, app
from deskapp._collect import Collector, Inert, NoPScript
from deskapp.errors import ConfigError
from tests.unit.session.classes import Main


@pytest.fixture
def collector() -> Collector:
    return Collector()


def test_what_is_inert_takes_everything_and_does_nothing() -> None:
    inert = Inert()
    inert.value = 3
    assert inert.anything(1, two=2).and_more["key"] is inert
    assert list(inert) == []
    with inert as entered:
        assert entered is inert
    assert not hasattr(inert, "__len__")


def test_launches_are_written_down_with_their_runtimes(collector: Collector, monkeypatch: pytest.MonkeyPatch) -> None:
    old = app.use_launcher(collector)
    try:
        assert isinstance(app.launch(Main, "webview", size=(1, 2)), Inert)
        App(Main).serve("other")
        app.export(Main, "nowhere/page.html")
        assert App(Main).dump() == {}
        App(Main).freeze("nowhere")
        app.launch("https://example.org", "browser", app_id="org.example.b")
        assert app.current_server(create=False) is None
        for end in (app.run, app.start):
            with pytest.raises(SystemExit, match="0"):
                end()
    finally:
        app.use_launcher(old)
    assert [spec.public_name for spec in collector.apps] == ["Main", "other", "Main", "Main", "Main"]
    assert collector.runtimes == {"webview", "browser"}
    assert collector.app_ids == {"org.example.b"}
    assert not Path("nowhere").exists()


def test_a_launch_with_an_impossible_wish_is_refused(collector: Collector) -> None:
    with pytest.raises(ConfigError, match="sice"):
        collector.launch(App(Main).spec, None, sice=3)


async def test_programs_with_a_loop_of_their_own_end_as_well(collector: Collector) -> None:
    with pytest.raises(SystemExit, match="0"):
        await collector.run_async()
    assert collector.is_used


def test_an_ordinary_launcher_collects_nothing() -> None:
    assert app.launcher().collect(App(Main).spec) is False


def test_pscript_cannot_be_imported_where_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pscript"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [NoPScript(), *sys.meta_path])
    with pytest.raises(ModuleNotFoundError, match="pscript"):
        import pscript  # noqa: F401
    import json.tool  # noqa: F401  others can
