"""Programs of the system that ours starts: in which environment, and how it hears of their failure."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
from collections.abc import Mapping, Sequence
from typing import IO, TYPE_CHECKING

from deskapp._bundle_environment import without_bundle
from deskapp._lazy import LazyModule
from deskapp.errors import DesktopFailed
from deskapp.paths import is_frozen

if TYPE_CHECKING:
    import asyncio
else:
    asyncio = LazyModule("asyncio")

FAILS_WITHIN_S = 10.0
"""A program that has not failed by then is taken to work; it may stay for hours, as a browser does."""

LAST_WORDS_BYTES = 2000


def outside_environment(environ: Mapping[str, str] = os.environ, *, frozen: bool | None = None) -> dict[str, str]:
    """The environment for programs that are not part of ours: without what a bundle needs for itself.

    Args:
        environ: The environment of this process.
        frozen: Whether this process runs from a bundle; found out when None.
    """
    if not (is_frozen() if frozen is None else frozen):
        return dict(environ)
    return without_bundle(environ)


async def start_program(command: Sequence[str], *, fails_within_s: float = FAILS_WITHIN_S) -> None:
    """Start a program that goes its own way, and wait a while for it to fail.

    Args:
        command: Program and arguments; no shell reads them.
        fails_within_s: Seconds to wait for its exit code.

    Raises:
        FileNotFoundError: There is no such program.
        DesktopFailed: It ended with an exit code that is not 0.
    """
    aio = asyncio.get_running_loop()
    ended: asyncio.Future[int] = aio.create_future()
    with tempfile.TemporaryFile() as words:  # no pipe: nobody might be there to read it
        process = _start(command, words)

        def settle(exit_code: int) -> None:
            if not ended.done():
                ended.set_result(exit_code)

        def reap() -> None:
            exit_code = process.wait()
            if not aio.is_closed():
                try:
                    aio.call_soon_threadsafe(settle, exit_code)
                except RuntimeError:  # it closed this moment
                    return

        threading.Thread(target=reap, name=f"deskapp-reap-{process.pid}", daemon=True).start()
        try:
            exit_code = await asyncio.wait_for(asyncio.shield(ended), fails_within_s)
        except asyncio.TimeoutError:
            return
        if exit_code != 0:
            words.seek(0)
            said = words.read()[-LAST_WORDS_BYTES:].decode(errors="replace").strip()
            why = f"{command[0]} ended with exit code {exit_code}" + (f" and said: {said}" if said else "")
            raise DesktopFailed(f"run {command[0]}", why)


def _start(command: Sequence[str], words: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=words,
        env=outside_environment(),
        start_new_session=True,  # Ctrl+C in our terminal is not meant for it
    )


async def ask_program(command: Sequence[str]) -> tuple[int, str]:
    """Run a program that asks the user something; return its exit code and what it wrote.

    It is ended when the waiting is cancelled.

    Args:
        command: Program and arguments; no shell reads them.

    Raises:
        FileNotFoundError: There is no such program.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=outside_environment(),
    )
    try:
        output, _ = await process.communicate()
    except asyncio.CancelledError:
        if process.returncode is None:
            process.terminate()
            await process.wait()
        raise
    assert process.returncode is not None
    return process.returncode, output.decode(errors="surrogateescape")
