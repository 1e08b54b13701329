"""Components of one window given to another, and state that all windows share."""

from deskapp import JsComponent, PyComponent, app, event, run


class Shared(event.Component):
    """Belongs to no session."""

    number = event.IntProp(1, settable=True)


shared = Shared()


class View(JsComponent):
    number = event.IntProp(0, settable=True)
    guest = event.ComponentProp(None, settable=True)

    @event.action
    def describe_guest(self):
        global document
        kind = "none"
        if self.guest is not None:
            kind = "component" if self.guest.set_number else "stub"
        document.title = kind


class Main(PyComponent):
    number = event.IntProp(0, settable=True)

    def init(self):
        self.view = View(number=lambda: self.number)


if __name__ == "__main__":
    one = app.App(Main, number=lambda: shared.number).launch("app", title="one")
    two = app.App(Main, number=lambda: shared.number).launch("app", title="two")
    run()
