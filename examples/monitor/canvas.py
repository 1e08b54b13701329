"""Pictures that move with time."""

from deskapp import JsComponent, window

LATE_S = 0.25


class Canvas(JsComponent):
    """A canvas over which time passes: drawn when it has moved by a pixel, and only while it can be seen."""

    def begin(self, canvas):
        """Draw on this canvas from now on, sharp on every screen and at every size."""
        self.canvas = canvas
        self.resizing = window.ResizeObserver(self.draw)
        self.resizing.observe(canvas)
        self.tick()

    def tick(self):
        # Animation frames come before the screen is drawn, and not at all while the window is hidden.
        if not self._disposed:
            self.draw()
            # About a pixel later; all canvases at the same moment, so that the window is painted once for all.
            step_ms = min(self.root.span / 600, 0.25) * 1000
            pause_ms = step_ms - window.Date.now() % step_ms
            window.setTimeout(lambda: window.requestAnimationFrame(self.tick), pause_ms)

    def draw(self):
        canvas, scale = self.canvas, window.devicePixelRatio
        width, height = canvas.clientWidth, canvas.clientHeight
        if width > 0 and height > 0:
            if canvas.width != round(width * scale) or canvas.height != round(height * scale):
                canvas.width = round(width * scale)
                canvas.height = round(height * scale)
            pen = canvas.getContext("2d")
            pen.setTransform(scale, 0, 0, scale, 0, 0)
            pen.clearRect(0, 0, width, height)
            pen.save()
            self.paint(pen, width, height)
            pen.restore()

    def paint(self, pen, width, height):
        """Draw the picture of this moment; for subclasses."""
        raise NotImplementedError

    def right_edge(self):
        """The time there: a sample late, so that a line's next piece is known before it comes into view."""
        return window.Date.now() / 1000 - self.root.interval - LATE_S

    def samples(self):
        """What has been measured in the time shown, and one sample more at the left."""
        history = self.root.history
        first, begin = 0, self.right_edge() - self.root.span
        while first + 1 < len(history) and history[first + 1]["at"] < begin:
            first += 1
        return history[first:]

    def tint(self, name):
        """A colour of the theme."""
        return window.getComputedStyle(self.node).getPropertyValue("--" + name).strip()


def draw_line(pen, points, bottom, color):
    """Draw a smooth line, and a glow between it and the bottom; the colour is #rrggbb."""
    if len(points) == 0:
        return
    pen.beginPath()
    pen.moveTo(points[0][0], points[0][1])
    for i in range(1, len(points)):
        # Level at both ends of a piece: smooth, and never above or below what was measured.
        middle = (points[i - 1][0] + points[i][0]) / 2
        pen.bezierCurveTo(middle, points[i - 1][1], middle, points[i][1], points[i][0], points[i][1])
    pen.strokeStyle = color
    pen.lineWidth = 1.6
    pen.lineJoin = "round"
    pen.stroke()
    pen.lineTo(points[-1][0], bottom)
    pen.lineTo(points[0][0], bottom)
    glow = pen.createLinearGradient(0, 0, 0, bottom)
    glow.addColorStop(0, color + "60")
    glow.addColorStop(1, color + "04")
    pen.fillStyle = glow
    pen.fill()
