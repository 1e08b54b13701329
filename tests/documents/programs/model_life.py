"""The life of models: in which order things happen, what is shared with JavaScript, and how it ends."""

from deskapp import app, event


class Child(app.Model):
    def init(self):
        order.append("Child.init")

    @event.connect("size")
    def when_size(self, *events):
        order.append(f"Child size {events[-1].new_value}")

    class Both:
        @event.prop
        def size(self, v=1):
            return int(v)

    class JS:
        def init(self):
            global window
            window.order = (window.order or []) + ["Child.init"]

        @event.connect("size")
        def when_size(self, *events):
            global window
            window.order = (window.order or []) + ["Child size " + self.size]


class Parent(app.Model):
    def init(self, word="nothing"):
        order.append(f"Parent.init {word} {self.size}")
        self.child = Child(size=7)  # inside init: this session, and an attribute of the JavaScript half, too
        order.append(f"Parent has a child of this session: {self.child.session is self.session}")
        self.stamp = "Python only"

    @event.connect("size")
    def when_size(self, *events):
        order.append(f"Parent size {events[-1].new_value} child {self.child.size}")

    @event.connect("loud")
    def when_loud(self, *events):
        order.append("loud in Python")

    class Both:
        @event.prop
        def size(self, v=3):
            return int(v)

        @event.prop
        def quiet(self, v=0):
            return int(v)

    class JS:
        def init(self):
            global window
            window.order = (window.order or []) + ["Parent.init with child " + bool(self.child)]
            window.parent_model = self

        @event.connect("size")
        def when_size(self, *events):
            global window
            window.order = (window.order or []) + ["Parent size " + self.size]

        @event.emitter
        def loud(self, n):
            return {"n": n}

        @event.emitter
        def unheard(self, n):
            return {"n": n}


order = []

if __name__ == "__main__":
    model = app.App(Parent, "word", size=4).launch("app")
    order.append("launched")
    app.run()
