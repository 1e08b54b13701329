"""In one window, by turns: round trips of deskapp, and of a raw Tornado websocket to the same page.

Arguments: ``small`` or ``array``, blocks, round trips in a block. Tells two lists of seconds, ours and the raw one's:
of each round trip if it is small, else of each array. The raw websocket runs in the same process, on the same asyncio
loop, and its JavaScript sends back what it gets.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import numpy
from tornado import httpserver, netutil, web, websocket

from benchmarks._child import tell
from deskapp import App, Csp, JsComponent, PyComponent, event, run

ARRAY_BYTES = 16 * 2**20
LARGEST_BYTES = 64 * 2**20
PAUSE_S = 0.05

RAW_PAGE = """
await new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => resolve();
    socket.onerror = () => reject(new Error("no raw websocket"));
    socket.onmessage = (message) => socket.send(message.data);
});
return null;
"""

Block = Callable[[int], Awaitable[list[float]]]


class Raw(websocket.WebSocketHandler):
    """The peer: as little as Tornado needs."""

    connected: asyncio.Future[Raw]
    on_answer: Callable[[str | bytes], None]

    def check_origin(self, origin: str) -> bool:
        """The page is of another origin."""
        return True

    def open(self, *args: str, **kwargs: str) -> None:
        """Be found."""
        self.set_nodelay(True)
        Raw.connected.set_result(self)

    def on_message(self, message: str | bytes) -> None:
        """Pass the answer on."""
        self.on_answer(message)


class Echo(JsComponent):
    """Lives in the page and sends back what it gets."""

    number = event.IntProp(0, settable=True)

    @event.emitter
    def returned(self, data: object) -> dict[str, object]:
        """The array is on its way back."""
        return {"data": data}

    @event.action
    def send_back(self, data: object) -> None:
        """Runs in the page."""
        self.returned(data)


class EchoApp(PyComponent):
    """Measures."""

    def init(self, kind: str, blocks: int, trips: int, sockets: list[object]) -> None:
        """Wait for the page."""
        self.echo = Echo()
        self.plan = kind, blocks, trips
        self.sockets = sockets
        self.answered: Callable[[object], None] = lambda _: None
        self.results: tuple[list[float], list[float]] = ([], [])
        self.measure()

    @event.reaction("echo.number")
    def on_number(self, *events: event.Event) -> None:
        """A small round trip is over."""
        self.answered(events[-1].new_value)

    @event.reaction("echo.returned")
    def on_returned(self, *events: event.Event) -> None:
        """An array is back."""
        self.answered(events[-1].data)

    @event.action
    async def measure(self) -> None:
        """The whole measurement; then the window closes."""
        kind, blocks, trips = self.plan
        Raw.connected = asyncio.get_running_loop().create_future()
        server = httpserver.HTTPServer(web.Application([("/", Raw)], websocket_max_message_size=LARGEST_BYTES))
        server.add_sockets(self.sockets)  # type: ignore[arg-type]
        port = self.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        await self.session.eval_js(RAW_PAGE, url=f"ws://127.0.0.1:{port}/")
        raw = await Raw.connected
        pair: tuple[Block, Block]
        if kind == "small":
            pair = self.our_numbers, lambda number: raw_numbers(raw, number)
        else:
            array = numpy.arange(ARRAY_BYTES // 8, dtype=numpy.float64)
            frame = array.tobytes()
            pair = (lambda number: self.our_arrays(array, number)), lambda number: raw_arrays(raw, frame, number)
        for block in range(blocks + 1):
            order = (0, 1) if block % 2 else (1, 0)
            for which in order:
                taken = await pair[which](trips)
                await asyncio.sleep(PAUSE_S)
                if block:
                    self.results[which].extend(taken)
        server.stop()
        raw.close()
        self.session.close()

    async def our_numbers(self, trips: int) -> list[float]:
        """Set a property of what lives in the page, see it changed, and set it again."""
        taken: list[float] = []
        done = asyncio.get_running_loop().create_future()
        first = self.echo.number + 1
        started = 0.0

        def on_answer(number: object) -> None:
            nonlocal started
            now = time.perf_counter()
            taken.append(now - started)
            if len(taken) == trips:
                done.set_result(None)
                return
            started = time.perf_counter()
            self.echo.set_number(first + len(taken))

        self.answered = on_answer
        started = time.perf_counter()
        self.echo.set_number(first)
        await done
        return taken

    async def our_arrays(self, array: numpy.typing.NDArray[numpy.float64], trips: int) -> list[float]:
        """Call an action in the page with an array; it emits it as an event."""
        taken = []
        for _ in range(trips):
            done = asyncio.get_running_loop().create_future()
            self.answered = done.set_result
            started = time.perf_counter()
            self.echo.send_back(array)
            back = await done
            taken.append(time.perf_counter() - started)
            assert back.shape == array.shape
            assert back[-1] == array[-1]
        return taken


async def raw_numbers(raw: Raw, trips: int) -> list[float]:
    """The same with a text frame of the same length as ours."""
    taken: list[float] = []
    done = asyncio.get_running_loop().create_future()
    started = 0.0
    text = '[100,100,[["INVOKE","Echo_2","set_number",[100],0]]]'

    def on_answer(message: str | bytes) -> None:
        nonlocal started
        now = time.perf_counter()
        taken.append(now - started)
        if len(taken) == trips:
            done.set_result(None)
            return
        started = time.perf_counter()
        raw.write_message(text)

    raw.on_answer = on_answer
    started = time.perf_counter()
    raw.write_message(text)
    await done
    return taken


async def raw_arrays(raw: Raw, frame: bytes, trips: int) -> list[float]:
    """One binary frame, there and back."""
    taken = []
    for _ in range(trips):
        done: asyncio.Future[str | bytes] = asyncio.get_running_loop().create_future()
        raw.on_answer = done.set_result
        started = time.perf_counter()
        raw.write_message(frame, binary=True)
        back = await done
        taken.append(time.perf_counter() - started)
        assert len(back) == len(frame)
    return taken


def main() -> None:
    """Launch, measure, tell."""
    kind, blocks, trips = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    sockets = netutil.bind_sockets(0, "127.0.0.1")
    csp = Csp(connect=(f"ws://127.0.0.1:{sockets[0].getsockname()[1]}",))
    app = App(EchoApp, kind, blocks, trips, sockets, csp=csp).launch("app", size=(400, 300))
    run()
    assert isinstance(app, EchoApp)
    tell(app.results)


if __name__ == "__main__":
    main()
