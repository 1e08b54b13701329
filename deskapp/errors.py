"""The exceptions of deskapp, one tree.

    DeskappError
    ├─ ConfigError                a setting is unknown or has a value it cannot have
    │  └─ UnknownSetting          `config` was asked for a setting that does not exist
    ├─ RuntimeUnavailable         no runtime that was asked for can work on this machine
    ├─ RuntimeFailed              a runtime ended, or never showed a page
    ├─ NotSupported               a runtime was asked for what it cannot do
    ├─ WindowClosed               a window was asked for something after its end
    ├─ PackageMissing             a package is needed that an extra of deskapp brings
    ├─ ScopeNotFound              a page has no such scope
    ├─ FieldNotFound              a page has no such field
    ├─ LibraryMissing             a library of pages is needed that npm brings
    ├─ AccessDenied               somebody asked for what they may not have
    ├─ WrongThread                a component was touched outside its loop's thread
    ├─ WouldWaitForever           a thread was to wait for what it has to do itself
    ├─ DesktopFailed              the desktop around the program could not do something
    ├─ NotAnswered                another process of the program runs, and does not answer
    ├─ PublishError               an app was not published
    ├─ AssetError
    │  ├─ AssetExists
    │  └─ AssetMissing
    ├─ ExportFailed               an app cannot be written to the place that was named
    ├─ ProtocolError              the peer broke the rules of the wire
    │  ├─ CodecError              a value that the wire cannot carry
    │  ├─ VersionMismatch
    │  └─ MessageTooLarge
    ├─ BridgeError
    │  ├─ TranspileError          Python that cannot become JavaScript
    │  ├─ DependencyCycle
    │  └─ NotDeclared             something that is no declared action was asked for
    ├─ SessionException
    │  ├─ SessionNotFoundException
    │  ├─ SessionClosedException
    │  ├─ WrongKindOfSession      a function that this kind of session has no use for
    │  ├─ TooManySessions         a server admits no more pages
    │  ├─ ClientReloaded          the page was made anew while an answer was awaited
    │  └─ ClientError             JavaScript raised
    └─ FreezeError
       ├─ SpecError
       ├─ ToolMissing
       ├─ BuildFailed
       └─ VerifyFailed

Constructors take facts; ``str()`` makes the sentence: what was asked, what was found, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence


class DeskappError(Exception):
    """The root of everything that deskapp raises on purpose."""


class ConfigError(DeskappError, ValueError):
    """A setting that is unknown, or has a value it cannot have.

    Args:
        key: The setting's name.
        value: What was given.
        origin: Where it came from, for example ``"environment"``.
        why: What is wrong with it, and what would be right.
    """

    def __init__(self, key: str, value: object, *, origin: str, why: str) -> None:
        super().__init__(key, value, origin, why)
        self.key, self.value, self.origin, self.why = key, value, origin, why

    def __str__(self) -> str:
        return f"Setting {self.key!r} (from {self.origin}) cannot be {self.value!r}: {self.why}"


class UnknownSetting(ConfigError, AttributeError, LookupError):
    """`deskapp.config` was asked for a setting that does not exist.

    It is what Python expects of a missing attribute, and of a missing item.

    Args:
        key: The name.
        why: Which names are near.
    """

    def __init__(self, key: str, why: str) -> None:
        super().__init__(key, None, origin="the program", why=why)
        self.args = (key, why)

    def __str__(self) -> str:
        return f"There is no setting {self.key!r}; {self.why}"


class RuntimeUnavailable(DeskappError):
    """None of the runtimes that were asked for can work on this machine.

    Args:
        requested: The runtime string as the user wrote it.
        tried: One ``(name, reason, remedy)`` per candidate; the remedy is a command or a sentence.
    """

    def __init__(self, requested: str, tried: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__(requested, tuple(tried))
        self.requested, self.tried = requested, tuple(tried)

    def __str__(self) -> str:
        lines = [f"No runtime for {self.requested!r} can show a window here."]
        for name, reason, remedy in self.tried:
            lines.append(f"  {name}: {reason.rstrip('.')}." + (f" To mend it: {remedy}" if remedy else ""))
        lines.append("`deskapp doctor` shows what works on this machine.")
        return "\n".join(lines)


class RuntimeFailed(DeskappError):
    """A runtime ended by itself, or did not show its page in time.

    Args:
        name: The runtime's name.
        exit_code: Exit code of its process; None when it still ran or never had one.
        tail: The last lines that it wrote.
    """

    def __init__(self, name: str, *, exit_code: int | None = None, tail: str = "", why: str = "") -> None:
        super().__init__(name, exit_code, tail, why)
        self.name, self.exit_code, self.tail, self.why = name, exit_code, tail, why

    def __str__(self) -> str:
        what = self.why or ("ended by itself" if self.exit_code is None else f"ended with exit code {self.exit_code}")
        tail = self.tail.strip()
        said = f" Its last words:\n{tail}" if tail else " It said nothing."
        return f"Runtime {self.name!r} {what}.{said}"


class NotSupported(DeskappError):
    """A runtime was asked for something that it cannot do.

    Args:
        ability: What was asked for: a command, an option or a service.
        runtime: The runtime's name.
        able: The runtimes that can.
        why: What this machine lacks, if the runtime could do it elsewhere.
    """

    def __init__(self, ability: str, runtime: str, able: Sequence[str] = (), *, why: str = "") -> None:
        super().__init__(ability, runtime, tuple(able), why)
        self.ability, self.runtime, self.able, self.why = ability, runtime, tuple(able), why

    def __str__(self) -> str:
        if self.why:
            return f"Runtime {self.runtime!r} cannot do {self.ability!r} here: {self.why}."
        others = f"these can: {', '.join(self.able)}" if self.able else "no built-in runtime can"
        return f"Runtime {self.runtime!r} cannot do {self.ability!r}; {others}."


class WindowClosed(DeskappError):
    """A window was asked for something after its end, or ended before it could do it.

    Args:
        title: The window's last title.
        asked: What it was asked for.
    """

    def __init__(self, title: str, asked: str) -> None:
        super().__init__(title, asked)
        self.title, self.asked = title, asked

    def __str__(self) -> str:
        return f"The window {self.title!r} is closed, so it cannot do {self.asked!r}; ask `is_closed` first."


class PackageMissing(DeskappError, ImportError):
    """A package is not installed that something needs.

    Args:
        what: What needs it.
        package: The package.
        extra: The extra of deskapp that brings it.
    """

    def __init__(self, what: str, package: str, *, extra: str) -> None:
        super().__init__(what, package, extra)
        self.what, self.package, self.extra = what, package, extra

    def __str__(self) -> str:
        command = f"pip install 'deskapp[{self.extra}]'"
        return f"{self.what} needs {self.package}, which is not installed. Get it with: {command}"


class ScopeNotFound(DeskappError, LookupError):
    """A page has no scope of this name.

    Args:
        what: What was asked for, for example ``"clear()"``.
        name: The name.
        near: Scopes with names like it.
    """

    def __init__(self, what: str, name: str, near: Sequence[str] = ()) -> None:
        super().__init__(what, name, near)
        self.what, self.name, self.near = what, name, near

    def __str__(self) -> str:
        hint = f"did you mean {' or '.join(map(repr, self.near))}?" if self.near else "make it with put_scope() first."
        return f"{self.what} finds no scope {self.name!r} in the page; {hint}"


class FieldNotFound(DeskappError, LookupError):
    """A page, or its form, has no field of this name.

    Args:
        what: What was asked for, for example ``"pin_update()"``.
        name: The name.
        near: Fields with names like it.
        why: What else there is to say.
    """

    def __init__(self, what: str, name: str, near: Sequence[str] = (), why: str = "") -> None:
        super().__init__(what, name, near, why)
        self.what, self.name, self.near, self.why = what, name, near, why

    def __str__(self) -> str:
        hint = (
            f"did you mean {' or '.join(map(repr, self.near))}?" if self.near else self.why or "no field has this name."
        )
        return f"{self.what} finds no field {self.name!r}; {hint}"


class LibraryMissing(DeskappError):
    """A library for pages is not in place; only in a checkout can that be.

    Args:
        file: The file that is not there.
    """

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return (
            f"{self.file!r} is needed, and this checkout of deskapp lacks the front-end libraries. "
            "Install Node.js with npm, then run: python3 dev.py setup"
        )


class AccessDenied(DeskappError):
    """A request that may not be answered.

    Args:
        what: What was asked for and why it is refused.
    """

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"Access denied: {self.what}"


class WrongThread(DeskappError, RuntimeError):
    """A component was touched from a thread that does not own its loop.

    Args:
        what: What was attempted.
        owner: Name of the owning thread.
        found: Name of the calling thread.
    """

    def __init__(self, what: str, *, owner: str, found: str) -> None:
        super().__init__(what, owner, found)
        self.what, self.owner, self.found = what, owner, found

    def __str__(self) -> str:
        return (
            f"{self.what} from thread {self.found!r}, but the loop belongs to {self.owner!r}. "
            "Call an action instead (any thread may), or hand the work over with deskapp.app.call_soon(function)."
        )


class WouldWaitForever(DeskappError, RuntimeError):
    """A thread was to wait for work that it has to do itself.

    Args:
        what: The work, for example ``"native.confirm"``.
        is_running: Whether the program's loop runs already.
    """

    def __init__(self, what: str, *, is_running: bool) -> None:
        super().__init__(what, is_running)
        self.what, self.is_running = what, is_running

    def __str__(self) -> str:
        if self.is_running:
            return (
                f"Waiting for {self.what} on the thread of the loop that does it would never end. "
                f"Await it in an async action or coroutine: `await {self.what}(…)`; wait() is for other threads."
            )
        return (
            f"{self.what} is done once the program runs, so waiting for it before run() would never end. "
            f"Await it in an async action or coroutine: `await {self.what}(…)`."
        )


class DesktopFailed(DeskappError, RuntimeError):
    """The desktop around the program, or a program of the system, could not do something.

    Args:
        asked: What it was asked to do, as a verb: ``"show 'a.txt'"``.
        why: What was found.
        remedy: The command that mends it, if there is one.
    """

    def __init__(self, asked: str, why: str, *, remedy: str = "") -> None:
        super().__init__(asked, why, remedy)
        self.asked, self.why, self.remedy = asked, why, remedy

    def __str__(self) -> str:
        return f"Cannot {self.asked}: {self.why}." + (f" To mend it: {self.remedy}" if self.remedy else "")


class NotAnswered(DeskappError, RuntimeError):
    """Another process of the same program runs, and did not take what this one had for it.

    Args:
        app_id: The program.
        pid: The other process; None if it did not even say who it is.
        timeout_s: How long it was given, in seconds.
    """

    def __init__(self, app_id: str, pid: int | None, timeout_s: float) -> None:
        super().__init__(app_id, pid, timeout_s)
        self.app_id, self.pid, self.timeout_s = app_id, pid, timeout_s

    def __str__(self) -> str:
        who = "" if self.pid is None else f" (process {self.pid})"
        return (
            f"{self.app_id!r} runs already{who}, but did not answer within {self.timeout_s:g} s; "
            "it may hang. End that process, then start again."
        )


class PublishError(DeskappError, RuntimeError):
    """An app was not published; what the site had before is unchanged.

    Args:
        name: The app's name on the site.
        site: The site's address without the token; empty if it never came to that.
        why: What is wrong, or what the site said.
        status: The HTTP status with which the site refused; None if it did not answer.
    """

    def __init__(self, name: str, site: str, why: str, *, status: int | None = None) -> None:
        super().__init__(name, site, why)
        self.name, self.site, self.why, self.status = name, site, why, status

    def __str__(self) -> str:
        return f"{self.name!r} was not published{f' at {self.site}' if self.site else ''}: {self.why}"


class AssetError(DeskappError):
    """Something is wrong with an asset."""


class AssetExists(AssetError, ValueError):
    """A name that is already taken.

    Args:
        name: The asset's or data blob's name.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return f"There is already something called {self.name!r} in this store; choose another name."


class AssetMissing(AssetError, LookupError):
    """A name that nobody registered, or a source that cannot be read.

    Args:
        name: The asset's name.
        why: What was tried.
    """

    def __init__(self, name: str, why: str = "nothing was registered under that name") -> None:
        super().__init__(name, why)
        self.name, self.why = name, why

    def __str__(self) -> str:
        return f"Asset {self.name!r} cannot be had: {self.why}."


class ExportFailed(DeskappError):
    """An app, or the shared assets, cannot be written to the place that was named.

    Args:
        place: Where to.
        why: What the system said.
    """

    def __init__(self, place: str, why: OSError) -> None:
        super().__init__(place, why)
        self.place, self.why = place, why

    def __str__(self) -> str:
        where = f" ({self.why.filename!r})" if self.why.filename not in (None, self.place) else ""
        return (
            f"Cannot export to {self.place!r}: {self.why.strerror or self.why}{where}. "
            "Nothing was changed there; name a place that you may write to."
        )


class ProtocolError(DeskappError):
    """The peer broke the rules of the wire; the session closes with `close_code`.

    Args:
        what: Which rule, and what was found.
        close_code: WebSocket close code; 1000, 1001 or 44xx (WebKitGTK turns others into 1006).
    """

    def __init__(self, what: str, *, close_code: int = 4400) -> None:
        super().__init__(what)
        self.what, self.close_code = what, close_code

    def __str__(self) -> str:
        return self.what


class CodecError(ProtocolError):
    """A value that cannot travel, or a frame that cannot be read.

    Args:
        what: The value's type or the fault.
        where: Component, property and path inside the value, as far as known.
    """

    def __init__(self, what: str, *, where: str = "", close_code: int = 4400) -> None:
        super().__init__(what, close_code=close_code)
        self.where = where

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class VersionMismatch(ProtocolError):
    """Page and process speak different versions of the protocol.

    Args:
        ours: Version spoken here.
        theirs: Version in the peer's greeting.
    """

    def __init__(self, ours: int, theirs: int) -> None:
        super().__init__(f"protocol version {theirs} was offered, this side speaks {ours}", close_code=4426)
        self.ours, self.theirs = ours, theirs


class MessageTooLarge(ProtocolError):
    """A message, or a queue of them, passed its bound.

    Args:
        size_bytes: What it came to.
        limit_bytes: What is allowed.
        about: What was to be sent to a page, if that is it.
    """

    def __init__(self, size_bytes: int, limit_bytes: int, about: str = "") -> None:
        text = f"{size_bytes} bytes, the limit is {limit_bytes} bytes"
        if about:
            text = f"{about}: {text}; a page can fetch large data from session.add_data()"
        super().__init__(text, close_code=4413)
        self.size_bytes, self.limit_bytes, self.about = size_bytes, limit_bytes, about


class BridgeError(DeskappError):
    """Something between a class in Python and its twin in JavaScript went wrong."""


class TranspileError(BridgeError):
    """Python that cannot become JavaScript.

    Args:
        file: Path of the Python file.
        line: Line in that file, counted from 1; 0 if unknown.
        name: Qualified name of the function, method or class.
        why: The construct at fault and what to write instead.
    """

    def __init__(self, file: str, line: int, name: str, why: str) -> None:
        super().__init__(file, line, name, why)
        self.file, self.line, self.name, self.why = file, line, name, why

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.name} cannot become JavaScript: {self.why}"


class DependencyCycle(BridgeError):
    """Things that need each other in a circle.

    Args:
        names: The circle, in order.
    """

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(tuple(names))
        self.names = tuple(names)

    def __str__(self) -> str:
        return "These need each other in a circle: " + " → ".join((*self.names, self.names[0]))


class NotDeclared(BridgeError):
    """The other side asked for something that is no declared action.

    Args:
        component: The component's id.
        action: The name that was asked for.
    """

    def __init__(self, component: str, action: str) -> None:
        super().__init__(component, action)
        self.component, self.action = component, action

    def __str__(self) -> str:
        return (
            f"{self.component} has no action {self.action!r}; "
            "only methods decorated with @event.action (and set_x of settable properties) can be called."
        )


class SessionException(DeskappError):
    """Something about a session: it is not there, is closed, or its page failed."""


class SessionNotFoundException(SessionException, RuntimeError):
    """There is no session where one is needed.

    Args:
        what: What needed it.
    """

    def __init__(self, what: str = "this call") -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return (
            f"{self.what} needs a session. Create components inside another component's init(), "
            "or start the first one with launch() or serve(); a thread belongs to a session after register_thread()."
        )


class SessionClosedException(SessionException):
    """The session has ended.

    Args:
        code: Its close code.
        reason: Why it ended.
    """

    def __init__(self, code: int = 1000, reason: str = "") -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason

    def __str__(self) -> str:
        return f"The session is closed ({self.code}{': ' + self.reason if self.reason else ''})."


class WrongKindOfSession(SessionException, RuntimeError):
    """A function was called in a kind of session that has no use for it.

    Args:
        what: The function, for example ``"run_async()"``.
        why: What it is for, and what to do instead.
    """

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why

    def __str__(self) -> str:
        return f"{self.what} {self.why}"


class TooManySessions(SessionException):
    """A server has as many pages as it admits.

    Args:
        limit: How many that is.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit

    def __str__(self) -> str:
        return (
            f"There are {self.limit} pages of served apps, which is as many as the setting 'max_sessions' admits; "
            "raise it, or set it to 0 for no bound."
        )


class ClientReloaded(SessionException):
    """The page was loaded anew while an answer from it was awaited."""

    def __str__(self) -> str:
        return "The page was reloaded before it answered; ask again."


class ClientError(SessionException):
    """JavaScript raised an error.

    Args:
        message: Its message.
        js_stack: Its stack, as the engine writes it.
        is_rejection: Whether a promise was rejected, rather than the code itself failing.
    """

    def __init__(self, message: str, js_stack: str = "", *, is_rejection: bool = False) -> None:
        super().__init__(message, js_stack)
        self.message, self.js_stack, self.is_rejection = message, js_stack, is_rejection

    def __str__(self) -> str:
        return f"{self.message}\n{self.js_stack}".rstrip()


class FreezeError(DeskappError):
    """Turning the project into an installer failed."""


class SpecError(FreezeError, ValueError):
    """A key of the product table is missing or wrong.

    Args:
        key: The key, dotted.
        why: What is wrong, and what would be right.
        others: What else is wrong in the same table.
    """

    def __init__(self, key: str, why: str, *, others: Sequence[SpecError] = ()) -> None:
        super().__init__(key, why)
        self.key, self.why, self.others = key, why, tuple(others)

    def __str__(self) -> str:
        return "\n".join([f"{self.key}: {self.why}", *map(str, self.others)])


class ToolMissing(FreezeError):
    """A program that a build needs is not here.

    Args:
        tool: Its name.
        remedy: The command that gets it.
    """

    def __init__(self, tool: str, remedy: str) -> None:
        super().__init__(tool, remedy)
        self.tool, self.remedy = tool, remedy

    def __str__(self) -> str:
        return f"{self.tool!r} is needed and was not found. Get it with: {self.remedy}"


class BuildFailed(FreezeError):
    """A stage of the build ended with an error.

    Args:
        stage: Its name.
        command: What was run; empty if no command failed.
        exit_code: Its exit code, or the error number of the system.
        log: Tail of its log, or what happened.
    """

    def __init__(self, stage: str, *, command: Sequence[str], exit_code: int, log: str) -> None:
        super().__init__(stage, tuple(command), exit_code, log)
        self.stage, self.command, self.exit_code, self.log = stage, tuple(command), exit_code, log

    def __str__(self) -> str:
        if not self.command:
            return f"{self.stage} failed: {self.log}"
        return f"{self.stage} failed with exit code {self.exit_code}: {' '.join(self.command)}\n{self.log}"


class VerifyFailed(FreezeError):
    """What was built does not work.

    Args:
        check: What was tried.
        detail: What happened.
    """

    def __init__(self, check: str, detail: str) -> None:
        super().__init__(check, detail)
        self.check, self.detail = check, detail

    def __str__(self) -> str:
        return f"Check {self.check!r} failed: {self.detail}"
