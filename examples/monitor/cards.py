"""Cards: a title, the newest numbers, and how they came about."""

from deskapp import JsComponent, event, window
from examples.monitor.canvas import Canvas, draw_line
from examples.monitor.layout import element
from examples.monitor.text import rate

LEAST_RATE = 16 * 1024
ROOM = 1.15
ROW, GAP = 44, 6


class Cards(JsComponent):
    """The grid: a large card at the left, small ones beside it; fewer columns where there is less room."""

    CSS = """
    .cards {
        flex: none; display: grid; gap: 14px;
        grid-template-columns: minmax(0, 2fr) minmax(0, 1fr) minmax(0, 1fr); grid-auto-rows: 168px;
    }
    .cards > .large { grid-row: span 2; }
    @media (max-width: 980px) {
        .cards { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); grid-auto-rows: 148px; }
        .cards > .large { grid-column: 1 / -1; }
    }
    @media (max-width: 520px) {
        .cards { grid-template-columns: minmax(0, 1fr); }
    }
    """

    def _create_dom(self):
        return element("section", classes="cards")


class Card(Canvas):
    """A title, the newest numbers, and their plot."""

    title = event.StringProp()
    lines = event.ListProp(doc="Which values of a sample are drawn")
    names = event.ListProp(doc="What they are called, if they are several")
    colors = event.ListProp(doc="Colours of the theme, one for each line")
    top = event.FloatProp(doc="Value at the upper edge; 0 if that follows the values, as rates do")
    is_large = event.BoolProp()
    values = event.ListProp(settable=True, doc="The newest numbers, as texts")
    detail = event.StringProp(settable=True, doc="A word about them")

    CSS = """
    .card { position: relative; display: flex; flex-direction: column; min-width: 0; }
    .card .head { display: flex; align-items: baseline; gap: 10px; padding: 12px 16px 0; white-space: nowrap; }
    .card h2 { margin: 0; font-size: 13px; font-weight: 600; color: var(--soft); }
    .card .detail { margin-left: auto; color: var(--faint); font-size: 12px; }
    .card .numbers { display: flex; align-items: baseline; gap: 8px; min-height: 34px; padding: 2px 16px 6px; }
    .card .numbers > div { flex: 1; white-space: nowrap; }
    .card b { font-size: 20px; font-weight: 600; letter-spacing: -0.02em; }
    .card.large b { font-size: 30px; line-height: 1.3; }
    .card small { margin-right: 5px; font-size: 12px; color: var(--soft); }
    .card small + b { font-size: 15px; }
    .card small::before {
        content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 50%;
        background: var(--dot);
    }
    .card > canvas { flex: 1; display: block; width: 100%; height: 0; min-height: 0; }
    """

    def _create_dom(self):
        return element("article", classes="card panel")

    def init(self):
        self.node.classList.toggle("large", self.is_large)
        head = element("div", classes="head", parent=self.node)
        element("h2", text=self.title, parent=head)
        self.detail_node = element("span", classes="detail", parent=head)
        numbers = element("div", classes="numbers", parent=self.node)
        self.value_nodes = []
        for i in range(len(self.lines)):
            number = element("div", parent=numbers)
            if self.names:
                name = element("small", text=self.names[i], parent=number)
                name.style.setProperty("--dot", f"var(--{self.colors[i]})")
            self.value_nodes.append(element("b", text="–", parent=number))
        self.ceiling = self.top or LEAST_RATE
        self.begin(element("canvas", parent=self.node))

    @event.reaction("values", "detail")
    def tell(self, *events):
        self.detail_node.textContent = self.detail
        for i in range(len(self.values)):
            self.value_nodes[i].textContent = self.values[i]

    def paint(self, pen, width, height):
        # Like the card's corners; a clip by style sheet would cost more than all the drawing.
        pen.beginPath()
        pen.roundRect(0, -20, width, height + 20, 13)
        pen.clip()
        samples = self.samples()
        self.settle(samples)
        self.draw_grid(pen, width, height)
        for i in reversed(range(len(self.lines))):
            points = [self.place(sample, self.lines[i], width, height) for sample in samples]
            draw_line(pen, points, height, self.tint(self.colors[i]))

    def place(self, sample, line, width, height):
        x = width + (sample["at"] - self.right_edge()) / self.root.span * width
        return [x, height - 2 - sample[line] / self.ceiling * (height - 4)]

    def settle(self, samples):
        """Let the upper edge glide to where the values need it."""
        goal = self.top
        if not goal:
            goal = LEAST_RATE
            for sample in samples:
                for line in self.lines:
                    goal = max(goal, sample[line] * ROOM)
        self.is_in_motion = abs(goal - self.ceiling) > goal / 200
        self.ceiling = self.ceiling + (goal - self.ceiling) * 0.15 if self.is_in_motion else goal

    def draw_grid(self, pen, width, height):
        pen.strokeStyle = self.tint("grid")
        pen.fillStyle = self.tint("faint")
        pen.font = "11px system-ui, sans-serif"
        pen.lineWidth = 1
        pen.beginPath()
        for part in [0.25, 0.5, 0.75]:
            y = round(height * part) + 0.5
            pen.moveTo(0, y)
            pen.lineTo(width, y)
        step_s = self.root.span / 6
        edge = self.right_edge()
        at = window.Math.floor(edge / step_s) * step_s
        while at > edge - self.root.span:
            x = width + (at - edge) / self.root.span * width
            pen.moveTo(x, 0)
            pen.lineTo(x, height)
            if self.is_large and width > 420:
                pen.fillText(window.Date(at * 1000).toLocaleTimeString(), x + 5, height - 6)
            at -= step_s
        pen.stroke()
        if not self.top:
            pen.fillText(rate(self.ceiling), 8, 11)


class Cores(Canvas):
    """A small plot for every core, as many in a row as there is room for."""

    CSS = """
    .cores { flex: none; padding: 12px 12px 6px; }
    .cores canvas { width: 100%; height: 44px; }
    """

    def _create_dom(self):
        return element("div", classes="cores")

    def init(self):
        self.begin(element("canvas", parent=self.node))

    @event.reaction("root.per_core")
    def show(self, *events):
        self.node.hidden = not self.root.per_core

    def paint(self, pen, width, height):
        samples = self.samples()
        if len(samples) == 0:
            return
        count = len(samples[-1]["cores"])
        rows = min(window.Math.ceil(count / window.Math.floor(width / 90)), 4)
        columns = window.Math.ceil(count / rows)
        if rows * ROW != height:
            self.canvas.style.height = f"{rows * ROW}px"
        step = (width + GAP) / columns
        for core in range(count):
            pen.save()
            pen.translate(core % columns * step, window.Math.floor(core / columns) * ROW)
            self.paint_core(pen, core, samples, step - GAP, ROW - GAP)
            pen.restore()

    def paint_core(self, pen, core, samples, width, height):
        pen.beginPath()
        pen.roundRect(0, 0, width, height, 6)
        pen.fillStyle = self.tint("well")
        pen.fill()
        pen.clip()
        if width > 60:
            pen.fillStyle = self.tint("faint")
            pen.font = "11px system-ui, sans-serif"
            pen.textAlign = "center"
            pen.fillText(f"{core + 1}", 12, height / 2 + 4)
            pen.translate(24, 0)
            width -= 24
            pen.beginPath()
            pen.rect(0, 0, width, height)
            pen.clip()
        edge, points = self.right_edge(), []
        for sample in samples:
            x = width + (sample["at"] - edge) / self.root.span * width
            points.append([x, height - 1 - sample["cores"][core] / 100 * (height - 3)])
        draw_line(pen, points, height, self.tint("blue"))
