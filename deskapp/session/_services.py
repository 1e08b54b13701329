"""`Services`: what an app asks of its session: data, cookies, answers of the page, commands, objects kept alive."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from deskapp._secret import new_secret
from deskapp.bridge import link as links
from deskapp.bridge import messages
from deskapp.errors import ClientReloaded, SessionClosedException, SessionException
from deskapp.session._commands import run_command
from deskapp.session._cookie_secret import CookieSecret
from deskapp.session._cookies import Cookies
from deskapp.session._data import SessionData
from deskapp.session._exchange import Exchange, OnAnswer
from deskapp.session._link import PageLink, logger
from deskapp.session._round_trips import RoundTrips

if TYPE_CHECKING:
    from deskapp.assets import AssetStore
    from deskapp.bridge.limits import Limits
    from deskapp.event import Loop
    from deskapp.session._cookies import Moment
    from deskapp.session._presence import Presence

ROUND_TRIP = ""
"""The code of a CALL that is answered when all before it was handled: the page evaluates nothing for it."""

MODEL_ROUND_TRIPS = 4
"""How many round trips a new `Model` lives even if nobody refers to it: the page may be about to."""


class Services(PageLink):
    """The part of a session that users call.

    Args:
        store: Shared assets and data.
        presence: The classes that the page has.
        loop: The event loop of its components.
        limits: Bounds of the line's queues, in bytes.
        session_id: Its `id`; a fresh one when not given.
        data_path: Where pages find its data; below an address that only its page knows when not given.
        cookie_secret: Gives the text that signs cookies.
    """

    def __init__(
        self,
        store: AssetStore,
        presence: Presence,
        loop: Loop,
        *,
        limits: Limits | None = None,
        session_id: str | None = None,
        data_path: str | None = None,
        cookie_secret: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(presence, loop, limits, session_id=session_id)
        self.asset_key = new_secret()
        self.frame_key = new_secret()  # scripts in frames read their address, and are to know no other
        self._frames: dict[str, str] = {}
        self._store = store
        self._exchange = Exchange()
        self._data = SessionData(data_path if data_path is not None else f"/_a/{self.asset_key}/data/")
        self._cookies = Cookies(cookie_secret if cookie_secret is not None else CookieSecret())
        self._round_trips = RoundTrips(self._begin_round_trip)
        self._title = ""
        self._page_width = ""
        self._environment: dict[str, object] = {}

    # -- data ----------------------------------------------------------------------------------------------------------

    def add_data(self, name: str, data: bytes) -> str:
        """Keep a blob for the page to fetch, and return its URL. An earlier blob of that name is replaced.

        Args:
            name: Its name; may contain slashes.
            data: What to serve.

        Raises:
            TypeError: The name is no text, or the data no bytes.
            ValueError: A part of the name is ``.`` or ``..``.
            SessionClosedException: The session has ended.
        """
        self._check_open()
        return self._data.add(name, data)

    def remove_data(self, name: str) -> None:
        """Drop a blob; no error if there is none."""
        self._data.remove(name)

    def get_data(self, name: str) -> bytes | None:
        """Return a blob of this session, else the shared one of that name, else None."""
        found = self._data.get(name)
        return found if found is not None else self._store.get_data(name)

    def data_tag(self, name: str) -> str:
        """What changes with the content of what `get_data` returns, for the browser's cache; ``""`` if it is None."""
        return self._data.tag(name) or self._store.data_tag(name)

    def add_frame(self, name: str, document: str) -> str:
        """Keep an HTML document for a frame of the page until the page goes; from any thread.

        Args:
            name: Its name, which nobody can guess.
            document: The document.

        Returns:
            Its address.
        """
        self._frames[name] = document
        return f"/_a/{self.frame_key}/frame/{name}"

    def get_frame(self, name: str) -> str | None:
        """The document of a frame, or None."""
        return self._frames.get(name)

    def remove_frame(self, name: str) -> None:
        """Drop the document of a frame; no error if there is none."""
        self._frames.pop(name, None)

    def get_data_names(self) -> list[str]:
        """Names of the blobs of this session."""
        return self._data.names()

    # -- cookies -------------------------------------------------------------------------------------------------------

    def get_cookie(
        self, name: str, default: Any = None, max_age_days: float = 31, min_version: int | None = None
    ) -> Any:
        """Return the value of a cookie that `set_cookie` has set, in this visit or an earlier one.

        Args:
            name: Its name.
            default: What to return if there is none, if it was changed by somebody else, or if it is too old.
            max_age_days: How long ago it may have been set.
            min_version: The lowest version that counts.

        Raises:
            ValueError: No cookie can have this name, or a bound is no number.
        """
        return self._cookies.get(name, default, max_age_days=max_age_days, min_version=min_version)

    def set_cookie(
        self,
        name: str,
        value: str | None,
        expires_days: float | None = 30,
        version: int | None = None,
        domain: str | None = None,
        expires: Moment | None = None,
        path: str = "/",
        **kwargs: Any,
    ) -> None:
        """Set a cookie in the browser of this page. Its value is signed, not hidden.

        Cookies are for served apps. A native window forgets them, at the latest when its program ends.

        Args:
            name: Its name: letters, digits and some punctuation.
            value: Any text without control characters; None clears the cookie.
            expires_days: Days until the browser drops it; None lets it go with the browser.
            version: A number that is kept with the value, for `min_version` of `get_cookie`; 2 when not given.
            domain: The domain that it is for; the one of the page when not given.
            expires: When the browser drops it, in place of `expires_days`: a `datetime`, a time tuple or seconds since
                1970, in UTC.
            path: The path below which it is sent.
            **kwargs: Further attributes, as `http.cookies.Morsel` knows them: ``httponly=True``, ``secure=True``,
                ``samesite="Strict"`` (``"Lax"`` when not given), ``max_age=3600``.

        Raises:
            ValueError: The name, the value or an attribute cannot be, or all of it is too long for browsers.
            http.cookies.CookieError: There is no such attribute.
            SessionClosedException: The session has ended.
        """
        self._check_call("set_cookie")
        token = self._cookies.set(
            name,
            value,
            expires_days=expires_days,
            version=version,
            domain=domain,
            expires=expires,
            path=path,
            **kwargs,
        )
        self._offer_cookie(token)

    def take_cookie(self, token: str) -> str | None:
        """Return the ``Set-Cookie`` header that waits under a token, once. For servers."""
        return self._cookies.take(token)

    def _offer_cookie(self, token: str) -> None:
        self._line.send(messages.NOTICE("cookie", {"url": f"/_a/{self.asset_key}/cookie/{token}"}))

    # -- the page's answers --------------------------------------------------------------------------------------------

    async def eval_js(self, code: str, *, timeout_s: float | None = 30.0, **args: object) -> object:
        """Evaluate JavaScript in the page and return its value.

        An expression gives its value (a promise is awaited); otherwise `code` is the body of an async function and
        gives what it returns.

        Args:
            code: JavaScript text.
            timeout_s: Seconds to wait; None waits as long as the session lives.
            **args: Values that the code finds under these names.

        Raises:
            TypeError: `code` is no text.
            CodecError: An argument cannot travel.
            ClientError: The code raised; carries its JavaScript stack.
            ClientReloaded: The page was loaded anew meanwhile.
            SessionClosedException: The session ended.
            TimeoutError: No answer came in time.
        """
        self._check_call("eval_js")
        checked_code(code)
        prepared = {name: self._codec.prepare(value, f"eval_js({name}=…)") for name, value in args.items()}
        number, answer = self._exchange.ask()
        self._line.send(messages.CALL(number, code, prepared))
        return await asyncio.wait_for(answer, timeout_s)

    co_eval = eval_js

    async def co_roundtrip(self, *, timeout_s: float | None = 30.0) -> None:
        """Wait until the page has handled everything that was sent up to now.

        Args:
            timeout_s: Seconds to wait; None waits as long as the session lives.

        Raises:
            ClientReloaded: The page was loaded anew meanwhile.
            SessionClosedException: The session ended.
            TimeoutError: The page did not answer in time.
        """
        await self.eval_js(ROUND_TRIP, timeout_s=timeout_s)

    def call_after_roundtrip(self, callback: Callable[..., object], *args: Any) -> None:
        """Call a function soon, after at least one round trip to the page and back; never if the session ends before.

        Args:
            callback: What to call; components that it makes belong to this session.
            *args: Its arguments.

        Raises:
            TypeError: It cannot be called.
            SessionClosedException: The session has ended.
        """
        self._check_call("call_after_roundtrip")
        if not callable(callback):
            raise TypeError(f"call_after_roundtrip() calls a function, not {callback!r}")

        def call() -> None:
            if self._ending is None:
                with links.use(self):
                    callback(*args)

        self._round_trips.call_after(lambda: self._loop.call_soon(call))

    def keep_alive(self, ob: object, iters: int | None = None) -> None:
        """Hold an object for some round trips to the page and back, or until the session ends.

        Meant for the Python half of a component that the page has made, until it is stored in a property; any object
        will do.

        Args:
            ob: The object.
            iters: How many round trips; of several calls for one object the longest counts. One if not given, for a
                `Model` four.

        Raises:
            TypeError, ValueError: `iters` is no whole number above zero.
            SessionClosedException: The session has ended.
        """
        self._check_call("keep_alive")
        if iters is None:
            iters = MODEL_ROUND_TRIPS if getattr(ob, "_has_two_owners", False) else 1
        self._round_trips.keep(ob, iters)

    def send_command(self, *command: Any) -> None:
        """Send a command to the page; it waits while no page is there. A closed session logs a warning.

        ``PRINT``, ``INFO``, ``WARN``, ``ERROR`` with a text write to the page's console. ``EVAL`` and ``EXEC`` with
        JavaScript evaluate it, ``EVAL`` prints the value; ``EVAL`` with a component's id and an expression evaluates
        ``component.expression``. ``DEFINE`` with ``"JS"`` or ``"CSS"``, a name and a text loads a script or a style.
        ``OPEN`` with a URL opens it in a tab; browsers may refuse that when no click began it. ``INVOKE`` with a
        component's id, an action and a list of arguments asks for the action. ``DISPOSE`` with an id ends a component.

        Args:
            *command: The command's name and its arguments.

        Raises:
            TypeError, ValueError: There is no such command, or it has other arguments.
            LookupError: There is no such component.
            NotDeclared: The component has no such action.
        """
        self._loop.check_thread("Session.send_command() was called")
        if self._ending is not None:
            logger.warning("Cannot send the command %r; the app is closed", command[:1])
            return
        run_command(self, command)

    def notify_page(self, name: str, data: object) -> None:
        """Tell the page something about itself or its window. For the session's owner; lost if no page is there.

        Args:
            name: As of the message NOTICE.
            data: JSON values.
        """
        if self._ending is None and self._line.transport is not None:
            self._line.send(messages.NOTICE(name, data))

    def show(self, verb: str, data: object) -> None:
        """Have the page show something of a function's. For the rooms that make what is shown.

        Args:
            verb: As of the message SCRIPT.
            data: Prepared for its way.
        """
        self._line.send(messages.SCRIPT(verb, data, 0))

    def consult(self, verb: str, data: object, on_answer: OnAnswer) -> None:
        """Like `show`, with an answer."""
        self._line.send(messages.SCRIPT(verb, data, self._exchange.expect(on_answer)))

    def define(self, kind: messages.Kind, name: str, *, text: str = "", url: str = "") -> None:
        """Load a script or a style into the page, before everything that is sent later."""
        self._line.send(messages.DEFINE(kind, name, text, url))

    def set_title(self, title: str) -> None:
        """Set the page's title; a launched window follows it.

        Raises:
            TypeError: It is no text.
        """
        if not isinstance(title, str):
            raise TypeError(f"a title is a text, not {title!r}")
        self._loop.check_thread("Session.set_title() was called")
        self._title = title
        self._line.send(messages.NOTICE("title", title))

    def set_page_width(self, width: str) -> None:
        """Set how wide the content of the page may be.

        Args:
            width: A CSS width, for example ``"80%"``; empty for no bound.
        """
        self._loop.check_thread("Session.set_page_width() was called")
        self._page_width = width
        self._line.send(messages.NOTICE("width", width))

    def set_environment(self, settings: Mapping[str, object]) -> None:
        """Change settings of what functions show.

        Args:
            settings: As `deskapp.session.set_env` checks them.
        """
        self._environment.update(settings)
        self._line.send(messages.NOTICE("environment", dict(self._environment)))

    @property
    def title(self) -> str:
        """What the page was told to call itself; empty if it has the app's title."""
        return self._title

    def _check_call(self, name: str) -> None:
        """Raise unless this may be asked now and here: what goes to the page is put in order by one thread."""
        self._loop.check_thread(f"Session.{name}() was called")
        self._check_open()

    # -- for the life of the session -----------------------------------------------------------------------------------

    def _tell_again(self) -> None:
        """Tell a page that is made anew what the one before it may not have heard."""
        if self._title:
            self._line.send(messages.NOTICE("title", self._title))
        if self._page_width:
            self._line.send(messages.NOTICE("width", self._page_width))
        if self._environment:
            self._line.send(messages.NOTICE("environment", dict(self._environment)))
        for token in self._cookies.offers:
            self._offer_cookie(token)

    def _end_services(self, ending: SessionClosedException) -> None:
        self._round_trips.clear()
        self._exchange.fail_all(ending)
        self._cookies.clear()
        self._data.clear()
        self._frames.clear()

    def _begin_round_trip(self, ended: Callable[[bool], None]) -> None:
        def answered(_: object, error: SessionException | None) -> None:
            ended(not isinstance(error, ClientReloaded))

        self._line.send(messages.CALL(self._exchange.expect(answered), ROUND_TRIP, {}))


def checked_code(code: str) -> str:
    """`code` itself, if it is a text: a page could not read a question with anything else in it.

    Raises:
        TypeError: It is none.
    """
    if not isinstance(code, str):
        raise TypeError(f"JavaScript to evaluate is a text, not {code!r}")
    return code
