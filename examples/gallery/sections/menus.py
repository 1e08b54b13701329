"""Menus: a bar with marks and shortcuts, and context menus, all drawn by the system."""

from deskapp.runtime import Menu, MenuItem, Separator
from examples.gallery.section import Section, tell
from examples.gallery.widgets import Area


class MenusSection(Section):
    GROUP, TITLE = "Windows", "Menus"
    TEXT = "Menus are data. Change an item at any time, and what is on screen follows."
    ICON = "M3 5h14M3 10h14M3 15h9"

    def build(self):
        self.wrap = MenuItem("&Wrap lines", self.wrapped, checked=True, shortcut="Mod+Shift+W")
        self.save = MenuItem("&Save", self.saved, shortcut="Mod+S")
        with self.demo("A menu bar", "Also by keyboard: Alt and a letter, or the shortcuts.", self.bar) as self.told:
            self.button("Show the bar", self.show_bar)
            self.button("Take it away", self.hide_bar)
            self.toggle("Save is possible", self.allow_save, checked=True)
        with self.demo("A context menu", "By the right button or the menu key.", self.offer, Box) as self.chosen:
            self.offer()
            Box(text="Right-click here")
            self.button("Show it from Python", self.popup)

    def bar(self):
        file = Menu([self.save, Separator(), MenuItem(role="close")])
        edit = Menu([MenuItem(role="undo"), MenuItem(role="copy"), MenuItem(role="paste")])
        view = Menu([self.wrap, MenuItem(role="zoom_in"), MenuItem(role="zoom_out"), MenuItem(role="zoom_reset")])
        return Menu(MenuItem(text, submenu=menu) for text, menu in [("&File", file), ("&Edit", edit), ("&View", view)])

    async def show_bar(self):
        await self.session.window.set_menu(self.bar())

    async def hide_bar(self):
        await self.session.window.set_menu(None)

    def allow_save(self, on):
        self.save.enabled = on

    def saved(self):
        tell(self.told, "You chose Save.")

    def wrapped(self):
        tell(self.told, f"Lines are {'wrapped' if self.wrap.checked else 'not wrapped'}.")

    def offer(self):
        self.session.window.add_context_menu("box", self.colors())

    def colors(self):
        return Menu(MenuItem(color, lambda color=color: self.took(color)) for color in ("&Red", "&Green", "&Blue"))

    def took(self, color):
        tell(self.chosen, f"You chose {color.strip('&')}.")

    async def popup(self):
        item = await self.session.window.popup_menu(self.colors(), 300, 300)
        return "You chose nothing." if item is None else f"You chose {item.text.strip('&')}."


class Box(Area):
    def init(self):
        super().init()
        self._addEventListener(self.node, "contextmenu", self.open)

    def open(self, click):
        click.preventDefault()
        self.session.window.popup_menu("box", click.clientX, click.clientY)
