"""`Window`: one window as its program holds it: what it is doing, and what it can be told, from any thread."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from deskapp._call import Call
from deskapp.errors import ConfigError
from deskapp.event import BoolProp, Component, StringProp, TupleProp, emitter
from deskapp.runtime.window import Geometry, check_color, check_side, check_zoom

if TYPE_CHECKING:
    from deskapp.runtime.base import Runtime
    from deskapp.runtime.menu import Menu, MenuItem
    from deskapp.runtime.window import WindowId

logger = logging.getLogger("deskapp.window")

T = TypeVar("T")

ClosingHandler = Callable[[], "object | Awaitable[object]"]


@dataclass
class Ties:
    """What ties a `Window` to those who keep it; everything is called on the loop's thread.

    Args:
        do: Has the window obey a command, once it is on screen.
        close: Closes it: True without asking.
        spawn: Has a coroutine run.
        begin: Has a call begin, as soon as there is a loop for it; called on any thread.
        reload: Loads the page anew.
        context: Made around everything of the user's that is called.
        asks: Told whether the user is to be asked before it closes.
    """

    do: Callable[..., Awaitable[Any]]
    close: Callable[[bool], Awaitable[None]]
    spawn: Callable[[Coroutine[Any, Any, None]], object]
    begin: Callable[[Call[Any]], None]
    reload: Callable[[], Awaitable[None]]
    context: Callable[[], AbstractContextManager[object]] = nullcontext
    asks: Callable[[bool], None] = lambda on: None
    closing: list[ClosingHandler] = field(default_factory=list)
    menus: dict[str, Menu] = field(default_factory=dict)
    runtime: Runtime | None = None
    id: WindowId | None = None


class Window(Component):
    """One window. Get it from ``component.session.window``, or from `launch` of an address.

    Its properties tell what it is doing; follow them as those of any component: ``window.reaction("size", handler)``.
    Its methods tell it what to do. They may be called from any thread, also before the window is on screen, and return
    a `Call`: await it, or let it go. A call that the window's runtime cannot fulfil raises `NotSupported`, one after
    the window's end `WindowClosed`.

    Sizes are of the page's area, positions of the frame's corner, both in logical pixels.
    """

    title = StringProp("", doc="Text of the title bar.")
    size = TupleProp((0, 0), doc="Width and height of the page's area.")
    position = TupleProp((0, 0), doc="Left and top edge of the frame.")
    state = StringProp("normal", doc="How it meets the screen: normal, maximized, fullscreen or minimized.")
    visible = BoolProp(False, doc="Whether it is on screen, or minimized; False while it is hidden.")
    focused = BoolProp(False, doc="Whether it has the keyboard.")
    responding = BoolProp(True, doc="Whether its page answers.")
    closed = BoolProp(False, doc="Whether it is gone, for good.")

    def init(self, ties: Ties, title: str = "") -> None:
        """Begin as a window that is not on screen yet."""
        self._ties = ties
        self._menu: Menu | None = None
        self._is_menu_due = False
        self._normal: Geometry | None = None
        self._apply_mutation("title", title)

    @emitter
    def dropped(self, paths: Sequence[Path], x: int, y: int) -> dict[str, object]:
        """Files were dropped on the page, at this place in CSS pixels."""
        return {"paths": tuple(paths), "x": x, "y": y}

    @emitter
    def crashed(self) -> dict[str, object]:
        """The process that draws the page ended; the page is made anew with what Python holds."""
        return {}

    @property
    def runtime(self) -> Runtime | None:
        """What shows it; None while it is not on screen."""
        return self._ties.runtime

    @property
    def runtime_id(self) -> WindowId | None:
        """What its runtime calls it; None while it is not on screen."""
        return self._ties.id

    def can(self, command: str) -> bool:
        """Whether its runtime obeys a command of `runtime.capabilities.COMMANDS`; False while it is not on screen."""
        return self._ties.runtime is not None and self._ties.runtime.capabilities.can(command)

    # -- what it can be told -------------------------------------------------------------------------------------------

    def set_title(self, title: str) -> Call[None]:
        """Change the text of the title bar, whatever the page calls itself."""

        async def work() -> None:
            await self._ties.do("set_title", str(title))
            self._apply_mutation("title", str(title))

        return self._call(work, "set_title")

    def resize(self, width: int, height: int) -> Call[None]:
        """Give the page's area this size, 1 to 32000 px each.

        Raises:
            ConfigError: A side is out of its range.
        """
        check_side("width", width)
        check_side("height", height)
        return self._do("resize", width, height)

    def set_min_size(self, width: int, height: int) -> Call[None]:
        """Set the smallest size that the user can give it.

        Raises:
            ConfigError: A side is out of its range.
        """
        check_side("width", width)
        check_side("height", height)
        return self._do("set_min_size", width, height)

    def move(self, x: int, y: int) -> Call[None]:
        """Put the frame's corner there. Has no effect on Wayland, where the desktop places windows."""
        return self._do("move", int(x), int(y))

    def center(self) -> Call[None]:
        """Move it to the middle of its screen's work area."""
        return self._do("center")

    def maximize(self) -> Call[None]:
        """Fill the screen's work area."""
        return self._do("maximize")

    def minimize(self) -> Call[None]:
        """Put it away into the task bar."""
        return self._do("minimize")

    def restore(self) -> Call[None]:
        """Back to normal from maximized, minimized or fullscreen."""
        return self._do("restore")

    def fullscreen(self, on: bool = True) -> Call[None]:
        """Enter or leave fullscreen."""
        return self._do("fullscreen", bool(on))

    def show(self) -> Call[None]:
        """Bring a hidden window up."""
        return self._do("show")

    def hide(self) -> Call[None]:
        """Take it from the screen. Its page keeps running, and `run` still waits for it."""
        return self._do("hide")

    def focus(self) -> Call[None]:
        """Bring it to the front and give it the keyboard."""
        return self._do("focus")

    def set_on_top(self, on: bool = True) -> Call[None]:
        """Keep it above other windows, or no longer."""
        return self._do("set_on_top", bool(on))

    def set_resizable(self, on: bool = True) -> Call[None]:
        """Let the user resize it, or no longer."""
        return self._do("set_resizable", bool(on))

    def set_background(self, color: str | None) -> Call[None]:
        """Change the colour behind the page: ``#rgb``, ``#rrggbb``, or None for that of the desktop's theme.

        Raises:
            ConfigError: It is no such colour.
        """
        if color is not None:
            check_color(color)
        return self._do("set_background", color)

    def set_zoom(self, factor: float) -> Call[None]:
        """Scale the page, 0.25 to 5.

        Raises:
            ConfigError: The factor is out of its range.
        """
        check_zoom(factor)
        return self._do("set_zoom", float(factor))

    def set_icon(self, path: str | Path) -> Call[None]:
        """Change its picture in title bar and task bar.

        Raises:
            ConfigError: There is no such file.
        """
        if not Path(path).is_file():
            raise ConfigError("icon", str(path), origin="set_icon", why="there is no such file.")
        return self._do("set_icon", str(Path(path).resolve()))

    def set_progress(self, fraction: float | None, *, is_busy: bool = False) -> Call[None]:
        """Show progress on the task bar's button, where the desktop has that.

        Args:
            fraction: 0 to 1; None ends it.
            is_busy: Show that something goes on whose end is not known; `fraction` does not count.

        Raises:
            ConfigError: The fraction is out of its range.
        """
        if fraction is not None and not 0 <= fraction <= 1:
            raise ConfigError("fraction", fraction, origin="set_progress", why="it is a number from 0 to 1, or None.")
        return self._do("set_progress", -1 if is_busy else fraction)

    def request_attention(self, on: bool = True) -> Call[None]:
        """Ask for the user's attention on the task bar, until the window is looked at."""
        return self._do("request_attention", bool(on))

    def print(self, path: str | Path | None = None) -> Call[None]:
        """Print the page.

        Args:
            path: A PDF file to write; None shows the system's dialog, and ends when that is answered.
        """
        return self._do("print_page", None if path is None else str(Path(path).resolve()))

    def open_devtools(self) -> Call[None]:
        """Open the developer tools, of a window that was opened with ``debug=True``."""
        return self._do("open_devtools")

    def load_url(self, url: str) -> Call[None]:
        """Load another address; meant for windows that show one, not for those of an app."""
        return self._do("load_url", url)

    def reload(self) -> Call[None]:
        """Load the page anew. That of an app is rebuilt from what Python holds; another one is loaded again."""

        async def work() -> None:
            await self._ties.reload()

        return self._call(work, "reload")

    def close(self) -> Call[None]:
        """Close it as its close button does: who asked to be asked is asked."""

        async def work() -> None:
            await self._ties.close(False)

        return self._call(work, "close")

    def destroy(self) -> Call[None]:
        """Close it without asking anybody."""

        async def work() -> None:
            await self._ties.close(True)

        return self._call(work, "destroy")

    # -- closing -------------------------------------------------------------------------------------------------------

    def on_closing(self, handler: ClosingHandler) -> ClosingHandler:
        """Have a function decide whether the window may close when the user wants that; also as a decorator.

        It may be a coroutine function: the window stays, and works, until it has ended. Several are asked in turn.

        Args:
            handler: Called without arguments; False keeps the window.
        """
        self._ties.closing.append(handler)
        self._ties.asks(True)
        return handler

    def off_closing(self, handler: ClosingHandler) -> None:
        """No longer ask a function that was given to `on_closing`."""
        if handler in self._ties.closing:
            self._ties.closing.remove(handler)
        if not self._ties.closing:
            self._ties.asks(False)

    async def may_close(self) -> bool:
        """Ask everybody who wants to be asked; False as soon as one says so. Who raises does not count."""
        for handler in list(self._ties.closing):
            try:
                with self._ties.context():
                    answer = handler()
                    if inspect.isawaitable(answer):
                        answer = await answer
            except Exception:  # a border: a fault in the user's handler must not make a window that cannot be closed
                logger.exception("A handler given to on_closing failed")
                continue
            if answer is False:
                return False
        return True

    # -- menus ---------------------------------------------------------------------------------------------------------

    def set_menu(self, menu: Menu | None) -> Call[None]:
        """Give it a menu bar, or take it away; what changes in the menu later is shown at once.

        Args:
            menu: Its items are the titles in the bar, with a ``submenu`` each.
        """

        async def work() -> None:
            if self._menu is not None:
                self._menu.unwatch(self._menu_changed)
            self._menu = menu
            if menu is not None:
                menu.watch(self._menu_changed)
            await self._ties.do("set_menu", None if menu is None else menu.to_wire())

        return self._call(work, "set_menu")

    def popup_menu(self, menu: Menu, x: int, y: int) -> Call[MenuItem | None]:
        """Show a menu at a place in the page, and run what the user chooses.

        Args:
            menu: What to show.
            x: Left, in CSS pixels of the page.
            y: Top, in CSS pixels of the page.

        Returns:
            The chosen item; None if the user went away.
        """

        async def work() -> MenuItem | None:
            number = await self._ties.do("popup_menu", menu.to_wire(), int(x), int(y))
            item = menu.item_at(number) if isinstance(number, int) else None
            if item is not None:
                self._choose(item)
            return item

        return self._call(work, "popup_menu")

    def add_context_menu(self, name: str, menu: Menu) -> None:
        """Let the page show a menu by its name: ``session.window.popup_menu(name, x, y)`` in JavaScript.

        Args:
            name: What the page calls it.
            menu: What to show.
        """
        self._ties.menus[name] = menu

    def _menu_changed(self) -> None:
        """From any thread; several changes are sent together."""
        if not self._is_menu_due:
            self._is_menu_due = True
            self._loop.call_soon(self._send_menu)

    def _send_menu(self) -> None:
        self._is_menu_due = False
        menu = self._menu
        if menu is not None and not self.closed:
            self._do("set_menu", menu.to_wire())

    def _choose(self, item: MenuItem) -> None:
        """The user chose an item: turn its mark, run its action."""
        if not item.enabled:
            return
        if item.checked is not None:
            item.checked = not item.checked
        if item.action is not None:
            with self._ties.context():
                run_action(item.action, f"the menu item {item.text!r}", self._ties.spawn)

    # -- what happens to it --------------------------------------------------------------------------------------------

    def take_geometry(self, geometry: Geometry) -> None:
        """It was moved or resized. For the runtimes' listener."""
        state = (
            "minimized"
            if geometry.minimized
            else "fullscreen"
            if geometry.fullscreen
            else "maximized"
            if geometry.maximized
            else "normal"
        )
        self._apply_mutation("state", state)
        if state == "minimized":
            return  # some systems tell of a place that is none
        self._apply_mutation("size", (geometry.width, geometry.height))
        self._apply_mutation("position", (geometry.x, geometry.y))
        if state == "normal":
            self._normal = geometry

    @property
    def normal_geometry(self) -> Geometry | None:
        """Where it was last while neither maximized, minimized nor fullscreen; None if it was never told."""
        return self._normal

    def take(self, name: str, value: object) -> None:
        """A property changed by what happened on the desktop. For the runtimes' listener."""
        self._apply_mutation(name, value)

    def choose(self, menu: str, number: int) -> None:
        """An item of the menu bar was chosen. For the runtimes' listener."""
        item = self._menu.item_at(number) if menu == "bar" and self._menu is not None else None
        if item is not None:
            self._choose(item)

    def end(self) -> None:
        """It is gone."""
        if self._menu is not None:
            self._menu.unwatch(self._menu_changed)
            self._menu = None
        self._ties.closing.clear()
        self._apply_mutation("visible", False)
        self._apply_mutation("focused", False)
        self._apply_mutation("closed", True)

    # -- the rest ------------------------------------------------------------------------------------------------------

    def _do(self, verb: str, *args: object) -> Call[None]:
        async def work() -> None:
            await self._ties.do(verb, *args)

        return self._call(work, verb)

    def _call(self, work: Callable[[], Coroutine[Any, Any, T]], name: str) -> Call[T]:
        call = Call(work, name=f"Window.{name}")
        self._ties.begin(call)
        return call


def run_action(action: Callable[[], object], what: str, spawn: Callable[[Coroutine[Any, Any, None]], object]) -> None:
    """Run something of the user's, also a coroutine function; a fault is logged with the name of what ran.

    Args:
        action: Called without arguments, on the loop's thread.
        what: What it belongs to, for the log.
        spawn: Has a coroutine run.
    """

    async def await_it(result: Awaitable[object]) -> None:
        try:
            await result
        except Exception:  # a border: user code
            logger.exception("What belongs to %s failed", what)

    try:
        result = action()
    except Exception:  # a border: user code
        logger.exception("What belongs to %s failed", what)
        return
    if inspect.isawaitable(result):
        spawn(await_it(result))
