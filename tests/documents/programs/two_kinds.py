"""A component that lives in Python and one that lives in JavaScript, each with its stand-in on the other side."""

from deskapp import JsComponent, LocalProperty, PyComponent, event, launch, run


class Row(JsComponent):
    """Made by Python, and by JavaScript."""

    text = event.StringProp("", settable=True)

    def init(self, text=""):
        if text:
            self.set_text(text)

    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = self.text


class Table(JsComponent):
    last = event.ComponentProp(None, settable=True)
    clicks = LocalProperty(0, settable=True)
    owner = event.ComponentProp(None, settable=True)

    @event.action
    def add_row(self, text):
        """Make a component in JavaScript; Python gets its stand-in once a property refers to it."""
        with self:
            self.set_last(Row(text))

    @event.action
    def ask_for_more(self):
        """Call an action of a component that lives in Python."""
        self.owner.add(5)

    @event.emitter
    def swept(self, how):
        return {"how": how}

    @event.action
    def sweep(self):
        self.swept("clean")

    @event.reaction("owner.total")
    def show_total(self, *events):
        """Follow a property of a component that lives in Python."""
        self.node.title = str(self.owner.total)


class Main(PyComponent):
    total = event.IntProp(0, settable=True)
    secret = LocalProperty(None, settable=True)

    def init(self):
        self.set_secret({"only": "here"})
        self.table = Table(owner=self)
        with self.table:
            self.row = Row(text="from Python")

    @event.action
    def add(self, step: int):
        self.set_total(self.total + step)

    @event.reaction("table.last")
    def heard_of_row(self, *events):
        if self.table.last is not None:
            print("last:", self.table.last.text)

    @event.reaction("table.swept")
    def heard_of_sweep(self, *events):
        print("swept:", events[-1].how)


if __name__ == "__main__":
    main = launch(Main)
    run()
