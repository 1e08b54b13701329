"""A clock: a picture that JavaScript draws by itself, in a zone that Python knows."""

from datetime import datetime

from deskapp import JsComponent, PyComponent, event, launch, run, window

MINUTE_S, HOUR_S, HALF_DAY_S = 60, 3600, 12 * 3600


class Face(JsComponent):
    offset_s = event.IntProp(settable=True, doc="Seconds that the local time is ahead of universal time")
    zone = event.StringProp(settable=True)

    CSS = ".face { position: absolute; inset: 0; margin: auto; width: min(100vw, 100vh); padding: 4vmin; }"

    def _create_dom(self):
        canvas = window.document.createElement("canvas")
        canvas.className = "face"
        canvas.width = canvas.height = 1000
        return canvas

    def init(self):
        self.draw()

    def draw(self):
        pen = self.node.getContext("2d")
        style = window.getComputedStyle(self.node)
        pen.strokeStyle = pen.fillStyle = style.color
        pen.resetTransform()
        pen.clearRect(0, 0, 1000, 1000)
        pen.translate(500, 500)
        for mark in range(60):
            self.line(pen, mark / 60, 440 if mark % 5 == 0 else 465, 480, 10 if mark % 5 == 0 else 4)
        pen.font = "44px system-ui"
        pen.textAlign = "center"
        pen.fillText(self.zone, 0, 230)
        now_s = window.Date.now() / 1000 + self.offset_s
        self.line(pen, now_s % HALF_DAY_S / HALF_DAY_S, -30, 270, 22)
        self.line(pen, now_s % HOUR_S / HOUR_S, -30, 400, 14)
        pen.strokeStyle = style.getPropertyValue("--deskapp-accent")
        self.line(pen, now_s % MINUTE_S / MINUTE_S, -80, 440, 6)
        window.setTimeout(lambda: window.requestAnimationFrame(self.draw), 50)

    def line(self, pen, turn, begin, end, width):
        x, y = window.Math.sin(turn * 2 * window.Math.PI), -window.Math.cos(turn * 2 * window.Math.PI)
        pen.lineWidth = width
        pen.lineCap = "round"
        pen.beginPath()
        pen.moveTo(x * begin, y * begin)
        pen.lineTo(x * end, y * end)
        pen.stroke()


class Clock(PyComponent):
    def init(self) -> None:
        now = datetime.now().astimezone()
        offset = now.utcoffset()
        self.face = Face(zone=now.tzname() or "", offset_s=int(offset.total_seconds()) if offset else 0)


if __name__ == "__main__":
    launch(Clock, size=(420, 420))
    run()
