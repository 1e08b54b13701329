"""What a desktop says over D-Bus, for tests: its portal's settings, and the machine's login manager.

Run as a program it is one of them: ``python desktop_bus.py portal|login ADDRESS``; lines on stdin are what happens.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

PORTAL = """<node><interface name="org.freedesktop.portal.Settings">
  <method name="Read">
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="v" direction="out"/>
  </method>
  <method name="ReadAll"><arg type="as" direction="in"/><arg type="a{sa{sv}}" direction="out"/></method>
  <signal name="SettingChanged"><arg type="s"/><arg type="s"/><arg type="v"/></signal>
</interface></node>"""
LOGIN = """<node><interface name="org.freedesktop.login1.Manager">
  <signal name="PrepareForSleep"><arg type="b"/></signal>
</interface></node>"""
SCHEMES = {"none": 0, "dark": 1, "light": 2}


class Desktop:
    """The program, from outside."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.heard()

    def say(self, line: str) -> None:
        """Have something happen: ``dark``, ``light`` or ``none``; ``suspend`` or ``resume``."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        self.heard()

    def heard(self) -> None:
        """Wait until it is done."""
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "done\n"


@contextmanager
def playing(role: str, address: str, scheme: str = "none") -> Iterator[Desktop]:
    """Run the program on a bus for as long as the context lasts."""
    command = [sys.executable, __file__, role, address, scheme]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Desktop(process)
        finally:
            process.terminate()


def main(role: str, address: str, scheme: str) -> None:
    """Be the portal or the login manager until stdin ends."""
    from gi.repository import Gio, GLib

    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    bus = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
    path = "/org/freedesktop/portal/desktop" if role == "portal" else "/org/freedesktop/login1"
    name = "org.freedesktop.portal.Desktop" if role == "portal" else "org.freedesktop.login1"
    [interface] = Gio.DBusNodeInfo.new_for_xml(PORTAL if role == "portal" else LOGIN).interfaces
    key = ("org.freedesktop.appearance", "color-scheme")

    def call(_: Any, __: str, ___: str, ____: str, method: str, arguments: Any, invocation: Any) -> None:
        value = GLib.Variant("u", SCHEMES[scheme])
        if method == "ReadAll":
            invocation.return_value(GLib.Variant("(a{sa{sv}})", ({key[0]: {key[1]: value}},)))
        elif arguments.unpack() == key:
            invocation.return_value(GLib.Variant("(v)", (GLib.Variant("v", value),)))
        else:
            invocation.return_dbus_error("org.freedesktop.portal.Error.NotFound", "there is no such setting")

    def take(source: Any, _: Any) -> bool:
        nonlocal scheme
        line = source.readline().strip()
        if not line:
            loop.quit()
            return False
        if role == "portal":
            scheme = line
            news = GLib.Variant("(ssv)", (*key, GLib.Variant("u", SCHEMES[line])))
            bus.emit_signal(None, path, interface.name, "SettingChanged", news)
        else:
            bus.emit_signal(None, path, interface.name, "PrepareForSleep", GLib.Variant("(b)", (line == "suspend",)))
        tell()
        return True

    def tell() -> None:
        bus.flush_sync()
        sys.stdout.write("done\n")
        sys.stdout.flush()

    bus.register_object(path, interface, call, None, None)
    loop = GLib.MainLoop()
    Gio.bus_own_name_on_connection(bus, name, Gio.BusNameOwnerFlags.NONE, lambda *_: tell(), None)
    GLib.io_add_watch(sys.stdin, GLib.IO_IN, take)
    loop.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
