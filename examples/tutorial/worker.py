"""Work that takes time: in a coroutine, and on a thread."""

import asyncio
import threading
import time

from label import Label

from deskapp import PyComponent, event, launch, run


def count_primes(limit: int) -> int:
    return sum(all(n % d for d in range(2, int(n**0.5) + 1)) for n in range(2, limit))


class Worker(PyComponent):
    def init(self) -> None:
        self.primes = Label(text="Counting primes")
        self.ticks = Label(text="Waiting for the thread")
        self.count()
        threading.Thread(target=self.tick, daemon=True).start()

    @event.action
    async def count(self) -> None:
        for limit in range(20_000, 200_001, 20_000):
            found = await asyncio.to_thread(count_primes, limit)  # the window goes on meanwhile
            self.primes.set_text(f"{found} primes below {limit}")

    def tick(self) -> None:
        for second in range(1, 61):
            self.ticks.set_text(f"The thread has run for {second} s")  # actions may be called from any thread
            time.sleep(1)


if __name__ == "__main__":
    launch(Worker, size=(400, 200))
    run()
