"""Splines that are pulled about with the pointer: drawn by JavaScript, measured in Python, with the same function."""

import math
from itertools import pairwise

from deskapp import app, event, window

KINDS = ("Through the points", "Near the points", "Straight")
STEPS, WIDTH, HEIGHT = 24, 1000, 600
POINTS = ([120, 420], [260, 150], [430, 380], [590, 120], [740, 470], [890, 200])


def spline(points, kind, tension):
    """The points of a curve. Python calls this function as it is, pages call it as JavaScript."""
    if kind == 2:
        return points
    path, last = [], len(points) - 1
    for i in range(last if kind == 0 else last + 2):
        # Beyond the ends the first and the last point are taken again.
        around = [points[min(max(i + j - (1 if kind == 0 else 2), 0), last)] for j in range(4)]
        for n in range(STEPS):
            share = weights(n / STEPS, kind, tension)
            path.append([sum([share[j] * around[j][axis] for j in range(4)]) for axis in range(2)])
    path.append(points[last])
    return path


def weights(t, kind, tension):
    """How much each of four neighbouring points counts, between the second and the third of them."""
    if kind == 0:  # a cardinal spline
        s, t2, t3 = (1 - tension) / 2, t * t, t * t * t
        a, b = s * (t3 - 2 * t2 + t), s * (t3 - t2)
        return [-a, 2 * t3 - 3 * t2 + 1 - b, 3 * t2 - 2 * t3 + a, b]
    u = 1 - t  # a uniform B-spline
    return [u * u * u / 6, (3 * t * t * t - 6 * t * t + 4) / 6, (3 * u * u * u - 6 * u * u + 4) / 6, t * t * t / 6]


class Board(app.JsComponent):
    """The curve, its points, and what Python says about them."""

    points = event.ListProp(POINTS, settable=True)
    kind = event.IntProp(settable=True)
    tension = event.FloatProp(settable=True)
    report = event.StringProp(settable=True)

    CSS = """
    .splines {
        --sheet: #fdfdff; --dot: #c9cede; --ink: #23273a; --quiet: #858ba0; --from: #6a4cf0; --to: #f0508c;
        position: relative; height: 100%; color: var(--ink);
        background: var(--sheet) radial-gradient(var(--dot) 1px, #0000 1.5px) 0 0 / 26px 26px;
    }
    @media (prefers-color-scheme: dark) {
        .splines { --sheet: #14151f; --dot: #2e3144; --ink: #eceefa; --quiet: #8a90a8; --from: #8f7bff; --to: #ff6ea3; }
    }
    .splines svg { display: block; width: 100%; height: 100%; touch-action: none; user-select: none; }
    .splines path { fill: none; stroke: url(#splines-ink); stroke-width: 6; stroke-linecap: round; }
    .splines path.glow { stroke-width: 22; opacity: 0.16; }
    .splines polyline { fill: none; stroke: var(--quiet); stroke-dasharray: 3 7; }
    .splines circle { r: 9px; fill: var(--sheet); stroke: var(--ink); stroke-width: 3; cursor: grab; }
    .splines circle:hover { r: 12px; }
    .splines circle { transition: r 0.12s; }
    .splines nav {
        position: absolute; left: 50%; bottom: 22px; display: flex; gap: 4px; align-items: center; padding: 6px 10px;
        border-radius: 24px; background: var(--sheet); box-shadow: 0 0 0 1px #8883, 0 8px 28px #0002; translate: -50%;
    }
    .splines button { padding: 6px 14px; border: 0; border-radius: 18px; background: none; color: inherit; }
    .splines button { white-space: nowrap; cursor: pointer; }
    .splines button[aria-pressed=true] { background: var(--ink); color: var(--sheet); }
    .splines input { width: 130px; margin: 0 8px 0 14px; accent-color: var(--from); }
    .splines pre { position: absolute; inset: 24px auto auto 28px; margin: 0; pointer-events: none; }
    .splines pre { color: var(--quiet); font: 12.5px/1.7 ui-monospace, "DejaVu Sans Mono", monospace; }
    """

    def init(self):
        self.node.className = "splines"
        self.node.innerHTML = f"""
            <svg viewBox="0 0 {WIDTH} {HEIGHT}"><defs><linearGradient id="splines-ink">
            <stop stop-color="var(--from)"/><stop offset="1" stop-color="var(--to)"/></linearGradient></defs>
            <polyline/><path class="glow"/><path/></svg>
            <pre></pre><nav><input type="range" min="-1" max="1" step="0.01" aria-label="Tension" title="Tension"></nav>
        """
        self.picture, self.slider = self.node.querySelector("svg"), self.node.querySelector("input")
        for i in range(len(KINDS)):
            button = window.document.createElement("button")
            button.textContent, button.value = KINDS[i], i
            self.slider.before(button)
        self._addEventListener(self.node, "click", self.on_click)
        self._addEventListener(self.slider, "input", lambda: self.set_tension(float(self.slider.value)))
        self._addEventListener(self.picture, "pointerdown", self.on_down)
        self._addEventListener(self.picture, "pointermove", self.on_move)
        self._addEventListener(self.picture, "lostpointercapture", self.on_up)
        self._addEventListener(self.picture, "dblclick", self.on_double_click)
        self.held = -1

    def place(self, domevent):
        """Where in the picture a pointer is."""
        at = window.DOMPoint(domevent.clientX, domevent.clientY).matrixTransform(self.picture.getScreenCTM().inverse())
        return [round(min(max(at.x, 0), WIDTH)), round(min(max(at.y, 0), HEIGHT))]

    def circles(self):
        return list(self.picture.querySelectorAll("circle"))

    def on_click(self, domevent):
        if domevent.target.tagName == "BUTTON":
            self.set_kind(int(domevent.target.value))

    def on_down(self, domevent):
        self.held = self.circles().indexOf(domevent.target)
        if self.held >= 0:
            self.picture.setPointerCapture(domevent.pointerId)

    def on_move(self, domevent):
        if self.held >= 0:
            self.move(self.held, self.place(domevent))

    def on_up(self, domevent):
        self.held = -1

    def on_double_click(self, domevent):
        # The pointer was captured, so the event's target is the picture.
        node = window.document.elementFromPoint(domevent.clientX, domevent.clientY)
        number = self.circles().indexOf(node)
        if number < 0:
            self.add(self.place(domevent))
        elif len(self.points) > 3:
            self.remove(number)

    @event.action
    def move(self, number, point):
        self._mutate_points([point], "replace", number)  # this point travels to Python, and not the others

    @event.action
    def add(self, point):
        self._mutate_points([point], "insert", len(self.points))

    @event.action
    def remove(self, number):
        self._mutate_points(1, "remove", number)

    @event.reaction("points", "kind", "tension")
    def draw(self, *events):
        path = "M" + " L".join([f"{point[0]} {point[1]}" for point in spline(self.points, self.kind, self.tension)])
        self.picture.querySelectorAll("path").forEach(lambda node: node.setAttribute("d", path))
        self.picture.querySelector("polyline").setAttribute("points", self.points.join(" "))
        for circle in self.circles()[len(self.points) :]:
            circle.remove()
        for i, point in enumerate(self.points):
            if i == len(self.circles()):
                self.picture.insertAdjacentHTML("beforeend", "<circle/>")
            self.circles()[i].setAttribute("cx", point[0])
            self.circles()[i].setAttribute("cy", point[1])
        self.slider.value = self.tension
        self.slider.disabled = self.kind != 0
        for button in self.node.querySelectorAll("button"):
            button.setAttribute("aria-pressed", int(button.value) == self.kind)

    @event.reaction("report")
    def tell(self, *events):
        self.node.querySelector("pre").textContent = self.report


class Splines(app.PyComponent):
    """Measures what is drawn in the page."""

    def init(self):
        self.board = Board()

    @event.reaction("board.points", "board.kind", "board.tension")
    def measure(self, *events):
        path = spline(self.board.points, self.board.kind, self.board.tension)
        length = sum(math.dist(one, other) for one, other in pairwise(path))
        rows = [f"{x:4}, {y:3}" for x, y in self.board.points]
        self.board.set_report("\n".join(["Python measures", f"length {length:.1f}", "", *rows]))


if __name__ == "__main__":
    app.launch(Splines, title="Splines", size=(900, 580))
    app.run()
