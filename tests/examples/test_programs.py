"""Every example runs, with windows and pages in memory, and does what its first line says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from deskapp.testing import AppHarness, TestClient
from tests.examples.program import EXAMPLES, cases, run_program

PROGRAMS = [*EXAMPLES.glob("*.py"), *EXAMPLES.glob("*/__main__.py"), *(EXAMPLES / "tutorial").glob("*.py")]
MOST_LINES = 210
FLEXX_LIKE = ("chat.py", "editor.py", "painting.py", "plot.py", "sketch.py", "splines.py")


async def page_of(app: AppHarness, component: Any) -> TestClient:
    page = app.page(component)
    await app.until(lambda: page.is_ready)
    return page


@pytest.mark.parametrize("path", cases(PROGRAMS))
def test_it_runs_and_its_page_gets_every_class_that_its_components_need(path: Path) -> None:
    seen: list[str] = []

    async def check(app: AppHarness, components: list[Any]) -> None:
        for component in components:
            page = await page_of(app, component)
            assert page.closed is None
            assert all(page.modules[found.module] for found in page.objects.values())
            seen.extend(found.cls for found in page.objects.values())

    run_program(path, check)
    assert seen


@pytest.mark.parametrize("path", cases(EXAMPLES.glob("*.py")))
def test_it_is_short_and_its_first_line_says_what_it_shows(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert lines[0].startswith('"""')
    assert lines[0].endswith('."""')


@pytest.mark.parametrize("path", cases(EXAMPLES / name for name in FLEXX_LIKE))
def test_it_runs_in_the_spelling_of_flexx_too(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("from deskapp import app, event,", "from deskapp import flx,")
    text = re.sub(r"\b(app|event)\.(?=[A-Za-z])", "flx.", text).replace(
        "Path(__file__).parent", f"Path({str(EXAMPLES)!r})"
    )
    assert "event." not in text.replace("domevent.", "")
    (tmp_path / path.name).write_text(text, encoding="utf-8")

    async def check(app: AppHarness, components: list[Any]) -> None:
        for component in components:
            assert (await page_of(app, component)).closed is None

    run_program(tmp_path / path.name, check)


def test_the_counter_counts_in_python_and_shows_it_on_the_button() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (counter,) = components
        page = await page_of(app, counter)
        for _ in range(3):
            page.emit(counter.button, "pressed", {})
        await app.until(lambda: page.prop(counter.button, "text") == "Pressed 3 times")
        assert counter.count == 3

    run_program(EXAMPLES / "counter.py", check)


def test_a_value_moved_in_one_window_moves_in_the_other() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        one, other = components
        page, other_page = await page_of(app, one), await page_of(app, other)
        page.emit(one.slider, "moved", {"value": 81})
        await app.until(lambda: other_page.prop(other.slider, "value") == 81)

    run_program(EXAMPLES / "shared_value.py", check)


def test_pictures_arrive_as_arrays_one_after_the_other() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (main,) = components
        page = await page_of(app, main)

        def pictures() -> list[Any]:
            said: list[Any] = page.messages
            return [message.args[0] for message in said if getattr(message, "action", "") == "set_pixels"]

        await app.until(lambda: len(pictures()) > 2)
        first, second = pictures()[-2:]
        assert first.shape == (200, 320, 4)
        assert first.tobytes() != second.tobytes()

    run_program(EXAMPLES / "numpy_image.py", check)


def test_the_job_reports_its_progress_to_the_end() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (main,) = components
        page = await page_of(app, main)
        page.invoke(main, "work")
        await app.until(lambda: page.prop(main, "message").startswith("Done"), timeout_s=15)
        assert page.prop(main, "done") == 1
        assert len([message for message in page.messages if getattr(message, "type", "") == "done"]) > 10

    run_program(EXAMPLES / "progress.py", check)


def test_the_monitor_samples_and_sends_each_sample_alone() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (monitor,) = components
        page = await page_of(app, monitor)
        await app.until(lambda: len(page.prop(monitor, "history")) > 2)
        await app.until(lambda: page.prop(monitor, "processes"))
        assert page.prop(monitor, "history")[-1].keys() >= {"at", "cpu", "cores", "memory", "swap", "received", "read"}
        assert page.prop(monitor.cpu, "values")[0].endswith(" %")
        sent: list[Any] = [message for message in page.messages if getattr(message, "type", "") == "history"]
        assert {message.mutation for message in sent} == {"insert"}
        assert {len(message.value) for message in sent} == {1}

    run_program(EXAMPLES / "monitor/__main__.py", check)


def test_the_monitor_drops_samples_that_are_too_old_to_be_shown() -> None:
    async def check(app: AppHarness, components: list[Any]) -> None:
        (monitor,) = components
        page = await page_of(app, monitor)
        await app.until(lambda: monitor.history)
        late_s = monitor.history[-1]["at"] + 10_000
        monitor.add({**monitor.history[-1], "at": late_s})
        await app.until(lambda: [sample["at"] for sample in page.prop(monitor, "history")][:1] == [late_s])

    run_program(EXAMPLES / "monitor/__main__.py", check)


def test_the_monitor_begins_with_what_was_chosen_before() -> None:
    kept: list[Path] = []

    async def choose(app: AppHarness, components: list[Any]) -> None:
        from examples.monitor import preferences

        kept.append(preferences.file())
        (monitor,) = components
        page = await page_of(app, monitor)
        page.invoke(monitor, "set_theme", "dark")
        page.invoke(monitor, "set_span", 180)
        await app.until(lambda: kept[0].exists() and json.loads(kept[0].read_text())["span"] == 180)

    async def find_it(app: AppHarness, components: list[Any]) -> None:
        assert (components[0].theme, components[0].span) == ("DARK", 180)

    async def find_nothing(app: AppHarness, components: list[Any]) -> None:
        assert (components[0].theme, components[0].span) == ("AUTO", 60)

    run_program(EXAMPLES / "monitor/__main__.py", choose)
    run_program(EXAMPLES / "monitor/__main__.py", find_it)
    for damaged in ("no preferences at all", "[1, 2]", '{"theme": "MAUVE", "span": "?"}'):
        kept[0].write_text(damaged)
        run_program(EXAMPLES / "monitor/__main__.py", find_nothing)
    kept[0].unlink()
