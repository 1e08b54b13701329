"""deskapp/desktop/window_state.py."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskapp.desktop.window_state import MAX_WINDOWS, Place, WindowStates, fitted, remembered
from deskapp.runtime.window import Geometry, Screen, WindowMode, WindowSpec

LEFT = Screen("HDMI-1", 0, 0, 1920, 1080, (0, 30, 1920, 1050), is_primary=True)
RIGHT = Screen("DP-2", 1920, -200, 2560, 1440, (1920, -200, 2500, 1440), scale=2.0)


@pytest.fixture
def states(tmp_path: Path) -> WindowStates:
    return WindowStates(tmp_path / "config" / "windows.json")


def again(tmp_path: Path) -> WindowStates:
    """As the next run of the program sees it."""
    return WindowStates(tmp_path / "config" / "windows.json")


def test_a_window_comes_back_where_it_was(states: WindowStates, tmp_path: Path) -> None:
    states.save("main", Geometry(100, 200, 800, 600), "HDMI-1")
    changes = again(tmp_path).load("main", [LEFT, RIGHT])
    assert changes == {"x": 100, "y": 200, "width": 800, "height": 600}
    WindowSpec("http://a.example/", **changes)


def test_nothing_is_known_of_a_new_window(states: WindowStates) -> None:
    states.save("main", Geometry(1, 2, 3, 4))
    assert states.load("other", [LEFT]) == {}


def test_a_maximized_window_keeps_its_normal_place(states: WindowStates, tmp_path: Path) -> None:
    states.save("main", Geometry(100, 200, 800, 600), "HDMI-1")
    states.save("main", Geometry(0, 30, 1920, 1050, maximized=True), "HDMI-1")
    changes = again(tmp_path).load("main", [LEFT])
    assert changes == {"x": 100, "y": 200, "width": 800, "height": 600, "mode": WindowMode.MAXIMIZED}
    states.save("main", Geometry(100, 200, 800, 600), "HDMI-1")
    assert "mode" not in again(tmp_path).load("main", [LEFT])


def test_a_window_maximized_on_another_screen_comes_back_there(states: WindowStates) -> None:
    states.save("main", Geometry(100, 200, 800, 600), "HDMI-1")
    states.save("main", Geometry(1920, -200, 2500, 1440, maximized=True), "DP-2")
    changes = states.load("main", [LEFT, RIGHT])
    assert 1920 <= changes["x"] <= 1920 + 2500 - 800
    assert changes["mode"] is WindowMode.MAXIMIZED


@pytest.mark.parametrize("how", [{"minimized": True}, {"fullscreen": True}])
def test_a_window_that_is_away_or_fullscreen_keeps_its_place(how: dict[str, bool], states: WindowStates) -> None:
    states.save("main", Geometry(100, 200, 800, 600))
    states.save("main", Geometry(-32000, -32000, 160, 28, **how))
    assert states.load("main", [LEFT]) == {"x": 100, "y": 200, "width": 800, "height": 600}
    assert remembered(None, Geometry(0, 0, 1, 1, **how)) is None


def test_a_window_that_is_off_every_screen_comes_to_the_primary_one(states: WindowStates) -> None:
    states.save("main", Geometry(3000, 100, 800, 600), "DP-2")
    assert states.load("main", [LEFT]) == {"x": 560, "y": 255, "width": 800, "height": 600}


def test_a_window_whose_screen_has_moved_follows_it(states: WindowStates) -> None:
    states.save("main", Geometry(-5000, 100, 800, 600), "DP-2")
    changes = states.load("main", [LEFT, RIGHT])
    assert (changes["x"], changes["y"]) == (1920 + 850, -200 + 420)


def test_a_window_that_is_too_large_is_made_to_fit(states: WindowStates) -> None:
    states.save("main", Geometry(-100, -100, 5000, 4000))
    assert states.load("main", [LEFT]) == {"x": 0, "y": 30, "width": 1920, "height": 1050}


def test_without_screens_only_the_size_is_known(states: WindowStates) -> None:
    states.save("main", Geometry(100, 200, 800, 600, maximized=True))
    assert states.load("main", []) == {"width": 800, "height": 600, "mode": WindowMode.MAXIMIZED}


def some_screens(chance: random.Random) -> list[Screen]:
    screens, x = [], chance.randint(-4000, 1000)
    for number in range(chance.randint(1, 4)):
        width, height = chance.randint(320, 4000), chance.randint(240, 3000)
        y = chance.randint(-1500, 1500)
        panel = chance.randint(0, 60)
        area = (x + panel, y + panel, width - 2 * panel, height - 2 * panel)
        screens.append(Screen(f"S{number}", x, y, width, height, area, is_primary=number == 0))
        x += width
    return screens


def cases() -> Iterator[tuple[Place, list[Screen]]]:
    chance = random.Random(20)
    for _ in range(2000):
        place = Place(
            chance.randint(-9000, 9000), chance.randint(-9000, 9000), chance.randint(1, 6000), chance.randint(1, 6000),
            chance.random() < 0.3, chance.choice(["", "S0", "S1", "gone"]),
        )  # fmt: skip
        yield place, some_screens(chance)


def is_inside(place: Place, screen: Screen) -> bool:
    left, top, width, height = screen.work_area
    return (
        left <= place.x
        and top <= place.y
        and place.x + place.width <= left + width
        and place.y + place.height <= top + height
    )


def test_a_place_is_always_on_a_screen_and_never_larger() -> None:
    for place, screens in cases():
        found = fitted(place, screens)
        assert any(is_inside(found, screen) for screen in screens), (place, screens)
        assert 0 < found.width <= place.width
        assert 0 < found.height <= place.height


def test_a_place_that_fits_is_left_alone_and_what_was_fitted_fits() -> None:
    for place, screens in cases():
        found = fitted(place, screens)
        assert fitted(found, screens) == found, (place, screens)
        if not place.maximized and any(is_inside(place, screen) for screen in screens):
            assert found == place


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"version": 1}', b'{"version": 2, "windows": {}}',
        b'{"version": 1, "windows": []}', b"[" * 100_000,
    ],
    ids=range(9),
)  # fmt: skip
def test_a_broken_file_remembers_nothing_and_is_written_anew(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "config" / "windows.json"
    file.parent.mkdir()
    file.write_bytes(content)
    states = again(tmp_path)
    assert states.load("main", [LEFT]) == {}
    assert all(record.levelno == logging.WARNING for record in caplog.records)
    states.save("main", Geometry(1, 40, 300, 400))
    assert again(tmp_path).load("main", [LEFT])["width"] == 300


@pytest.mark.parametrize(
    "value", [7, {}, {"x": 1}, {"x": "1"}, {"width": 0}, {"width": 99999}, {"x": True}, {"x": 10**9}, {"y": 1.5}]
)
def test_one_broken_entry_does_not_spoil_the_others(value: object, tmp_path: Path) -> None:
    good = {"x": 1, "y": 40, "width": 300, "height": 400, "maximized": False, "screen": ""}
    bad = {**good, **value} if isinstance(value, dict) and value not in ({}, {"x": 1}) else value
    file = tmp_path / "config" / "windows.json"
    file.parent.mkdir()
    file.write_text(json.dumps({"version": 1, "windows": {"bad": bad, "good": good}}), encoding="utf-8")
    assert again(tmp_path).load("bad", [LEFT]) == {}
    assert again(tmp_path).load("good", [LEFT])["width"] == 300


def test_the_windows_of_long_ago_are_forgotten(states: WindowStates, tmp_path: Path) -> None:
    for number in range(MAX_WINDOWS + 2):
        states.save(str(number), Geometry(number, 40, 300, 400))
    assert again(tmp_path).load("0", [LEFT]) == again(tmp_path).load("1", [LEFT]) == {}
    assert again(tmp_path).load("2", [LEFT]) != {}


def test_a_window_can_be_forgotten(states: WindowStates, tmp_path: Path) -> None:
    states.save("main", Geometry(1, 40, 300, 400))
    states.forget("main")
    states.forget("main")
    assert again(tmp_path).load("main", [LEFT]) == {}


def test_what_has_not_changed_is_not_written_again(states: WindowStates, tmp_path: Path) -> None:
    states.save("main", Geometry(1, 40, 300, 400))
    file = tmp_path / "config" / "windows.json"
    file.unlink()
    states.save("main", Geometry(1, 40, 300, 400))
    assert not file.exists()
