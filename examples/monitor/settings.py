"""The panel in which a person chooses; what is chosen lives in Python."""

from deskapp import JsComponent, event, window
from examples.monitor.layout import element

CHOICES = [
    {"title": "Theme", "name": "theme", "values": ["AUTO", "LIGHT", "DARK"], "texts": ["Auto", "Light", "Dark"]},
    {"title": "Sample every", "name": "interval", "values": [0.5, 1, 2, 5], "texts": ["½ s", "1 s", "2 s", "5 s"]},
    {"title": "Plots show", "name": "span", "values": [60, 180, 600], "texts": ["1 min", "3 min", "10 min"]},
    {"title": "Plot every core", "name": "per_core", "values": [True, False], "texts": ["Yes", "No"]},
]


class SettingsPanel(JsComponent):
    """A button in the corner, and the panel that it opens."""

    is_open = event.BoolProp(settable=True)

    CSS = """
    .settings { position: absolute; top: 14px; right: 20px; }
    .settings > button {
        width: 34px; height: 34px; padding: 7px; border-radius: 10px;
        border: 1px solid transparent; background: none; color: var(--soft); cursor: pointer;
    }
    .settings > button:hover, .settings > button[aria-expanded="true"] {
        background: var(--card); border-color: var(--edge); color: var(--ink);
    }
    .settings svg { display: block; width: 100%; height: 100%; }
    .settings .panel {
        position: absolute; z-index: 10; top: 42px; right: 0; width: 280px; padding: 6px 16px 16px;
        box-shadow: 0 1px 2px #0002, 0 12px 40px #0003;
        transform-origin: top right; transition: opacity 0.12s, transform 0.12s, visibility 0.12s;
    }
    .settings .panel:not(.open) { opacity: 0; transform: scale(0.97); visibility: hidden; }
    .settings fieldset { margin: 12px 0 0; padding: 0; border: 0; }
    .settings legend { padding: 0 0 5px; color: var(--soft); font-weight: 600; font-size: 12px; }
    .settings .choice { display: flex; padding: 3px; border-radius: 9px; background: var(--well); }
    .settings label { flex: 1; position: relative; text-align: center; }
    .settings input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer; }
    .settings label span { display: block; padding: 4px 0; border-radius: 7px; color: var(--soft); }
    .settings input:checked + span {
        background: var(--chip); color: var(--ink); font-weight: 600; box-shadow: 0 1px 3px #0003;
    }
    .settings input:focus-visible + span, .settings > button:focus-visible { outline: 2px solid var(--blue); }
    @media (prefers-reduced-motion: reduce) { .settings .panel { transition: none; } }
    """

    def _create_dom(self):
        return element("aside", classes="settings")

    def init(self):
        self.button = element("button", parent=self.node)
        self.button.setAttribute("aria-label", "Settings")
        self.button.innerHTML = ICON
        self.panel = element("div", classes="panel", parent=self.node)
        self.inputs = []
        for choice in CHOICES:
            self.make_choice(choice)
        self._addEventListener(self.button, "click", lambda: self.set_is_open(not self.is_open))
        self._addEventListener(window, "keydown", self.on_key)
        self._addEventListener(window, "pointerdown", self.on_press)

    def make_choice(self, choice):
        fieldset = element("fieldset", parent=self.panel)
        element("legend", text=choice["title"], parent=fieldset)
        row = element("div", classes="choice", parent=fieldset)
        for i in range(len(choice["values"])):
            self.make_option(choice["name"], choice["values"][i], choice["texts"][i], row)

    def make_option(self, name, value, text, row):
        label = element("label", parent=row)
        radio = element("input", parent=label)
        radio.type = "radio"
        radio.name = name
        element("span", text=text, parent=label)
        self.inputs.append([radio, name, value])
        self._addEventListener(radio, "change", lambda: self.root[f"set_{name}"](value))

    def on_key(self, press):
        if press.key == "Escape":
            self.set_is_open(False)

    def on_press(self, press):
        if not self.node.contains(press.target):
            self.set_is_open(False)

    @event.reaction("is_open")
    def unfold(self, *events):
        self.panel.classList.toggle("open", self.is_open)
        self.button.setAttribute("aria-expanded", self.is_open)

    @event.reaction("root.theme", "root.interval", "root.span", "root.per_core")
    def show(self, *events):
        for radio, name, value in self.inputs:
            radio.checked = self.root[name] == value


ICON = """
<svg viewBox="0 0 20 20" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round">
<path d="M3 6h8M15 6h2M3 14h2M9 14h8"/><circle cx="13" cy="6" r="2"/><circle cx="7" cy="14" r="2"/></svg>
"""
