"""The task bar: progress on the button, and attention."""

import asyncio

from examples.gallery.section import Section


class TaskBarSection(Section):
    GROUP, TITLE = "Desktop", "Task bar"
    TEXT = "What people see of a window that they do not look at, where their desktop has such a thing."
    ICON = "M3 12h14v5H3zM5 14.500h4"

    def build(self):
        with self.demo("Progress", "On the window's button in the task bar or dock."):
            self.button("Five seconds of work", self.work)
            self.button("Work without known end", self.be_busy)
            self.button("End it", self.rest)
        with self.demo("Attention", "Press, and turn to another window within three seconds."):
            self.button("Call me in 3 s", self.call)

    async def work(self):
        for step in range(50):
            await self.session.window.set_progress(step / 50)
            await asyncio.sleep(0.1)
        await self.session.window.set_progress(None)
        return "Done."

    async def be_busy(self):
        await self.session.window.set_progress(None, is_busy=True)

    async def rest(self):
        await self.session.window.set_progress(None)

    async def call(self):
        await asyncio.sleep(3)
        await self.session.window.request_attention()
        return "It was asked for."
