"""Pipes that the loop watches, and pipes that threads read and write: the same to whoever uses them."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable

import pytest

from deskapp.runtime.process._pipe_ends import HELD_BYTES, WAITING_BYTES, LoopReader, Reader, ThreadReader, ThreadWriter

DEADLINE_S = 5.0


async def until(condition: Callable[[], object]) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline_s
        await asyncio.sleep(0.002)


def threads(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


@pytest.fixture(params=["loop", "thread"])
def make(request: pytest.FixtureRequest) -> Callable[[int], Reader]:
    if request.param == "loop":
        return LoopReader
    return lambda fd: ThreadReader(fd, "test-reader", keeps_all=True)


async def test_what_is_written_is_taken_in_order_and_the_end_comes_last(make: Callable[[int], Reader]) -> None:
    end, start = os.pipe()
    reader, taken = make(end), list[bytes]()
    reader.attach(asyncio.get_running_loop(), taken.append)
    for number in range(50):
        os.write(start, b"%d," % number)
    os.close(start)
    await until(lambda: taken and taken[-1] == b"")
    assert b"".join(taken) == b"".join(b"%d," % number for number in range(50))
    assert taken.count(b"") == 1
    assert reader.drain()
    reader.close()
    await until(lambda: not threads("test-reader"))


def test_what_came_between_two_loops_is_taken_on_the_second(make: Callable[[int], Reader]) -> None:
    end, start = os.pipe()
    reader, taken = make(end), list[tuple[int, bytes]]()

    async def take(number: int, wanted: bytes) -> None:
        reader.attach(asyncio.get_running_loop(), lambda data: taken.append((number, data)))
        await until(lambda: b"".join(data for at, data in taken if at == number) == wanted)

    os.write(start, b"early ")
    asyncio.run(take(1, b"early "))
    os.write(start, b"between ")
    asyncio.run(take(2, b"between "))
    os.close(start)
    reader.close()


async def test_a_thread_reads_on_when_its_piece_was_taken() -> None:
    end, start = os.pipe()
    os.set_blocking(start, False)
    reader = ThreadReader(end, "test-reader", keeps_all=True)
    written = 0
    deadline_s = time.monotonic() + 0.3
    while time.monotonic() < deadline_s:  # a child that writes and writes, while nobody takes
        try:
            written += os.write(start, b"x" * 4096)
        except BlockingIOError:
            await asyncio.sleep(0.01)
    assert written <= 3 * HELD_BYTES  # the pipe's own room, and one piece
    taken = list[bytes]()
    reader.attach(asyncio.get_running_loop(), taken.append)
    await until(lambda: sum(map(len, taken)) == written)
    os.close(start)
    await until(lambda: taken[-1] == b"")
    reader.close()


async def test_a_thread_that_may_lose_keeps_the_last() -> None:
    end, start = os.pipe()
    reader = ThreadReader(end, "test-reader", keeps_all=False)
    for _ in range(5):
        os.write(start, b"x" * HELD_BYTES)  # would block for ever if nobody read
    os.write(start, b"the last")
    os.close(start)
    taken = list[bytes]()
    await until(lambda: not threads("test-reader"))
    reader.attach(asyncio.get_running_loop(), taken.append)
    await until(lambda: taken and taken[-1] == b"")
    assert b"".join(taken).endswith(b"the last")
    assert len(b"".join(taken)) == HELD_BYTES
    reader.close()


async def test_a_thread_that_nobody_wants_any_more_ends_with_its_pipe() -> None:
    end, start = os.pipe()
    reader = ThreadReader(end, "test-reader", keeps_all=True)
    os.write(start, b"something that is never taken")
    reader.close()
    os.write(start, b"more")
    assert threads("test-reader")
    os.close(start)
    await until(lambda: not threads("test-reader"))
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(end)


async def test_a_thread_writes_all_that_there_was_room_for() -> None:
    end, start = os.pipe()
    writer = ThreadWriter(start, "test-writer")
    lines = [b"%07d\n" % number * 100 for number in range(WAITING_BYTES // 1600)]
    for line in lines:
        writer.write(line)
    with pytest.raises(BlockingIOError, match="wait already"):
        writer.write(b"x" * WAITING_BYTES)
    got = b""
    while len(got) < sum(map(len, lines)):
        got += await asyncio.to_thread(os.read, end, 1 << 16)
    assert got == b"".join(lines)
    writer.close()
    await until(lambda: not threads("test-writer"))
    assert os.read(end, 1) == b""
    os.close(end)


async def test_a_writer_whose_reader_is_gone_ends() -> None:
    end, start = os.pipe()
    writer = ThreadWriter(start, "test-writer")
    os.close(end)
    writer.write(b"nobody reads this\n")
    await until(lambda: not threads("test-writer"))
    writer.close()
