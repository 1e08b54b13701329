"""The frame of the page: a list of sections at the left, the chosen one at the right."""

from deskapp import JsComponent, event, window
from examples.gallery.widgets import element, icon


class Shell(JsComponent):
    """Holds everything, and knows the colours that all the rest is drawn with."""

    CSS = """
    :root {
        --line: #8a8f9a40; --panel: #8a8f9a14; --hover: #8a8f9a24; --on-accent: #ffffff;
        --good: #1a7f48; --warn: #9a5b00; --warn-back: #f5a74226;
        --word: #8250df; --text: #0a6d5c; --number: #b35900;
    }
    @media (prefers-color-scheme: dark) {
        :root {
            --on-accent: #10131a; --good: #62d296; --warn: #f2b457;
            --word: #c4a1ff; --text: #7fd8c4; --number: #f2b457;
        }
    }
    .shell { display: flex; height: 100%; font-size: 14px; cursor: default; }
    .shell :focus-visible { outline: 2px solid var(--deskapp-accent); outline-offset: 2px; }
    @media (max-width: 720px) { .shell { flex-direction: column; } }
    @media print {
        .shell, #deskapp-root, html, body { display: block; height: auto; overflow: visible; }
        .navigation { display: none; }
    }
    """

    def _create_dom(self):
        return element("div", classes="shell")


class Navigation(JsComponent):
    """The list of sections: a click chooses, and so do the arrow keys."""

    entries = event.ListProp(doc="Group, title and icon of each section")

    CSS = """
    .navigation {
        flex: none; width: 236px; padding: 14px 12px; overflow: auto; background: var(--panel);
        scrollbar-width: thin; border-right: 1px solid var(--line); user-select: none; -webkit-user-select: none;
    }
    .navigation h2 { margin: 16px 10px 4px; font-size: 12px; font-weight: 600; color: var(--deskapp-quiet); }
    .navigation h2:first-child { margin-top: 2px; }
    .navigation button {
        display: flex; align-items: center; gap: 10px; width: 100%; padding: 5px 10px; border: 0;
        border-radius: 7px; background: none; color: inherit; text-align: left; white-space: nowrap;
    }
    .navigation button:hover { background: var(--hover); }
    .navigation button[aria-current] { background: var(--deskapp-accent); color: var(--on-accent); }
    .navigation svg { flex: none; width: 17px; height: 17px; opacity: 0.85; }
    @media (max-width: 720px) {
        .navigation {
            display: flex; width: auto; padding: 8px; border-right: 0; border-bottom: 1px solid var(--line);
        }
        .navigation h2 { display: none; }
        .navigation button { flex: none; width: auto; }
    }
    """

    def _create_dom(self):
        node = element("nav", classes="navigation")
        node.setAttribute("aria-label", "Sections")
        return node

    def init(self):
        self.buttons = []
        group = ""
        for entry in self.entries:
            if entry[0] != group:
                group = entry[0]
                element("h2", text=group, parent=self.node)
            self.add(entry[1], entry[2])
        self._addEventListener(self.node, "keydown", self.on_key)

    def add(self, title, picture):
        button = element("button", parent=self.node)
        icon(picture, button)
        element("span", text=title, parent=button)
        self._addEventListener(button, "click", lambda: self.root.set_chosen(title))
        self.buttons.append([title, button])

    def on_key(self, press):
        step = {"ArrowDown": 1, "ArrowUp": -1, "ArrowRight": 1, "ArrowLeft": -1}[press.key]
        if step:
            at = 0
            for i in range(len(self.buttons)):
                if self.buttons[i][1] is window.document.activeElement:
                    at = i
            at = min(max(at + step, 0), len(self.buttons) - 1)
            self.buttons[at][1].focus()
            self.root.set_chosen(self.buttons[at][0])
            press.preventDefault()

    @event.reaction("root.chosen")
    def show(self, *events):
        for title, button in self.buttons:
            if title == self.root.chosen:
                button.setAttribute("aria-current", "page")
                button.scrollIntoView({"block": "nearest", "inline": "nearest"})
            else:
                button.removeAttribute("aria-current")


class Stage(JsComponent):
    """Where the chosen section is; the others wait there unseen."""

    CSS = """
    .stage { flex: 1; min-width: 0; min-height: 0; overflow: auto; }
    """

    def _create_dom(self):
        return element("main", classes="stage")

    @event.reaction("root.chosen")
    def rise(self, *events):
        self.node.scrollTop = 0
