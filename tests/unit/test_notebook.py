"""`Notebook` without Jupyter: a channel that keeps what it is given, and pages in memory."""

from __future__ import annotations

import asyncio
import gc
import sys
import weakref
from collections.abc import AsyncIterator
from types import ModuleType
from typing import Any

import pytest

from deskapp import PyComponent, _notebook, event
from deskapp._notebook import Notebook
from deskapp.bridge import link as links
from deskapp.bridge import messages
from deskapp.errors import PackageMissing, SessionNotFoundException
from deskapp.testing import AppHarness, FakePage


class Person(PyComponent):
    name = event.StringProp("Ada", settable=True)


class Cell:
    """A cell that shows a component, by its uid."""

    def __init__(self, uid: str) -> None:
        self.uid = uid

    def mime_bundle(self) -> tuple[dict[str, Any], dict[str, Any]]:
        return {"application/x-cell": self.uid, "text/plain": "a cell"}, {}


class Channel:
    """The comm of a widget: every page hears what Python says, and takes what is for it."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.hear: Any = None
        self.kernel = ""

    def named(self, kernel: str) -> Channel:
        self.kernel = kernel
        return self

    def on_msg(self, callback: Any) -> None:
        self.hear = callback

    def send(self, content: dict[str, Any], buffers: Any = ()) -> None:
        page = self.pages.get(content["heap"])
        if page is not None:
            page.hear(content, [bytes(buffer) for buffer in buffers])


class Page(FakePage):
    """A page of a notebook; whatever it wants to say is said at once."""

    def __init__(self, channel: Channel, *, is_deaf: bool = False) -> None:
        super().__init__()
        self._channel = channel
        self.is_deaf = is_deaf
        self.data: list[tuple[str, list[bytes]]] = []
        self.ended: tuple[int, str] | None = None
        channel.pages[self.heap] = self

    def greet(self, *, take: bool = False) -> None:
        self.say("hello", frame=self.frame_of(self.hello()), take=take)

    def say(self, verb: str, buffers: Any = (), **fields: Any) -> None:
        self._channel.hear(None, {"heap": self.heap, "do": verb, **fields}, buffers)

    def tell(self) -> None:
        for frame in self.frames():
            if isinstance(frame, str):
                self.say("frame", frame=frame)
            else:
                self.say("frame", [memoryview(frame)])

    def hear(self, content: dict[str, Any], buffers: list[bytes]) -> None:
        if self.is_deaf:
            return
        if content["do"] == "frame":
            self.take(buffers[0] if buffers else content["frame"])
            self.tell()
        elif content["do"] == "data":
            self.data.append((content["url"], buffers))
        else:
            self.ended = (content["code"], content["reason"])


class Desk:
    """A notebook under test."""

    def __init__(self, notebook: Notebook, channel: Channel) -> None:
        self.notebook = notebook
        self.channel = channel

    async def page(self, **options: Any) -> Page:
        page = Page(self.channel, **options)
        page.greet()
        await self.settle()
        return page

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
            self.notebook.home.flush()


@pytest.fixture
async def desk(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    channel = Channel()
    monkeypatch.setattr(_notebook, "make_channel", channel.named)
    monkeypatch.setattr(_notebook, "make_cell", lambda channel, uid: Cell(uid))
    monkeypatch.setattr(_notebook, "ALIVE_TIMEOUT_S", 0.05)
    async with AppHarness() as app:
        notebook = Notebook(app.launcher, asyncio.get_running_loop())
        links.use_default(notebook.home)
        yield Desk(notebook, channel)
        links.use_default(None)


async def test_what_is_made_in_a_cell_is_in_the_first_page(desk: Desk) -> None:
    person = Person(name="Grace")
    page = await desk.page()
    assert page.how == "new"
    assert page.prop(person, "name") == "Grace"
    page.invoke(person, "set_name", "Barbara")
    page.tell()
    await desk.settle()
    assert person.name == "Barbara"
    assert page.prop(person, "name") == "Barbara"


async def test_a_component_is_displayed_by_one_cell_and_its_text(desk: Desk) -> None:
    person = Person()
    data, metadata = desk.notebook.mime_bundle(person)
    assert data == {"application/x-cell": person.uid, "text/plain": repr(person)}
    assert metadata == {}


async def test_what_makes_a_component_goes_before_what_shows_it(desk: Desk) -> None:
    page = await desk.page()
    person = Person()
    desk.notebook.mime_bundle(person)
    assert page.prop(person, "name") == "Ada"


async def test_a_displayed_component_lives_on(desk: Desk) -> None:
    page = await desk.page()
    desk.notebook.mime_bundle(Person(name="nobody holds me"))
    await desk.settle()
    assert [one.props for one in page.objects.values() if one.cls == "Person"] == [{"name": "nobody holds me"}]


async def test_a_displayed_component_that_ended_is_held_no_more(desk: Desk) -> None:
    ended = weakref.ref(person := Person())
    desk.notebook.mime_bundle(person)
    person.dispose()
    del person
    desk.notebook.mime_bundle(Person())
    await desk.settle()
    gc.collect()
    assert ended() is None


async def test_what_is_saved_with_a_notebook_opens_nothing(desk: Desk) -> None:
    home = desk.notebook.home
    assert desk.channel.kernel
    assert desk.channel.kernel not in (home.key, home.asset_key, home.id)


async def test_components_of_other_sessions_and_ended_ones_are_text(desk: Desk) -> None:
    with links.use(desk.notebook._new_session()):
        other = Person()
    ended = Person()
    ended.dispose()
    for component in (other, ended):
        assert desk.notebook.mime_bundle(component)[0] == {"text/plain": repr(component)}


def answer_in(notebook: Notebook, component: PyComponent, cell: str) -> dict[str, Any]:
    """What is displayed for the value of a cell."""
    notebook._cell_text = lambda: cell

    def compute_format_data() -> dict[str, Any]:  # as IPython's displayhook calls the formatters
        return notebook.mime_bundle(component)[0]

    return compute_format_data()


async def test_the_answer_of_an_action_is_not_shown_again(desk: Desk) -> None:
    person = Person()
    assert "application/x-cell" not in answer_in(desk.notebook, person, "x = 3\nperson.set_name('Ida')")
    assert "application/x-cell" in answer_in(desk.notebook, person, "person.set_name('Ida')\nperson")
    assert "application/x-cell" in answer_in(desk.notebook, person, "find_person('Ida')")
    assert "application/x-cell" in answer_in(desk.notebook, person, "%timeit nonsense of IPython's")
    desk.notebook._cell_text = lambda: "person.set_name('Ida')"
    assert "application/x-cell" in desk.notebook.mime_bundle(person)[0]  # display(person), earlier in that cell


async def test_a_page_that_was_loaded_anew_is_rebuilt(desk: Desk) -> None:
    person = Person(name="Grace")
    first = await desk.page()
    first.say("bye")
    again = await desk.page()
    assert again.how == "rebuild"
    assert again.prop(person, "name") == "Grace"
    assert desk.notebook.home.page == again.heap


async def test_a_page_that_went_without_a_word_is_replaced(desk: Desk) -> None:
    person = Person()
    first = await desk.page()
    first.is_deaf = True
    again = Page(desk.channel)
    again.greet()
    await asyncio.sleep(0.2)
    await desk.settle()
    assert again.how == "rebuild"
    assert again.prop(person, "name") == "Ada"


async def test_a_second_tab_has_a_session_of_its_own_with_the_same_components(desk: Desk) -> None:
    person = Person()
    desk.notebook.mime_bundle(person)
    first = await desk.page()
    second = await desk.page()
    assert second.how == "new"
    assert second.session_id != first.session_id
    assert second.find(person.uid).props == {"name": "Ada"}
    second.invoke(person.uid, "set_name", "Ida")
    second.tell()
    await desk.settle()
    assert person.name == "Ida"
    assert first.prop(person, "name") == "Ida"
    second.say("bye")
    await desk.settle()
    assert first.ended is None
    assert [session.page for session in desk.notebook._manager.sessions] == [first.heap]


async def test_a_second_tab_may_take_what_the_first_shows(desk: Desk) -> None:
    person = Person()
    first = await desk.page()
    second = await desk.page()
    second._forget()
    desk.channel.pages[second.heap] = second
    second.greet(take=True)
    await desk.settle()
    assert second.how == "rebuild"
    assert second.prop(person, "name") == "Ada"
    assert first.ended == (1000, "taken")
    assert second.ended is None


async def test_a_page_that_missed_something_hears_it_again(desk: Desk) -> None:
    person = Person()
    page = await desk.page()
    page.is_deaf = True
    person.set_name("Ida")
    await desk.settle()
    page.is_deaf = False
    page.lose()
    page.greet()
    await desk.settle()
    assert page.how == "replay"
    assert page.prop(person, "name") == "Ida"


async def test_data_come_over_the_comm(desk: Desk) -> None:
    page = await desk.page()
    url = desk.notebook.home.add_data("a/b.bin", b"\x00\x01")
    page.say("data", url=url)
    page.say("data", url="/_a/other/data/none")
    await desk.settle()
    assert page.data == [(url, [b"\x00\x01"]), ("/_a/other/data/none", [])]


@pytest.mark.parametrize("content", [None, 3, {}, {"heap": 4, "do": "hello"}, {"heap": "x" * 65, "do": "frame"}])
async def test_what_is_no_message_of_ours_is_left_alone(desk: Desk, content: object) -> None:
    page = await desk.page()
    desk.channel.hear(None, content, [])
    await desk.settle()
    assert page.ended is None
    assert len(desk.notebook._sessions) == 1


async def test_a_greeting_that_is_none_changes_nothing(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    page = Page(desk.channel)
    page.say("hello", frame="[0,0,[]]")
    await desk.settle()
    assert "could not be let in" in caplog.text
    assert desk.notebook._sessions == {}


async def test_frames_that_break_the_rules_end_the_session(desk: Desk) -> None:
    page = await desk.page()
    page.say("frame", frame="nonsense")
    await desk.settle()
    assert page.closed is not None
    assert page.closed.code == 4400


async def test_after_its_end_nothing_more_can_be_made(desk: Desk) -> None:
    desk.notebook.home.close()
    with pytest.raises(SessionNotFoundException):
        Person()


async def test_evaluation_fails_when_the_page_is_loaded_anew(desk: Desk) -> None:
    page = await desk.page()
    page.answer = lambda code, args: 42
    assert await desk.notebook.home.eval_js("6 * 7") == 42
    assert page.of(messages.CALL)[0].code == "6 * 7"


def test_without_anywidget_an_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from deskapp._notebook_widgets import make_channel

    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(PackageMissing, match=r"pip install 'deskapp\[notebook\]'"):
        make_channel("kernel")


def test_the_widgets_carry_client_and_names(monkeypatch: pytest.MonkeyPatch) -> None:
    from deskapp._notebook_widgets import make_cell, make_channel

    class AnyWidget:
        model_id = "model 1"

        def _repr_mimebundle_(self) -> tuple[dict[str, Any], dict[str, Any]]:
            return {"text/plain": "widget"}, {}

    class Unicode:
        def __init__(self, text: str) -> None:
            self.text = text

        def tag(self, *, sync: bool) -> str:
            assert sync
            return self.text

    fakes = {"anywidget": ModuleType("anywidget"), "traitlets": ModuleType("traitlets")}
    fakes["anywidget"].AnyWidget = AnyWidget  # type: ignore[attr-defined]
    fakes["traitlets"].Unicode = Unicode  # type: ignore[attr-defined]
    for name, module in fakes.items():
        monkeypatch.setitem(sys.modules, name, module)
    channel = make_channel("kernel 7")
    assert channel.kernel == "kernel 7"
    assert "initialize" in channel._esm
    cell: Any = make_cell(channel, "uid 3")
    assert (cell._widget.kernel, cell._widget.channel, cell._widget.component) == ("kernel 7", "model 1", "uid 3")
    assert "export default {render}" in cell._widget._esm
    assert ".deskapp-place" in cell._widget._css
    assert cell.mime_bundle() == ({"text/plain": "widget"}, {})
