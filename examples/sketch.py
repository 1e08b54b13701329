"""A drawing made with a canvas library, Rough.js: Python invents a place, the library sketches it by hand."""

import math
import random
from pathlib import Path

from deskapp import app, event, window

LIBRARY = Path(__file__).parent / "node_modules" / "roughjs" / "bundled" / "rough.js"
WIDTH, HEIGHT, SHARP, PAUSE_MS = 1000, 620, 2, 30
FILLS = ("hachure", "cross-hatch", "zigzag", "dots")
TOOLS = (*FILLS, "another place")


def library():
    """The text of the library; asked for when the first page needs it."""
    if not LIBRARY.is_file():
        raise FileNotFoundError(f"{LIBRARY} is missing. Run `npm ci` in {Path(__file__).parent}, or dev.py setup.")
    return LIBRARY.read_text(encoding="utf-8")


app.assets.associate_asset(__name__, "rough.js", library)  # pages load it before the classes below


class Sheet(app.JsComponent):
    """A sheet of paper on which one shape after the other appears."""

    shapes = event.ListProp(settable=True)
    fill = event.StringProp(FILLS[0], settable=True, doc="How the pen fills what it has drawn")

    CSS = """
    .sketch {
        --paper: #fbf7ee; --ink: #3a3a44; --sun: #f2a83b; --far: #a9bfd0; --middle: #7ea58f; --near: #b9b25e;
        --wall: #f4e3c8; --roof: #cf6a4f; --tree: #4e8a63; --star: #0000; --desk: #eae3d5;
        display: grid; grid-template-rows: 1fr auto; height: 100%; background: var(--desk); container-type: size;
    }
    @media (prefers-color-scheme: dark) {
        .sketch {
            --paper: #1a1f33; --ink: #dfe3f3; --sun: #f5eec9; --far: #3f4f7d; --middle: #38607a; --near: #33705f;
            --wall: #f2c063; --roof: #9c5a6b; --tree: #4d9c83; --star: #f5eec9; --desk: #10131f;
        }
    }
    .sketch canvas {
        place-self: center; width: min(100cqw - 48px, (100cqh - 120px) * 1.613); aspect-ratio: 1.613;
        border-radius: 4px; background: var(--paper); box-shadow: 0 1px 2px #0003, 0 14px 40px #0002;
    }
    .sketch nav { display: flex; gap: 8px; justify-self: center; margin-bottom: 22px; }
    .sketch button { padding: 7px 16px; border: 0; border-radius: 18px; background: none; color: var(--ink); }
    .sketch button:hover, .sketch [aria-pressed=true] { background: var(--paper); box-shadow: 0 1px 3px #0002; }
    .sketch [name^=another] { margin-left: 20px; background: var(--ink); color: var(--paper); }
    .sketch [name^=another]:hover { background: var(--ink); filter: brightness(1.15); }
    """

    def _create_dom(self):
        return window.document.createElement("div")

    def init(self):
        global rough
        self.node.className = "sketch"
        self.node.innerHTML = "<canvas></canvas><nav></nav>"
        canvas, self.tools = self.node.firstChild, self.node.lastChild
        canvas.width, canvas.height = WIDTH * SHARP, HEIGHT * SHARP
        self.pen = canvas.getContext("2d")
        self.pen.scale(SHARP, SHARP)
        self.hand = rough.canvas(canvas)
        for name in TOOLS:
            button = window.document.createElement("button")
            button.name = button.textContent = name
            self.tools.append(button)
        self._addEventListener(self.tools, "click", self.on_click)
        self._addEventListener(window.matchMedia("(prefers-color-scheme: dark)"), "change", self.begin)

    def on_click(self, domevent):
        if domevent.target.name == TOOLS[-1]:
            self.root.invent()  # asks Python
        elif domevent.target.name:
            self.set_fill(domevent.target.name)

    @event.reaction("shapes", "fill")
    def begin(self, *events):
        for button in self.tools.children:
            button.setAttribute("aria-pressed", button.name == self.fill)
        self.pen.clearRect(0, 0, WIDTH, HEIGHT)
        window.clearTimeout(self.timer)
        self.draw_from(0)

    def draw_from(self, number):
        """Draw one shape, and soon the next."""
        if number < len(self.shapes) and not self._disposed:
            self.draw(self.shapes[number], number + 1)
            self.timer = window.setTimeout(lambda: self.draw_from(number + 1), PAUSE_MS)

    def draw(self, shape, seed):
        color = self.tint(shape["color"])
        points = shape["points"]
        # What is nearer hides what is behind it.
        self.hand.polygon(points, {"fill": self.tint("paper"), "fillStyle": "solid", "stroke": "none", "roughness": 0})
        options = {"fill": color, "fillStyle": self.fill, "stroke": self.tint(shape["pen"]), "seed": seed}
        options.update({"strokeWidth": 1.4, "roughness": 1.3, "hachureGap": 7, "fillWeight": 1.6})
        options["hachureAngle"] = -35 + seed * 29 % 60
        self.hand.polygon(points, options)

    def tint(self, name):
        return window.getComputedStyle(self.node).getPropertyValue("--" + name).strip()


class Sketch(app.PyComponent):
    """Invents places."""

    seed = event.IntProp(7)

    def init(self):
        self.sheet = Sheet(shapes=landscape(self.seed))

    @event.action
    def invent(self):
        self._mutate_seed(random.randrange(1_000_000))
        self.sheet.set_shapes(landscape(self.seed))


def landscape(seed):
    """Shapes from the sky to the front; each seed is a place of its own."""
    chance = random.Random(seed)
    shapes = [shape("star", round_shape(*spot(chance), 3), pen="star") for _ in range(24)]
    shapes.append(shape("sun", round_shape(chance.uniform(150, 850), chance.uniform(110, 170), 62)))
    for depth, color in enumerate(("far", "middle", "near")):
        ridge = hills(chance, 300 + 90 * depth, 90 - 22 * depth)
        shapes.append(shape(color, [[-20, HEIGHT + 20], *ridge, [WIDTH + 20, HEIGHT + 20]]))
        size = 16 + 15 * depth
        for x, y in sorted(chance.sample(ridge[2:-2], 5 if depth else 0)):
            shapes += house(x, y, size) if chance.random() < 0.3 else tree(x, y, size * chance.uniform(0.8, 1.4))
    return shapes


def shape(color, points, pen="ink"):
    return {"color": color, "pen": pen, "points": points}


def spot(chance):
    return chance.uniform(20, WIDTH - 20), chance.uniform(20, 300)


def round_shape(x, y, radius):
    return [
        [x + radius * math.cos(turn / 12 * math.pi), y + radius * math.sin(turn / 12 * math.pi)] for turn in range(24)
    ]


def hills(chance, level, height):
    """A line of hills from left to right: three waves, each shorter and lower than the one before."""
    waves = [(height / (n + 1), chance.uniform(1.2, 2.2) * (n + 1), chance.uniform(0, 6)) for n in range(3)]
    return [
        [x, level + sum(high * math.sin(often * x / 200 + late) for high, often, late in waves) / 2]
        for x in range(-20, WIDTH + 21, 40)
    ]


def house(x, y, size):
    left, right, floor, eaves = x - size, x + size, y + size * 0.3, y - size
    return [
        shape("wall", [[left, floor], [left, eaves], [right, eaves], [right, floor]]),
        shape("roof", [[left - size * 0.25, eaves], [x, eaves - size * 0.9], [right + size * 0.25, eaves]]),
    ]


def tree(x, y, size):
    return [
        shape(
            "tree", [[x - size * wide, y - size * low], [x, y - size * (low + 1.3)], [x + size * wide, y - size * low]]
        )
        for wide, low in ((0.7, -0.2), (0.55, 0.45), (0.4, 1.1))
    ]


if __name__ == "__main__":
    app.launch(Sketch, title="A sketch", size=(960, 700))
    app.run()
