"""Launch an app and tell how long it took until its first reaction ran in the page, in ms.

Tells two numbers: from the start of this process, and from the call of `launch`.
"""

from __future__ import annotations

import os
import time

from deskapp import JsComponent, PyComponent, event, launch, run, window


class Label(JsComponent):
    """Shows a text and notes when."""

    text = event.StringProp("", settable=True)
    shown_ms = event.FloatProp(0.0, settable=True)

    @event.reaction("text")
    def show(self, *events: event.Event) -> None:
        """Runs in the page."""
        self.node.textContent = self.text
        self.set_shown_ms(window.Date.now())


class Launched(PyComponent):
    """The app."""

    def init(self) -> None:
        """Make the label."""
        self.label = Label(text="Hello")

    @event.reaction("label.shown_ms")
    def note(self, *events: event.Event) -> None:
        """Close the window once the label was shown."""
        if self.label.shown_ms:
            self.session.close()


def main() -> None:
    """Launch, and tell."""
    from benchmarks._child import tell

    launched_ms = time.time() * 1000
    app = launch(Launched, "app", size=(800, 600))
    run()
    assert isinstance(app, Launched)
    tell([app.label.shown_ms - float(os.environ["BENCHMARK_SPAWNED_S"]) * 1000, app.label.shown_ms - launched_ms])


if __name__ == "__main__":
    main()
