"""Notifications on a real screen, by a real service, over a real bus."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskapp import native
from deskapp.errors import DesktopFailed
from deskapp.testing import AppHarness
from tests.desktop.bus import Notifications, notification_service, own_bus
from tests.desktop.screen import Screen

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.once,
    # desktop-notifier 6.2 lets go of its connection to the bus without closing it.
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture(autouse=True)
def _connections_that_were_let_go() -> Iterator[None]:
    yield
    gc.collect()  # here, where that is known, and not in a later test


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with own_bus(tmp_path) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        yield address


@pytest.fixture
def service(screen: Screen, bus: str, tmp_path: Path) -> Iterator[Notifications]:
    with notification_service(screen, bus, tmp_path, choose="Snooze") as found:
        yield found


async def until_count(service: Notifications, count: int) -> None:
    deadline = asyncio.get_running_loop().time() + 10
    while await asyncio.to_thread(service.count) != count:
        assert asyncio.get_running_loop().time() < deadline, f"not {count} notifications"
        await asyncio.sleep(0.05)


async def test_a_notification_is_shown_and_a_click_on_it_heard(service: Notifications, tmp_path: Path) -> None:
    async with AppHarness(app_id="org.example.clock") as app:
        clicked: list[str] = []

        async def on_click() -> None:
            await asyncio.sleep(0)
            clicked.append("clicked")

        icon = Path(__file__).parents[2] / "docs" / "images" / "monitor-dark.png"
        await native.notify("Noon", "Time for <b>lunch</b>.", icon=icon, on_click=on_click)
        await until_count(service, 1)
        await asyncio.to_thread(service.screen.run, "import", "-window", "root", str(tmp_path / "noon.png"))
        await asyncio.to_thread(service.click, 1)
        await app.until(lambda: clicked)
        await until_count(service, 0)
        history = await asyncio.to_thread(service.control, "history")
        for fact in ("Noon", "Time for <b>lunch</b>.", "org.example.clock"):
            assert fact in history


async def test_buttons_do_what_they_are_for(service: Notifications) -> None:
    async with AppHarness() as app:
        done: list[str] = []
        await native.notify(
            "Noon", buttons={"Eat": lambda: done.append("eat"), "Snooze": lambda: done.append("snooze")}
        )
        await until_count(service, 1)
        await asyncio.to_thread(service.control, "context")
        await app.until(lambda: done)
        assert done == ["snooze"]


async def test_that_one_is_put_away_is_heard(service: Notifications) -> None:
    async with AppHarness() as app:
        done: list[str] = []
        await native.notify("Noon", on_close=lambda: done.append("closed"), on_click=lambda: done.append("clicked"))
        await until_count(service, 1)
        await asyncio.to_thread(service.click, 3)
        await app.until(lambda: done)
        assert done == ["closed"]


async def test_a_fault_in_a_handler_is_logged(service: Notifications, caplog: pytest.LogCaptureFixture) -> None:
    async with AppHarness() as app:

        def fail() -> None:
            raise KeyError("inside")

        await native.notify("Noon", on_click=fail)
        await until_count(service, 1)
        await asyncio.to_thread(service.click, 1)
        await app.until(lambda: "a notification failed" in caplog.text)


async def test_several_at_once_from_several_threads_are_all_shown(service: Notifications) -> None:
    async with AppHarness():
        calls = [asyncio.to_thread(lambda n=n: native.notify(f"Number {n}").wait(10)) for n in range(4)]  # type: ignore[misc]
        assert len(set(await asyncio.gather(*calls))) == 4
        await until_count(service, 4)


async def test_a_bus_without_a_service_is_told(bus: str, screen: Screen) -> None:
    async with AppHarness():
        with pytest.raises(DesktopFailed, match="no service that shows them"):
            await native.notify("Noon")


async def test_no_bus_at_all_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    async with AppHarness():
        with pytest.raises(DesktopFailed, match="no service that shows them"):
            await native.notify("Noon")
