"""`init_interactive` and `init_notebook` without a terminal: which prompt there is, and what becomes of a window."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from deskapp import PyComponent, event, interactive
from deskapp import app as program
from deskapp._notebook import Notebook
from deskapp.bridge import link as links
from deskapp.errors import DeskappError, SessionClosedException
from deskapp.event import Loop, use_loop
from deskapp.launcher import Launcher
from deskapp.testing import AppHarness, FakeRuntime


class Person(PyComponent):
    name = event.StringProp("Ada", settable=True)


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A process in which nobody has worked at a prompt yet, and IPython is not there."""
    monkeypatch.setattr(interactive._Default, "prompt", None)
    monkeypatch.setattr(interactive._Default, "notebook", None)
    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    yield
    links.use_default(None)


@pytest.fixture
def app() -> Iterator[AppHarness]:
    """A program that does not run yet."""
    with AppHarness() as app:
        yield app


def pretend_ipython(monkeypatch: pytest.MonkeyPatch, shell: Any) -> None:
    """Have IPython imported, with this shell at work."""
    module = ModuleType("IPython")
    module.get_ipython = lambda: shell  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", module)


# -- in a kernel, whose loop runs


async def test_a_window_opens_beside_a_running_loop_and_has_what_is_made() -> None:
    async with AppHarness() as app:
        root = program.init_interactive(title="prompt")
        window = await app.window(root)
        assert app.runtime.windows[window].spec.title == "prompt"
        person = Person()
        assert person.session is root.session
        assert program.init_interactive() is root
        assert program.init_interactive(Person) is root
        app.runtime.user_closes(window)
        await app.until(lambda: root.session.ending is not None)
        with pytest.raises(SessionClosedException):
            Person()
        again = program.init_interactive(Person, title="again")
        assert isinstance(again, Person)
        assert again.session is not root.session
        assert Person().session is again.session
        await app.window(again)


async def test_an_app_with_arguments_can_be_shown() -> None:
    async with AppHarness() as app:
        root: Any = program.init_interactive(program.App(Person, name="Grace"))
        await app.window(root)
        assert root.name == "Grace"


# -- at a plain prompt


def test_without_a_prompt_an_error_says_what_to_call(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(sys, "ps1", raising=False)
    monkeypatch.delenv("PYTHONINSPECT", raising=False)
    with pytest.raises(DeskappError, match=r"call launch\(\) and then run\(\)"):
        program.init_interactive()
    assert app.launcher.hosts == {}


@pytest.mark.parametrize(("module", "title"), [("idlelib.run", "IDLE"), ("ptpython", "ptpython")])
def test_prompts_that_wait_alone_are_named(
    app: AppHarness, monkeypatch: pytest.MonkeyPatch, module: str, title: str
) -> None:
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    monkeypatch.setitem(sys.modules, module, ModuleType(module))
    with pytest.raises(DeskappError, match=f"the prompt of {title} lets nobody else work"):
        program.init_interactive()


def test_another_thread_has_no_prompt(app: AppHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    found: list[str] = []

    def call() -> None:
        try:
            program.init_interactive()
        except DeskappError as error:
            found.append(str(error))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(5)
    assert "another thread" in found[0]


def test_at_a_plain_prompt_the_window_opens_when_the_prompt_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    with use_loop(Loop()):
        launcher = Launcher(AppHarness()._settings, select=lambda _: [FakeRuntime])
        old = program.use_launcher(launcher)
        try:
            root = program.init_interactive(Person)
            prompt = interactive.prompt(launcher)
            assert launcher.is_running
            assert prompt._hook is not None
            assert prompt._hook.is_installed
            for _ in range(50):
                prompt._hook._run_once()  # as the prompt does while it waits
            [host] = launcher.hosts.values()
            assert isinstance(host, FakeRuntime)
            assert len(host.windows) == 1
            assert asyncio.get_event_loop() is prompt._aio
            prompt.end()
            assert root.session.ending is not None
            assert not launcher.is_running
            assert not prompt._hook.is_installed
            assert prompt.is_over
            prompt.end()
        finally:
            program.use_launcher(old)


# -- notebooks


async def test_a_notebook_needs_a_kernel() -> None:
    async with AppHarness():
        with pytest.raises(DeskappError, match=r"at a prompt call init_interactive\(\)"):
            program.init_notebook()


async def test_ipython_shows_components_once_a_notebook_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    formatters: dict[type, Any] = {}
    shell = SimpleNamespace(
        kernel=object(),
        display_formatter=SimpleNamespace(mimebundle_formatter=SimpleNamespace(for_type=formatters.__setitem__)),
        history_manager=SimpleNamespace(input_hist_parsed=["", "person"]),
    )
    pretend_ipython(monkeypatch, shell)
    channel = SimpleNamespace(on_msg=lambda callback: None, send=lambda content, buffers=(): None)
    monkeypatch.setattr("deskapp._notebook.make_channel", lambda kernel: channel)
    async with AppHarness() as app:
        program.init_notebook()
        person = Person()
        notebook = interactive._Default.notebook
        assert isinstance(notebook, Notebook)
        assert person.session is notebook.home
        assert [kind.__name__ for kind in formatters] == ["BaseAppComponent"]
        program.init_notebook()
        assert interactive._Default.notebook is notebook
        links.use_default(None)
        program.init_notebook()  # after init_interactive(), say: cells are the place again
        assert Person().session is notebook.home
        notebook.home.close()
        program.init_notebook()
        assert interactive._Default.notebook is not notebook
        assert Person().session is not person.session
        assert app.launcher.hosts == {}
