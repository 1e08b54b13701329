"""A message bus of our own for tests, and a service on it that shows notifications."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.desktop.screen import Screen, wait_until

# Without folders of services: nothing is started because somebody asks for it.
BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen>
<policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>
"""

DUNST = """[global]
origin = top-right
offset = 10x10
font = Sans 10
dmenu = {menu}
mouse_left_click = do_action, close_current
mouse_right_click = close_current
"""


@contextmanager
def own_bus(folder: Path) -> Iterator[str]:
    """Start a bus and give its address."""
    config = folder / "bus.conf"
    config.write_text(BUS, encoding="utf-8")
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address=1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait(5)
        process.stdout.close()


@dataclass(frozen=True)
class Notifications:
    """What the service shows.

    Args:
        screen: Where.
        address: Its bus.
    """

    screen: Screen
    address: str

    def control(self, *words: str) -> str:
        """Tell or ask the service something."""
        environment = {**os.environ, "DISPLAY": self.screen.display, "DBUS_SESSION_BUS_ADDRESS": self.address}
        done = subprocess.run(
            ["dunstctl", *words], env=environment, capture_output=True, text=True, timeout=10, check=True
        )
        return done.stdout

    def count(self) -> int:
        """How many are shown."""
        return int(self.control("count", "displayed"))

    def click(self, button: int) -> None:
        """Click on the one that is shown, by a button of the mouse."""
        [handle] = self.screen.run("xdotool", "search", "--onlyvisible", "--class", "Dunst").split()
        self.screen.run("xdotool", "mousemove", "--window", handle, "40", "20", "click", str(button))


@contextmanager
def notification_service(screen: Screen, address: str, folder: Path, choose: str) -> Iterator[Notifications]:
    """Start a service that shows notifications; its menu of buttons chooses the one that is named."""
    menu = folder / "menu"
    menu.write_text(f"#!/bin/sh\ngrep -F '{choose}'\n", encoding="utf-8")
    menu.chmod(0o755)
    config = folder / "dunstrc"
    config.write_text(DUNST.format(menu=menu), encoding="utf-8")
    environment = {**os.environ, "DISPLAY": screen.display, "DBUS_SESSION_BUS_ADDRESS": address}
    environment.pop("WAYLAND_DISPLAY", None)
    log = (folder / "dunst.log").open("wb")
    process = subprocess.Popen(["dunst", "-conf", str(config)], env=environment, stdout=log, stderr=log)
    found = Notifications(screen, address)

    def answers() -> bool:
        try:
            found.count()
        except subprocess.CalledProcessError:
            return False
        return True

    try:
        wait_until(answers, what="the service of notifications")
        yield found
    finally:
        process.terminate()
        process.wait(5)
        log.close()
