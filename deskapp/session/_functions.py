"""The functions on the current session, whichever kind of program runs in it.

    from deskapp.session import eval_js, run_js

On a thread, which a plain function has of its own, those that wait block it. On the program's loop, where async
functions and components live, they return what is to be awaited.
"""

from __future__ import annotations

import difflib
import inspect
import logging
import threading
from collections.abc import Callable, Coroutine, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from deskapp.bridge import messages
from deskapp.errors import ClientError, SessionClosedException, WrongKindOfSession
from deskapp.session._services import checked_code
from deskapp.session._tasks import CoroutineRun, TaskHandler, ThreadRun, task_handler
from deskapp.session.current import current_run
from deskapp.session.file_content import file_content

if TYPE_CHECKING:
    from concurrent.futures import Future

    from deskapp.session.run import Run

logger = logging.getLogger("deskapp.script")

F = TypeVar("F", bound=Callable[[], object])
T = TypeVar("T")

SILENT = 0
"""The `req` of a CALL whose value nobody waits for."""


def run_js(code_: str, **args: object) -> None:
    """Run JavaScript in the page, behind everything that was asked of it before; its value is nobody's business.

    What it declares with ``var`` or ``function`` is global; what it throws is written to the page's console, and to
    the log.

    Args:
        code_: JavaScript text.
        **args: Values that the text finds in variables of these names.

    Raises:
        TypeError: `code_` is no text.
        CodecError: An argument cannot travel.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    run = current_run("run_js()")
    code, prepared = _checked(run, "run_js", code_, args)
    run.tell(
        lambda: run.session._line.send(messages.CALL(SILENT, code, prepared)), len(code) + _size_of(list(args.values()))
    )


def eval_js(expression_: str, **args: object) -> Any:
    """Evaluate JavaScript in the page and return its value; a promise is awaited. On the loop: ``await eval_js(…)``.

    It waits as long as the page's code takes, or until the session ends.

    Args:
        expression_: An expression, or statements of which the last one is an expression.
        **args: Values that the text finds in variables of these names.

    Returns:
        The value; None for ``undefined``, and for a promise that was rejected, which is written to the log.

    Raises:
        TypeError: `expression_` is no text.
        CodecError: An argument cannot travel.
        ClientError: The text has a fault, threw an error, or has a value that cannot travel.
        ClientReloaded: The page was loaded anew meanwhile, and its components live on.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session ended, or had ended.
    """
    run = current_run("eval_js()")
    if run.is_here:
        return _eval_later(run, expression_, args)
    with _Rejections(run) as value:
        value.is_found(run.wait(_ask_js(run, expression_, args)))
    return value.value


async def _eval_later(run: Run, expression: str, args: Mapping[str, object]) -> Any:
    with _Rejections(run) as value:
        value.is_found(await run.awaited(_ask_js(run, expression, args)))
    return value.value


class _Rejections:
    """Makes None of a promise that was rejected."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self.value: Any = None

    def is_found(self, value: Any) -> None:
        self.value = value

    def __enter__(self) -> _Rejections:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, ClientError) and error.is_rejection:
            logger.warning("%s: eval_js() gives None for a rejected promise: %s", self._run.session.app_name, error)
            return True
        return False


def _ask_js(run: Run, expression: str, args: Mapping[str, object]) -> Future[Any]:
    run.check()
    code, prepared = _checked(run, "eval_js", expression, args)
    session = run.session
    return run.ask(lambda done: session._line.send(messages.CALL(session._exchange.expect(done), code, prepared)))


def _checked(run: Run, name: str, code: str, args: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
    prepared = {key: run.prepare(value, f"{name}({key}=…)") for key, value in args.items()}
    # A text without anything in it is a round trip of the wire's own.
    return checked_code(code) or " ", prepared


def download(name: str, content: bytes | bytearray | memoryview) -> None:
    """Give the user a file to keep: a window asks where to, a browser puts it where it puts downloads.

    Args:
        name: The name that is proposed for it.
        content: What is in it.

    Raises:
        TypeError: The name is no text, or the content no bytes.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    run = current_run("download()")
    if not isinstance(name, str):
        raise TypeError(f"download() names a file by a text, not by {name!r}")
    data = file_content(content, "download()")
    notice = messages.NOTICE("download", run.prepare({"name": name, "content": data}, "download()"))
    run.tell(lambda: run.session._line.send(notice), len(data))


_SETTINGS: Mapping[str, type] = MappingProxyType({
    "title": str,
    "output_animation": bool,
    "auto_scroll_bottom": bool,
    "http_pull_interval": int,
    "input_panel_fixed": bool,
    "input_panel_min_height": int,
    "input_panel_init_height": int,
    "input_auto_focus": bool,
    "output_max_width": str,
})  # fmt: skip

_AT_LEAST: Mapping[str, int] = MappingProxyType({"input_panel_min_height": 75, "input_panel_init_height": 175})
"""The lowest of these settings, in px; what is below becomes that."""


def set_env(**env_info: Any) -> None:
    """Change settings of the page, until it is loaded anew.

    Args:
        **env_info: ``title``, the text of title bar or tab. ``output_animation``, whether outputs fade in: True.
            ``auto_scroll_bottom``, whether the page scrolls to its end when something is shown in its root: False.
            ``output_max_width``, how wide the content of the page may be: a CSS width such as ``"1080px"`` or
            ``"80%"``. ``input_panel_fixed``, whether forms stay at the bottom of the window: True; then
            ``input_panel_min_height`` and ``input_panel_init_height``, their least height and that at first, in px:
            75 and 175 or more, 300 both. ``input_auto_focus``, whether a form's first field gets the focus: True.
            ``http_pull_interval`` is taken and does nothing: pages keep a connection, and nothing is polled.

    Raises:
        TypeError: A setting has a value of another type.
        ValueError: There is no such setting.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    run = current_run("set_env()")
    page: dict[str, Any] = {}
    for name, value in env_info.items():
        kind = _SETTINGS.get(name)
        if kind is None:
            near = difflib.get_close_matches(name, _SETTINGS, n=2)
            hint = (
                f"did you mean {' or '.join(map(repr, near))}?" if near else f"there are {', '.join(sorted(_SETTINGS))}"
            )
            raise ValueError(f"set_env() knows no setting {name!r}; {hint}")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise TypeError(f"set_env({name}=…) is of type {kind.__name__}, and cannot be {value!r}")
        if name not in ("title", "output_max_width", "http_pull_interval"):
            page[name] = max(env_info[name], _AT_LEAST[name]) if name in _AT_LEAST else value

    def send() -> None:
        if "title" in env_info:
            run.session.set_title(env_info["title"])
        if "output_max_width" in env_info:
            run.session.set_page_width(env_info["output_max_width"])
        if page:
            run.session.set_environment(page)

    run.tell(send, 0)


def go_app(name: str, new_window: bool = True) -> None:
    """Show another app of this program.

    Args:
        name: Its name, as it was served or launched.
        new_window: Whether in another window, or tab; browsers may refuse one that no click began. If not, it takes
            the place of this one: the session ends, and the next call in this one raises `SessionClosedException`.

    Raises:
        LookupError: There is no such app, or it cannot be reached from here.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    run = current_run("go_app()")
    run.check()
    session = run.session

    def go() -> None:
        session._owner.go_app(session, name, new_window)

    if run.is_here:
        go()
        return

    def ask(done: Callable[[object, BaseException | None], None]) -> None:
        go()
        done(None, None)

    try:
        run.wait(run.ask(ask))
    except SessionClosedException:
        if new_window:
            raise  # else it is what was asked for


def register_thread(thread: threading.Thread) -> None:
    """Let a thread use the functions of this session; before its first call of one, started or not.

    Args:
        thread: The thread.

    Raises:
        TypeError: It is no thread.
        WrongKindOfSession: The session is one of an async function, which has tasks instead.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    run = current_run("register_thread()")
    if isinstance(run, CoroutineRun):
        raise WrongKindOfSession(
            "register_thread()", "is for sessions of plain functions; in an async one use run_async() or to_thread()."
        )
    if not isinstance(thread, threading.Thread):
        raise TypeError(f"register_thread() takes a threading.Thread, not {thread!r}")
    run.add_thread(thread)


def defer_call(func: F) -> F:
    """Have a function called when the session's program ends, for whatever reason; may be used as a decorator.

    Functions are called in the order in which they were given, not on the loop's thread. They may read `local` and
    `info`; calls to the page raise `SessionClosedException` in them.

    Args:
        func: Called without arguments; may be async.

    Returns:
        `func`.

    Raises:
        TypeError: It cannot be called.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    run = current_run("defer_call()")
    if not callable(func):
        raise TypeError(f"defer_call() takes a function, not {func!r}")
    run.defer(func)
    return func


def keep_running() -> None:
    """Let this session's program go on when its window or tab is closed; `deskapp.run` waits for its end then.

    From then on it is not interrupted: async functions and their tasks are not cancelled, and deferred functions wait
    until function, registered threads and tasks have ended. Calls to the page raise `SessionClosedException` after the
    close as always. Ctrl+C and `deskapp.stop` end the program all the same.

    Raises:
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    current_run("keep_running()").keep_running()


def hold() -> Any:
    """Wait until the session ends: its window or tab was closed, or loaded anew. On the loop: ``await hold()``.

    Raises:
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session had ended.
    """
    run = current_run("hold()")
    if run.is_here:
        return _hold_later(run)
    future = run.open_wait()
    try:
        run.wait(future)
    except SessionClosedException:
        return None  # that is what was waited for


async def _hold_later(run: Run) -> None:
    future = run.open_wait()
    try:
        await run.awaited(future)
    except SessionClosedException:
        return


def run_async(coro_obj: Coroutine[Any, Any, Any]) -> TaskHandler:
    """Run a coroutine beside this one; the functions of this session work in it.

    Args:
        coro_obj: The coroutine object. What it raises is logged.

    Returns:
        Tells whether it has ended, and can end it.

    Raises:
        TypeError: It is no coroutine object.
        WrongKindOfSession: This is not the program's loop, as in the session of a plain function.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    run = _coroutine_run("run_async()", coro_obj)
    return task_handler(run.start_task(coro_obj), run)


def run_asyncio_coroutine(coro_obj: Coroutine[Any, Any, T]) -> Coroutine[Any, Any, T]:
    """Await a coroutine of asyncio; here plain ``await`` does the same.

    Args:
        coro_obj: The coroutine object.

    Returns:
        What is to be awaited: it returns what the coroutine returns, and raises what it raises.

    Raises:
        TypeError: It is no coroutine object.
        WrongKindOfSession: This is not the program's loop, as in the session of a plain function.
        SessionNotFoundException: This thread belongs to no session.
        SessionClosedException: The session has ended.
    """
    _coroutine_run("run_asyncio_coroutine()", coro_obj)
    return coro_obj


def _coroutine_run(what: str, coro_obj: Any) -> Run:
    """The run of a coroutine that may have others; a coroutine object that is refused is closed, not forgotten."""
    is_coroutine = inspect.iscoroutine(coro_obj)
    try:
        run = current_run(what)
        if isinstance(run, ThreadRun) or not run.is_here:
            raise WrongKindOfSession(
                what, "is for sessions of async functions; in that of a plain one use threads and register_thread()."
            )
        if not is_coroutine:
            raise TypeError(f"{what} takes a coroutine object, as an async function returns it, not {coro_obj!r}")
        run.check()
    except BaseException:
        if is_coroutine:
            coro_obj.close()
        raise
    return run


def _size_of(value: object) -> int:
    """About how many bytes a value is on the wire."""
    if isinstance(value, str | bytes | bytearray):
        return len(value)
    if isinstance(value, list | tuple):
        return sum(map(_size_of, value))
    if isinstance(value, dict):
        return sum(map(_size_of, value.values()))
    return int(getattr(value, "nbytes", 8))
