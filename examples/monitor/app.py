"""The application: samples the computer, keeps the preferences, and says what the screen shows."""

import asyncio
import contextlib
import time
from typing import Any

from deskapp import PyComponent, event
from examples.monitor import preferences
from examples.monitor.cards import Card, Cards, Cores
from examples.monitor.layout import Header, Page
from examples.monitor.processes import ProcessTable
from examples.monitor.sampler import Sampler, computer
from examples.monitor.settings import SettingsPanel
from examples.monitor.text import duration, percent, rate, size

KEPT_S = 660
KEPT_BY_USER = ("theme", "interval", "span", "per_core")
FIRST_STEPS_S = (0.4, 0.6)


class Monitor(PyComponent):
    """Owns everything the screen shows; the screen follows."""

    theme = event.EnumProp(("auto", "light", "dark"), settable=True, doc="Colours; auto follows the desktop")
    interval = event.FloatProp(1.0, settable=True, doc="Seconds from sample to sample")
    span = event.IntProp(60, settable=True, doc="Seconds that the plots show")
    per_core = event.BoolProp(True, settable=True, doc="Whether every core has its own plot")

    history = event.ListProp(doc="The samples of the last minutes, newest last")
    processes = event.ListProp(doc="A row for each process")

    def init(self) -> None:
        for name, value in preferences.load().items():
            with contextlib.suppress(TypeError, ValueError):  # somebody wrote in the file
                if name in KEPT_BY_USER:
                    self._mutate(name, value)
        self._sampler = Sampler()
        self._computer = computer()
        with Page():
            self.header = Header(name=self._computer["name"])
            with Cards():
                with Card(title="Processor", lines=["cpu"], colors=["blue"], top=100.0, is_large=True) as self.cpu:
                    Cores()
                self.memory = Card(title="Memory", lines=["memory"], colors=["violet"], top=100.0)
                self.swap = Card(title="Swap", lines=["swap"], colors=["pink"], top=100.0)
                self.network = Card(
                    title="Network", lines=["received", "sent"], names=["in", "out"], colors=["teal", "sky"]
                )
                self.disk = Card(
                    title="Disk", lines=["read", "written"], names=["read", "write"], colors=["amber", "red"]
                )
            ProcessTable()
            SettingsPanel()
        self.watch()

    @event.action
    async def watch(self) -> None:
        """Sample for as long as the window is open."""
        pauses_s = list(FIRST_STEPS_S)
        while True:
            due_s = time.monotonic() + (pauses_s.pop(0) if pauses_s else self.interval)
            # Reading the counters takes a while; the window must not wait for it.
            sample = await asyncio.to_thread(self._sampler.system)
            self.add(sample)
            self._mutate_processes(await asyncio.to_thread(self._sampler.processes))
            await asyncio.sleep(max(due_s - time.monotonic(), 0.05))

    @event.action
    def add(self, sample: dict[str, Any]) -> None:
        """Append a sample to the history, and drop what is too old to be shown."""
        old = [earlier for earlier in self.history if earlier["at"] < sample["at"] - KEPT_S]
        if old:
            self._mutate_history(len(old), "remove", 0)
        self._mutate_history([sample], "insert", len(self.history))

    @event.reaction("history")
    def tell(self, *events: event.Event) -> None:
        """Write the newest numbers on the cards."""
        if not self.history:
            return
        now = self.history[-1]
        one, five, fifteen = now["load"]
        self.header.set_facts(
            [
                str(self._computer["system"]),
                f"{self._computer['cores']} cores",
                f"up {duration(time.time() - float(str(self._computer['booted'])))}",
                f"load {one:.2f}  {five:.2f}  {fifteen:.2f}",
            ]
        )
        self.cpu.set_values([percent(now["cpu"])])
        self.memory.set_values([percent(now["memory"])])
        self.memory.set_detail(f"{size(now['memory_used'])} of {size(now['memory_total'])}")
        self.swap.set_values([percent(now["swap"])])
        has_swap = now["swap_total"] > 0
        self.swap.set_detail(f"{size(now['swap_used'])} of {size(now['swap_total'])}" if has_swap else "none set up")
        self.network.set_values([rate(now["received"]), rate(now["sent"])])
        self.disk.set_values([rate(now["read"]), rate(now["written"])])

    @event.reaction("theme", "interval", "span", "per_core")
    async def keep(self, *events: event.Event) -> None:
        """Remember what the person chose."""
        chosen = {name: getattr(self, name) for name in KEPT_BY_USER}
        if chosen != preferences.load():
            await asyncio.to_thread(preferences.save, chosen)
