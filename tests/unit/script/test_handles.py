"""Contents that are changed before and after they are put somewhere."""

from __future__ import annotations

from typing import Any

import pytest

from deskapp.bridge import messages
from deskapp.output import output, put_markdown, put_row, put_scope, put_text, use_scope
from deskapp.script.handles import spliced
from tests.unit.script.showing import Stage, library_folder, stage

__all__ = ["library_folder", "stage"]


def texts(contents: list[Any]) -> list[str]:
    return [each if isinstance(each, str) else str(each[2].get("text")) for each in contents]


async def test_contents_change_before_they_are_shown(stage: Stage) -> None:
    def show() -> None:
        handle = output("a", put_text("b"))
        handle.append("c", "d")
        handle.insert(0, "first")
        handle.insert(-1, "last")
        handle.insert(-2, "but one")
        handle.replace(1, "A")
        handle.replace(-1, "LAST", put_text("very"))
        put_row([handle])
        output("never shown")

    shown = await stage.show(show)
    (_, props), *others = shown.specs
    assert others == []
    assert texts(props["children"][0][2]["children"]) == ["first", "A", "b", "c", "d", "but one", "LAST", "very"]


async def test_contents_change_while_they_are_shown(stage: Stage) -> None:
    def show() -> str:
        with use_scope("place"):
            handle = output("a")
        handle.show()
        handle.show()
        handle.append("b", put_text("c"))
        handle.insert(2, put_markdown("d"))
        handle.replace(-1, "e")
        handle.reset()
        handle.style("color: red")
        return handle._inside

    shown = await stage.show(show)
    (inside,) = shown.returned
    assert [data[1] for data in shown.told("put")] == ["ROOT", "place"]
    assert [(scope, start, count, texts(taken)) for scope, start, count, taken in shown.told("splice")] == [
        (inside, -1, 0, ["b", "c"]),
        (inside, 2, 0, ["d"]),
        (inside, -1, 1, ["e"]),
        (inside, 0, None, []),
    ]
    (needed,) = shown.page.of(messages.DEFINE, name="deskapp.script.markdown")
    second = shown.page.of(messages.SCRIPT, verb="splice")[1]
    assert shown.page.messages.index(needed) < shown.page.messages.index(second)


async def test_what_a_reset_takes_away_has_no_scope_any_more(stage: Stage) -> None:
    def show() -> None:
        handle = output(put_scope("inner"))
        put_row([handle])
        put_text("there", scope="inner")
        handle.reset("new")
        put_text("gone", scope="inner")

    with pytest.raises(LookupError, match="no scope 'inner'"):
        await stage.show(show)


@pytest.mark.parametrize("idx", ["0", 1.0, True, None])
async def test_a_place_is_a_whole_number(stage: Stage, idx: Any) -> None:
    with pytest.raises(TypeError, match="a whole number as place"):
        await stage.show(lambda: output("a").insert(idx, "b"))


@pytest.mark.parametrize(
    ("start", "count", "part"),
    [
        (0, 0, (0, 0)),
        (9, 0, (3, 3)),
        (-1, 0, (3, 3)),
        (-3, 0, (1, 1)),
        (-9, 0, (0, 0)),
        (-1, 1, (2, 3)),
        (2, 1, (2, 3)),
        (9, 1, (3, 3)),
        (-9, 1, (0, 1)),
        (0, None, (0, 3)),
    ],
)
def test_places_count_from_both_ends(start: int, count: int | None, part: tuple[int, int]) -> None:
    assert spliced(3, start, count) == part
