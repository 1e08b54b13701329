"""Text, code, buttons, files, scopes."""

from __future__ import annotations

from typing import Any

import pytest

from deskapp.bridge import messages
from deskapp.errors import ScopeNotFound
from deskapp.output import (
    clear,
    get_scope,
    put_button,
    put_buttons,
    put_code,
    put_file,
    put_scope,
    put_text,
    remove,
    scroll_to,
    set_scope,
    use_scope,
)
from deskapp.session import eval_js
from deskapp.testing import AppHarness
from tests.unit.script.shown import Shown


async def test_code_brings_what_highlights_it(harness: AppHarness) -> None:
    def main() -> None:
        put_code({"a": 1}, rows=3)
        put_code("x = 1", "python")
        for rows in (0, "many"):
            with pytest.raises(ValueError, match="whole number of rows above zero"):
                put_code("x", rows=rows)  # type: ignore[arg-type]

    page = Shown(harness, main)
    await page.done()
    assert page.specs() == [
        ("code", {"text": "{'a': 1}", "language": "", "rows": 3}),
        ("code", {"text": "x = 1", "language": "python", "rows": None}),
    ]
    assert [m.name for m in page.of(messages.DEFINE)].count("deskapp.script.highlighter") == 2
    assert {m.url.split("/")[1] for m in page.of(messages.DEFINE) if m.url} == {"_lib"}


async def test_buttons_of_all_spellings_and_their_values(harness: AppHarness) -> None:
    got: list[Any] = []
    thing = object()

    def main() -> None:
        buttons = ["a", ("B", thing), {"label": "c", "value": 3, "color": "danger"}, {"label": "d", "disabled": True}]
        put_buttons(buttons, onclick=got.append, small=True, group=True)
        eval_js("1")

    page = Shown(harness, main)
    await page.done()
    ((kind, props),) = page.specs()
    assert (kind, props["small"], props["group"], props["outline"], props["link"]) == (
        "buttons", True, True, False, False
    )  # fmt: skip
    assert [(b["label"], b["color"], b["disabled"]) for b in props["buttons"]] == [
        ("a", "primary", False),
        ("B", "primary", False),
        ("c", "danger", False),
        ("d", "primary", True),
    ]
    for button in props["buttons"][:3]:
        page.report(button["on"], button["index"])
        await harness.until(lambda: len(got) == button["index"] + 1)  # noqa: B023
    assert got == ["a", thing, 3]


async def test_a_button_that_is_disabled_or_not_there_calls_nothing(
    harness: AppHarness, caplog: pytest.LogCaptureFixture
) -> None:
    got: list[Any] = []

    def main() -> None:
        put_buttons([{"label": "a", "disabled": True}, "b"], onclick=got.append)
        put_button("c", onclick=lambda: got.append("c"), disabled=True)

    page = Shown(harness, main)
    await page.done()
    on = page.specs()[0][1]["buttons"][0]["on"]
    for index in (0, 7, "x", -1):
        page.report(on, index)
    page.report(on, 1)
    await harness.until(lambda: got == ["b"])
    await harness.until(lambda: caplog.text.count("there is no button") >= 4)
    page.report(page.specs()[1][1]["buttons"][0]["on"], 0)
    page.report(page.specs()[1][1]["buttons"][0]["on"])
    await harness.until(lambda: caplog.text.count("there is no button") >= 5)
    assert got == ["b"]
    page.report("99")
    await harness.until(lambda: "nothing with the id '99' was shown" in caplog.text)


async def test_each_button_may_have_a_function_of_its_own(harness: AppHarness) -> None:
    got: list[str] = []

    def main() -> None:
        put_buttons(["a", "b"], onclick=[lambda: got.append("a"), lambda: got.append("b")])
        put_button("c", onclick=lambda: got.append("c"), color="success", outline=True)
        with pytest.raises(ValueError, match="has 1 buttons and 2 functions"):
            put_buttons(["a"], onclick=[print, print])

    page = Shown(harness, main)
    await page.done()
    buttons = [button for _, props in page.specs() for button in props["buttons"]]
    for button in reversed(buttons):
        page.report(button["on"], button["index"])
        await harness.until(lambda: bool(got) and got[-1] == button["label"])  # noqa: B023
    assert got == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("buttons", "why"),
    [
        ([{"value": 1}], "needs a 'label'"),
        ([{"label": "a", "colour": "red"}], "has no 'colour'"),
        ([("a",)], "is a value, \\(label, value\\), or a dict"),
        ([{"label": "a", "color": "red"}], "cannot be 'red'; there are primary"),
    ],
)
async def test_what_is_no_button_is_refused(harness: AppHarness, buttons: list[Any], why: str) -> None:
    def main() -> None:
        with pytest.raises(ValueError, match=why):
            put_buttons(buttons, onclick=print)
        with pytest.raises(TypeError, match="takes a function to call, not None"):
            put_button("a", onclick=None)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="has no option 'serial'; there are serial_mode, mutex_mode"):
            put_buttons(["a"], onclick=print, serial=True)

    page = Shown(harness, main)
    await page.done()
    assert page.specs() == []


async def test_a_file_stays_here_until_it_is_asked_for(harness: AppHarness) -> None:
    def main() -> None:
        put_file("a.bin", bytearray(b"content"), label="Get it")
        with pytest.raises(TypeError, match="write text"):
            put_file("a.txt", "text")  # type: ignore[arg-type]

    page = Shown(harness, main)
    await page.done()
    ((_, props),) = page.specs()
    assert props["link"] is True
    assert "content" not in str(page.shows())
    page.report(props["buttons"][0]["on"], 0)
    await harness.until(lambda: bool(page.of(messages.NOTICE, name="download")))
    assert page.last(messages.NOTICE, name="download").data == {"name": "a.bin", "content": b"content"}


async def test_scopes_are_made_emptied_and_removed(harness: AppHarness) -> None:
    def main() -> list[Any]:
        with use_scope("outer") as name:
            put_scope("inner", put_text("x"))
        seen: list[Any] = [name, get_scope()]
        clear("outer")
        with pytest.raises(ScopeNotFound):
            clear("inner")  # it went with what it was in
        with use_scope("outer", clear=True):
            seen.append((get_scope(), get_scope(0), get_scope(-5)))
            with use_scope() as own:
                seen.append(own == get_scope())
        scroll_to("outer", "middle")
        set_scope("outer")
        set_scope("outer", if_exist="clear")
        set_scope("outer", if_exist="remove")
        set_scope("new", container_scope="outer", position=0)
        remove("outer")
        with pytest.raises(ScopeNotFound):
            remove("new")
        with pytest.raises(ValueError, match="cannot remove the root"):
            remove("ROOT")
        return seen

    page = Shown(harness, main)
    assert await page.done() == ["outer", "ROOT", ("outer", "ROOT", None), True]
    others = [(verb, data) for verb, data in page.shows() if verb != "put"]
    assert others == [
        ("clear", "outer"),
        ("clear", "outer"),
        ("scroll", ["outer", "middle"]),
        ("clear", "outer"),
        ("remove", "outer"),
        ("remove", "outer"),
    ]


async def test_scopes_have_names_that_can_be_ids_and_are_there_once(harness: AppHarness) -> None:
    def main() -> None:
        put_scope("a")
        with pytest.raises(ValueError, match="a scope 'a' in the page already"):
            put_scope("a")
        for name in ("a b", "", "ä"):
            with pytest.raises(ValueError, match="use letters, digits, - and _"):
                use_scope(name)
        with pytest.raises(ValueError, match="'top', 'middle' or 'bottom', not 'left'"):
            scroll_to("a", "left")
        with pytest.raises(ValueError, match="None, 'clear' or 'remove'"):
            set_scope("a", if_exist="blank")
        with pytest.raises(TypeError, match="names a scope by a text"):
            set_scope(3)  # type: ignore[arg-type]

    await Shown(harness, main).done()


async def test_a_scope_that_moves_with_its_output_goes_with_its_new_place(harness: AppHarness) -> None:
    def main() -> None:
        inner = put_scope("inner")
        put_scope("outer", [inner])
        clear("outer")
        with pytest.raises(ScopeNotFound):
            put_text("x", scope="inner")

    await Shown(harness, main).done()


async def test_use_scope_decorates_functions(harness: AppHarness) -> None:
    @use_scope("box")
    def plain(text: str) -> str:
        put_text(text)
        return text.upper()

    @use_scope("box", clear=True)
    async def on_loop() -> str | None:
        put_text("b")
        return get_scope()

    async def main() -> list[Any]:
        return [plain("a"), await on_loop(), get_scope()]

    page = Shown(harness, main)
    assert await page.done() == ["A", "box", "ROOT"]
    assert [scope for spec, scope, _ in page.shows("put") if spec[1] == "text"] == ["box", "box"]
    assert page.shows("clear") == ["box"]


async def test_a_scope_that_is_gone_lets_its_code_go_on_outside(harness: AppHarness) -> None:
    def main() -> None:
        with use_scope("a"), use_scope("b"):
            remove("b")
            put_text("in a")
            remove("a")
            put_text("in root")

    page = Shown(harness, main)
    await page.done()
    assert [scope for spec, scope, _ in page.shows("put") if spec[1] == "text"] == ["a", "ROOT"]
