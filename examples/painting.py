"""A painting by several hands: what is drawn in one page appears in all, and who comes late gets the picture so far."""

import sys

from deskapp import app, event, window

COLORS = ("ink", "coral", "amber", "leaf", "sea", "sky", "plum", "paper")
SIZES = (4, 12, 32)
WIDTH, HEIGHT = 1600, 1000
MOST_PIECES, MOST_NUMBERS = 20_000, 400
PAINT = "<button name=color value={0} title={0} style='--color: var(--{0})'><i></i></button>"
BRUSH = "<button name=size value={0} title={0} style='--size: {1}px'><i></i></button>"
TOOLS = "<hr>".join(
    ["".join(PAINT.format(color) for color in COLORS), "".join(BRUSH.format(size, 4 + size / 2) for size in SIZES)]
)


class Picture(event.Component):
    """What all pages show. It belongs to none of them."""

    pieces = event.ListProp(doc="Pieces of strokes, in the order in which they are painted")

    @event.action
    def add(self, piece):
        self._mutate_pieces([piece], "insert", len(self.pieces))
        if len(self.pieces) > MOST_PIECES:
            self._mutate_pieces(self.pieces[MOST_PIECES // 10 :])

    @event.action
    def clear(self):
        self._mutate_pieces([])


picture = Picture()


class Paper(app.JsComponent):
    """The picture on a canvas, as large as fits, with paints and brushes below it."""

    me = event.StringProp(doc="Marks the pieces that were drawn here")
    pieces = event.ListProp(settable=True)

    CSS = """
    .painting {
        --ink: #2b2d35; --paper: #fffdf8; --coral: #f2685c; --amber: #f0a92e; --leaf: #3fa66b; --sea: #1f9fb0;
        --sky: #4d7fe8; --plum: #9a5fd0; --desk: #e9e5dc;
        display: grid; grid-template-rows: 1fr auto; height: 100%; background: var(--desk); container-type: size;
    }
    @media (prefers-color-scheme: dark) {
        .painting { --ink: #f1eee6; --paper: #24262d; --desk: #15161a; }
    }
    .painting canvas {
        place-self: center; width: min(100cqw - 48px, (100cqh - 120px) * 1.6); aspect-ratio: 1.6; border-radius: 10px;
        background: var(--paper); box-shadow: 0 1px 2px #0003, 0 12px 36px #0002; cursor: crosshair; touch-action: none;
    }
    .painting nav {
        display: flex; gap: 6px; align-items: center; justify-self: center; margin: 0 20px 20px; padding: 8px 16px;
        border-radius: 28px; background: var(--paper); color: var(--ink); box-shadow: 0 1px 2px #0002, 0 6px 20px #0001;
    }
    .painting nav button {
        display: grid; place-items: center; width: 32px; height: 32px; padding: 0; border: 0; border-radius: 50%;
        background: none; color: inherit; cursor: pointer;
    }
    .painting nav i {
        width: var(--size, 22px); aspect-ratio: 1; border-radius: 50%; background: var(--color, currentColor);
        transition: transform 0.12s;
    }
    .painting nav button:hover i { transform: scale(1.15); }
    .painting nav [aria-pressed=true] { box-shadow: inset 0 0 0 2px currentColor; }
    .painting nav [value=paper] i { box-shadow: inset 0 0 0 1.5px #8889; }
    .painting nav hr { height: 22px; margin: 0 8px; border: 0; border-left: 1px solid #8885; }
    .painting nav [name=clear] { width: auto; padding: 0 10px; }
    """

    def _create_dom(self):
        return window.document.createElement("div")

    def init(self):
        self.node.className = "painting"
        self.canvas = window.document.createElement("canvas")
        self.canvas.width, self.canvas.height = WIDTH, HEIGHT
        self.tools = window.document.createElement("nav")
        self.tools.innerHTML = TOOLS + "<hr><button name=clear>Clear</button>"
        self.node.append(self.canvas, self.tools)
        self.points = []
        self.choose("color", "coral")
        self.choose("size", "12")
        self._addEventListener(self.tools, "click", self.on_click)
        self._addEventListener(self.canvas, "pointerdown", self.on_down)
        self._addEventListener(self.canvas, "pointermove", self.on_move)
        self._addEventListener(self.canvas, "lostpointercapture", self.on_up)
        self._addEventListener(window.matchMedia("(prefers-color-scheme: dark)"), "change", self.paint_all)

    def on_click(self, domevent):
        button = domevent.target.closest("button")
        if button and button.name == "clear":
            self.root.clear()
        elif button:
            self.choose(button.name, button.value)

    def choose(self, kind, value):
        setattr(self, kind, value)
        for button in self.tools.querySelectorAll(f"[name={kind}]"):
            button.setAttribute("aria-pressed", button.value == value)

    def place(self, domevent):
        """Where on the picture a pointer is, whatever size it is shown in."""
        box = self.canvas.getBoundingClientRect()
        across, down = domevent.clientX - box.left, domevent.clientY - box.top
        return [round(across / box.width * WIDTH), round(down / box.height * HEIGHT)]

    def on_down(self, domevent):
        self.canvas.setPointerCapture(domevent.pointerId)
        at = self.place(domevent)
        self.points = [at, at, at]
        self.send_soon()

    def on_move(self, domevent):
        if self.points:
            self.points.append(self.place(domevent))
            self.send_soon()

    def on_up(self, domevent):
        if self.points:
            self.points.append(self.points[-1])
            self.send()
            self.points = []

    def send_soon(self):
        """Once for each picture on the screen, however fast the pointer reports."""
        if not self.is_waiting:
            self.is_waiting = True
            window.requestAnimationFrame(self.send)

    def send(self):
        self.is_waiting = False
        if len(self.points) > 2:
            numbers = [number for point in self.points for number in point]
            self.paint({"color": self.color, "size": int(self.size), "points": numbers})
            self.root.draw(self.color, int(self.size), numbers)
            self.points = self.points[-2:]  # the next piece goes on from here

    def paint(self, piece):
        """Draw a smooth line through the middles between its points."""
        pen, at = self.canvas.getContext("2d"), piece["points"]
        pen.strokeStyle = window.getComputedStyle(self.node).getPropertyValue("--" + piece["color"])
        pen.lineWidth = piece["size"]
        pen.lineCap = pen.lineJoin = "round"
        pen.beginPath()
        pen.moveTo((at[0] + at[2]) / 2, (at[1] + at[3]) / 2)
        for i in range(2, len(at) - 2, 2):
            pen.quadraticCurveTo(at[i], at[i + 1], (at[i] + at[i + 2]) / 2, (at[i + 1] + at[i + 3]) / 2)
        pen.stroke()

    @event.action
    def add(self, piece):
        self._mutate_pieces([piece], "insert", len(self.pieces))

    @event.reaction("pieces")
    def on_pieces(self, *events):
        for change in events:
            if change.mutation == "insert":
                if change.objects[0]["by"] != self.me:  # our own is painted already
                    self.paint(change.objects[0])
            else:
                self.paint_all()

    def paint_all(self):
        self.canvas.getContext("2d").clearRect(0, 0, WIDTH, HEIGHT)
        for piece in self.pieces:
            self.paint(piece)


class Painter(app.PyComponent):
    """One page's hand, in Python."""

    def init(self):
        self.paper = Paper(me=self.uid, pieces=picture.pieces)

    @event.action
    def draw(self, color: str, size: int, points: list[int]):
        if color in COLORS and size in SIZES and 6 <= len(points) <= MOST_NUMBERS and len(points) % 2 == 0:
            picture.add({"by": self.uid, "color": color, "size": size, "points": points})

    @event.action
    def clear(self):
        picture.clear()

    @picture.reaction("pieces")
    def pass_on(self, *events):
        for change in events:
            if change.mutation == "insert":
                self.paper.add(change.objects[0])
            else:
                self.paper.set_pieces(change.new_value)


if __name__ == "__main__":
    painting = app.App(Painter)
    if "serve" in sys.argv:
        painting.serve()
        print("Open it in as many tabs as you like:", painting.url)
        app.start()
    else:
        for left in (60, 760):
            painting.launch(title="Painting", size=(680, 560), pos=(left, 120))
        app.run()
