"""The window: what it is doing, followed live, and what it can be told."""

import asyncio

from examples.gallery.section import Section


class WindowSection(Section):
    GROUP, TITLE = "Windows", "Window"
    TEXT = "A window is a component: its properties tell what it is doing, its methods tell it what to do."
    ICON = "M3 4h14v12H3zM3 8h14"

    def build(self):
        with self.demo("What it is doing", "Move it, resize it, click beside it.", self.follow):
            self.follow()
        with self.demo("Size and place", "In logical pixels, of the page's area."):
            self.button("900 × 640", self.resize)
            self.button("Center", self.center)
        with self.demo("State", "It comes back by itself from where you could not reach it."):
            self.button("Maximize", self.maximize)
            self.button("Minimize", self.minimize)
            self.button("Fullscreen", self.fullscreen)
            self.button("Hide", self.hide)
            self.button("Restore", self.restore)
        with self.demo("Title, order and scale", "All of it at any time, from any thread."):
            self.button("Another title", self.rename)
            self.toggle("On top of others", self.stay_on_top)
            self.button("Zoom to 125 %", self.zoom)
            self.button("Zoom to 100 %", self.unzoom)

    def follow(self):
        window = self.session.window
        self.value("Title", lambda: window.title)
        self.value("Size", lambda: "{} × {}".format(*window.size) if any(window.size) else "not told")
        self.value("Position", lambda: "{}, {}".format(*window.position))
        self.value("State", lambda: window.state)
        self.value("Keyboard", lambda: "here" if window.focused else "elsewhere")

    async def resize(self):
        await self.session.window.resize(900, 640)

    async def center(self):
        await self.session.window.center()

    async def maximize(self):
        await self.session.window.maximize()

    async def minimize(self):
        await self.session.window.minimize()
        await asyncio.sleep(2)
        await self.session.window.restore()

    async def fullscreen(self):
        await self.session.window.fullscreen()
        await asyncio.sleep(3)
        await self.session.window.fullscreen(False)

    async def hide(self):
        await self.session.window.hide()
        await asyncio.sleep(2)
        await self.session.window.show()

    async def restore(self):
        await self.session.window.restore()

    async def rename(self):
        await self.session.window.set_title("Called something else")

    async def stay_on_top(self, on):
        await self.session.window.set_on_top(on)

    async def zoom(self):
        await self.session.window.set_zoom(1.25)

    async def unzoom(self):
        await self.session.window.set_zoom(1)
