"""A numpy image drawn on a canvas: arrays travel as they are, thirty times a second."""

import asyncio
import time

import numpy as np

from deskapp import JsComponent, PyComponent, event, launch, run, window

WIDTH, HEIGHT = 320, 200


class Picture(JsComponent):
    pixels = event.AnyProp(settable=True, doc="Rows of columns of red, green, blue and opacity, as bytes")

    CSS = "canvas { position: absolute; inset: 0; width: 100%; height: 100%; object-fit: cover; }"

    def _create_dom(self):
        return window.document.createElement("canvas")

    @event.reaction("pixels")
    def draw(self, *events):
        if self.pixels is None:
            return
        height, width = self.pixels.shape[0], self.pixels.shape[1]
        self.node.width, self.node.height = width, height
        bytes_ = window.Uint8ClampedArray(self.pixels.buffer, self.pixels.byteOffset, self.pixels.byteLength)
        self.node.getContext("2d").putImageData(window.ImageData(bytes_, width, height), 0, 0)


def plasma(at_s: float) -> np.ndarray:
    """Waves of three colours."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH] / HEIGHT
    wave = np.sin(8 * x + at_s) + np.sin(6 * y - 1.3 * at_s) + np.sin(9 * np.hypot(x - 0.8, y - 0.5) + 0.7 * at_s)
    image = np.full((HEIGHT, WIDTH, 4), 255, np.uint8)
    for channel, shift in enumerate((0.0, 1.1, 2.2)):
        image[..., channel] = 127.5 + 127.5 * np.sin(1.6 * wave + shift)
    return image


class NumpyImage(PyComponent):
    def init(self) -> None:
        self.picture = Picture()
        self.play()

    @event.action
    async def play(self) -> None:
        while True:
            self.picture.set_pixels(plasma(time.monotonic()))
            await asyncio.sleep(1 / 30)
            await self.session.drain()  # a page that is slow gets fewer pictures, not older ones


if __name__ == "__main__":
    launch(NumpyImage, title="numpy image", size=(640, 400))
    run()
