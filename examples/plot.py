"""A live plot: Python computes a weather that never repeats, JavaScript draws it as it goes by."""

import asyncio
import time

from deskapp import app, event, window

SAMPLE_S, CHUNK_S, SHOWN_S, LATE_S = 0.01, 0.05, 12, 0.15
CURVES = (("x", "Wind", 22), ("y", "Warmth", 28), ("z", "Height", 50))


class Plot(app.JsComponent):
    """Curves that pass by, and beside them the same values as one path through space."""

    rho = event.FloatProp(settable=True)

    CSS = """
    .plot {
        --x: #3b7dd8; --y: #e2574c; --z: #d99a1c; --card: #ffffff; --line: #0000000d; --desk: #f3f4f7;
        display: grid; grid-template: auto minmax(0, 1fr) / 3fr 2fr; gap: 16px; height: 100%; padding: 22px;
        background: var(--desk);
    }
    @media (prefers-color-scheme: dark) {
        .plot { --x: #67a6ff; --y: #ff7d72; --z: #f3bd4f; --card: #1b1d23; --line: #ffffff0d; --desk: #121317; }
    }
    @media (max-width: 700px) { .plot { grid-template: auto 1fr 1fr / 1fr } }
    .plot header { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 6px 26px; align-items: center; }
    .plot h1 { margin: 0; font-size: 19px; font-weight: 650; letter-spacing: -0.01em; }
    .plot b { font-weight: 500; font-variant-numeric: tabular-nums; }
    .plot b::before {
        content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 7px; border-radius: 50%;
        background: var(--color);
    }
    .plot label { display: flex; gap: 12px; align-items: center; margin-left: auto; color: var(--deskapp-quiet); }
    .plot input { width: 150px; accent-color: var(--x); }
    .plot output { width: 3ch; font-variant-numeric: tabular-nums; }
    .plot canvas { width: 100%; height: 100%; min-height: 0; border-radius: 14px; background: var(--card); }
    """

    def _create_dom(self):
        node = window.document.createElement("div")
        node.className = "plot"
        node.innerHTML = """
            <header><h1>A weather</h1>
            <label>Heat from below <input type="range" min="1" max="60" step="0.5"><output></output></label></header>
            <canvas></canvas><canvas></canvas>
        """
        return node

    def init(self):
        self.rows = []
        self.label = self.node.querySelector("label")
        for name, title, _top in CURVES:
            legend = window.document.createElement("b")
            legend.textContent = title
            legend.style.setProperty("--color", f"var(--{name})")
            self.label.before(legend)
        self.slider = self.node.querySelector("input")
        self._addEventListener(self.slider, "input", lambda: self.root.set_rho(float(self.slider.value)))
        self.draw()

    @event.reaction("rho")
    def show_rho(self, *events):
        self.slider.value = self.rho
        self.label.lastChild.textContent = self.rho

    @event.action
    def add(self, rows):
        """Take what was computed since the last time: rows of a moment and three values."""
        begin_s = rows[-1][0] - SHOWN_S - 1
        self.rows = [row for row in self.rows if row[0] > begin_s] + rows

    def draw(self):
        if not self._disposed:
            curves, path = self.node.querySelectorAll("canvas")[0], self.node.querySelectorAll("canvas")[1]
            # A little late, so that what comes next is there already when it is drawn.
            now_s = window.Date.now() / 1000 - LATE_S
            self.draw_curves(curves, now_s)
            self.draw_path(path, [row for row in self.rows if row[0] <= now_s])
            window.requestAnimationFrame(self.draw)

    def pen_of(self, canvas):
        """A pen for an empty canvas, sharp on every screen and at every size."""
        scale = window.devicePixelRatio
        width, height = round(canvas.clientWidth * scale), round(canvas.clientHeight * scale)
        if canvas.width != width or canvas.height != height:
            canvas.width, canvas.height = width, height
        pen = canvas.getContext("2d")
        pen.setTransform(scale, 0, 0, scale, 0, 0)
        pen.clearRect(0, 0, width, height)
        pen.lineJoin = pen.lineCap = "round"
        return pen

    def tint(self, name):
        return window.getComputedStyle(self.node).getPropertyValue("--" + name)

    def draw_curves(self, canvas, now_s):
        pen, width, height = self.pen_of(canvas), canvas.clientWidth, canvas.clientHeight
        pen.fillStyle = self.tint("line")
        for second in range(SHOWN_S + 1):
            pen.fillRect(width - (now_s % 1 + second) * width / SHOWN_S, 0, 1, height)
        band = height / len(CURVES)
        for i, (name, _title, top) in enumerate(CURVES):
            pen.fillRect(0, band * i, width, 1)
            pen.strokeStyle = self.tint(name)
            pen.lineWidth = 2
            pen.beginPath()
            for row in self.rows:
                share = row[i + 1] / top if name == "z" else (row[i + 1] / top + 1) / 2
                pen.lineTo(width + (row[0] - now_s) * width / SHOWN_S, band * (i + 0.92 - share * 0.84))
            pen.stroke()

    def draw_path(self, canvas, rows):
        pen, width, height = self.pen_of(canvas), canvas.clientWidth, canvas.clientHeight
        scale = min(width / 52, height / 56)
        pen.strokeStyle = pen.fillStyle = self.tint("x")
        pen.lineWidth = 1.6
        for begin in range(0, len(rows) - 1, 12):
            pen.globalAlpha = begin / len(rows)
            pen.beginPath()
            for row in rows[begin : begin + 13]:
                pen.lineTo(width / 2 + (row[1] + row[2] * 0.25) * scale, height / 2 - (row[3] - 25) * scale)
            pen.stroke()
        if len(rows) > 0:
            row = rows[-1]
            pen.beginPath()
            pen.arc(width / 2 + (row[1] + row[2] * 0.25) * scale, height / 2 - (row[3] - 25) * scale, 5, 0, 7)
            pen.fill()


class Weather(app.PyComponent):
    """Edward Lorenz's three equations of air that is heated from below."""

    rho = event.FloatProp(28, settable=True, doc="Heat: below 24 it comes to rest, above it does not")

    def init(self):
        self.plot = Plot(rho=lambda: self.rho)
        self.compute()

    @event.action
    async def compute(self):
        at_s, point = time.time() - SHOWN_S, (1.0, 1.0, 20.0)
        while True:
            rows = []
            at_s = max(at_s, time.time() - SHOWN_S)  # a computer that slept does not make up for it
            while at_s < time.time():
                at_s, point = at_s + SAMPLE_S, step(point, self.rho, SAMPLE_S * 0.8)
                rows.append([at_s, *point])
            self.plot.add(rows)
            await asyncio.sleep(CHUNK_S)
            await self.session.drain()  # a page that is slow gets more at once, and nothing is lost


def step(point, rho, time_s):
    """Where the point is a moment later, by way of where it would be after half of it."""
    return moved(point, speeds(*moved(point, speeds(*point, rho), time_s / 2), rho), time_s)


def speeds(x, y, z, rho):
    return 10 * (y - x), x * (rho - z) - y, x * y - 8 / 3 * z


def moved(point, speed, time_s):
    return tuple(at + change * time_s for at, change in zip(point, speed, strict=True))


if __name__ == "__main__":
    app.launch(Weather, title="A weather", size=(980, 520))
    app.run()
