"""The first program of the introduction: one property on both ends, and a handler on each."""

from deskapp import app, event


class MyModel(app.Model):
    def init(self):
        print("init, with foo", self.foo)  # restored: the copy lost the body

    # In Python
    @event.connect("foo")  # restored: the copy lost all decorators
    def on_foo(self, *events):
        print("Python:", *[f"{ev.old_value}->{ev.new_value}" for ev in events])  # restored

    class Both:
        # On both ends, and kept the same
        @event.prop  # restored
        def foo(self, v=0):
            return v

    class JS:
        # In JavaScript
        @event.connect("foo")  # restored
        def on_foo(self, *events):
            global document  # restored, as all of this body
            document.body.dataset.foo = str(self.foo)
            document.body.dataset.heard = str(len(events))


if __name__ == "__main__":  # restored: the document shows the class alone, and tells of launch and run in its text
    model = app.launch(MyModel)
    app.run()
