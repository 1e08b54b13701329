"""`SingleInstance`: one process for each program and user; later ones hand over what they were to open, and end."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from deskapp._lazy import LazyModule
from deskapp.desktop.instance_channel import (
    MAX_LINE_BYTES,
    Channel,
    Strange,
    channel_in,
    check_user,
    from_line,
    is_proof,
    proof,
    to_line,
)
from deskapp.desktop.opened import Opened, checked_schemes, read_arguments
from deskapp.errors import DesktopFailed, NotAnswered
from deskapp.paths import app_paths, ensure_private

if TYPE_CHECKING:
    import asyncio

    from filelock import BaseFileLock
else:
    asyncio = LazyModule("asyncio")

logger = logging.getLogger("deskapp.native")

ANSWER_TIMEOUT_S = 5.0
RETRY_S = 0.05
MAX_CONNECTIONS = 32

OnOpen = Callable[[Opened], object]


class SingleInstance:
    """The claim of a program to run once for each user.

        instance = SingleInstance("org.example.clock", schemes=["clock"])
        if not instance.claim():
            sys.exit(0)                              # the first one opens what this one was given
        instance.listen(asyncio_loop, on_open)
        …
        instance.release()

    Args:
        app_id: The program.
        schemes: What its own addresses begin with, for example ``["clock"]`` for ``clock:alarm/7``.
        folder: Where lock and socket are; in the program's runtime directory when not given.

    Attributes:
        opened: What this start was to open, once `claim` was called.

    Raises:
        ConfigError: The id or a scheme is impossible.
    """

    def __init__(self, app_id: str, *, schemes: Iterable[str] = (), folder: Path | None = None) -> None:
        self._app_id = app_id
        self._folder = folder if folder is not None else app_paths(app_id).runtime
        self._schemes = checked_schemes(schemes)
        self._channel: Channel = channel_in(self._folder)
        self._lock: BaseFileLock | None = None
        self._socket: socket.socket | None = None
        self._secret = ""
        self._server: asyncio.Server | None = None
        self._aio: asyncio.AbstractEventLoop | None = None
        self._talks: set[asyncio.Task[None] | None] = set()
        self.opened = Opened()

    @property
    def is_first(self) -> bool:
        """Whether this process holds the claim."""
        return self._lock is not None

    def claim(
        self, argv: Sequence[str] | None = None, *, cwd: Path | None = None, timeout_s: float = ANSWER_TIMEOUT_S
    ) -> bool:
        """Be the first process, or hand over to the one that is. Blocks; called before any loop runs.

        Args:
            argv: What this start was given; ``sys.argv[1:]`` when None.
            cwd: The folder that paths are relative to; the working directory when None.
            timeout_s: Seconds that the first one has to answer.

        Returns:
            Whether this process is the first. If not, the first one has taken what this one was given.

        Raises:
            NotAnswered: There is a first one, which does not answer.
            DesktopFailed: The lock cannot be had, for example since the disk is full.
        """
        self.opened = read_arguments(sys.argv[1:] if argv is None else argv, cwd or Path.cwd(), self._schemes)
        deadline_s = time.monotonic() + timeout_s
        while True:
            if self._take_lock():
                return True
            # The first one may be about to listen, or about to end: then the lock is ours next time.
            if self._hand_over(deadline_s):
                return False
            if time.monotonic() + RETRY_S >= deadline_s:
                raise NotAnswered(self._app_id, self._read_pid(), timeout_s)
            time.sleep(RETRY_S)

    def listen(self, aio: asyncio.AbstractEventLoop, on_open: OnOpen) -> None:
        """Take from now on what later starts were given; what came since `claim` is taken first.

        Args:
            aio: The loop on which `on_open` is called; it may not run yet.
            on_open: Gets what is to be opened. What it raises is logged.

        Raises:
            DesktopFailed: This process is not the first.
        """
        if self._socket is None:
            raise DesktopFailed("listen for later starts", "this process has not claimed to be the first")
        self._aio = aio
        aio.call_soon_threadsafe(lambda: self._talks.add(aio.create_task(self._serve(on_open))))

    def release(self) -> None:
        """Let the next start be the first. Called on the loop's thread, or when the loop has ended; twice is fine."""
        aio, self._aio = self._aio, None
        if self._server is not None and aio is not None and not aio.is_closed():
            self._server.close()
        self._server = None
        for talk in self._talks:
            if talk is not None and aio is not None and not aio.is_closed():
                talk.cancel()
        if self._socket is not None:
            self._channel.remove()  # while the lock is held: the name may be another's after that
            self._socket.close()
            self._socket = None
        if self._lock is not None:
            self._pid_file.unlink(missing_ok=True)
            self._lock.release()
            self._lock = None

    # -- the lock ------------------------------------------------------------------------------------------------------

    @property
    def _pid_file(self) -> Path:
        return self._folder / "instance.pid"

    def _take_lock(self) -> bool:
        from filelock import FileLock, Timeout  # on demand: most programs never ask

        try:
            ensure_private(self._folder)
            lock = FileLock(self._folder / "instance.lock", timeout=0, thread_local=False)
            lock.acquire()
        except Timeout:
            return False
        except (OSError, NotImplementedError) as error:
            raise DesktopFailed(f"see whether {self._app_id!r} runs already", str(error)) from error
        try:
            self._socket, self._secret = self._channel.listen()
            self._pid_file.write_text(str(os.getpid()), encoding="ascii")
        except OSError as error:
            lock.release()
            raise DesktopFailed(f"listen for later starts of {self._app_id!r}", str(error)) from error
        self._lock = lock
        return True

    def _read_pid(self) -> int | None:
        """Who the first one is, for people: it may be gone by now."""
        try:
            return int(self._pid_file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return None

    # -- the second process --------------------------------------------------------------------------------------------

    def _hand_over(self, deadline_s: float) -> bool:
        """Give the first one what this start was given; False if it was not taken."""
        try:
            connected, secret = self._channel.connect(max(0.01, deadline_s - time.monotonic()))
            with connected, connected.makefile("rb") as stream:

                def ask(message: dict[str, object]) -> dict[str, object]:
                    connected.settimeout(max(0.01, deadline_s - time.monotonic()))
                    connected.sendall(to_line(message))
                    return from_line(stream.readline(MAX_LINE_BYTES))

                nonce = secrets.token_urlsafe(16)
                greeting = ask({"hello": nonce})
                if not is_proof(secret, "first", nonce, greeting.get("proof")):
                    raise Strange("somebody else is at that port")
                answer = ask({"proof": proof(secret, "second", greeting.get("hello")), "opened": self.opened.to_wire()})
                return answer.get("taken") is True
        except (OSError, ValueError, Strange) as error:
            logger.debug("the first process did not take it: %r", error)
            return False

    # -- the first process ---------------------------------------------------------------------------------------------

    async def _serve(self, on_open: OnOpen) -> None:
        self._talks.add(asyncio.current_task())
        if self._socket is None:
            return  # released meanwhile
        duplicate = self._socket.dup()  # the server closes what it is given
        duplicate.setblocking(False)

        async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._talk(reader, writer, on_open)

        self._server = await asyncio.start_server(greet, sock=duplicate, limit=MAX_LINE_BYTES)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, on_open: OnOpen) -> None:
        """Take what one later start was given."""
        task = asyncio.current_task()
        try:
            if len(self._talks) >= MAX_CONNECTIONS:
                return
            self._talks.add(task)
            check_user(writer.get_extra_info("socket"))
            opened = await asyncio.wait_for(self._receive(reader, writer), ANSWER_TIMEOUT_S)
            writer.write(to_line({"taken": True}))
            await asyncio.wait_for(writer.drain(), ANSWER_TIMEOUT_S)
        except (OSError, ValueError, Strange, asyncio.TimeoutError) as error:
            logger.warning("Somebody connected who is no later start of this program: %s", error or repr(error))
            return
        finally:
            self._talks.discard(task)
            writer.close()
        try:
            on_open(opened)
        except Exception as error:  # a border: it is the application's
            logger.error("What a later start was to open could not be opened: %s", error, exc_info=error)

    async def _receive(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Opened:
        hello = from_line(await reader.readline())
        nonce = secrets.token_urlsafe(16)
        mine = proof(self._secret, "first", hello.get("hello"))
        writer.write(to_line({"hello": nonce, "proof": mine, "pid": os.getpid()}))
        message = from_line(await reader.readline())
        if not is_proof(self._secret, "second", nonce, message.get("proof")):
            raise Strange("it does not know the secret")
        opened = message.get("opened")
        if not isinstance(opened, dict):
            raise Strange("it says nothing")
        return Opened.from_wire(opened)
