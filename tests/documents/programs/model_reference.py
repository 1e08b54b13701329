"""The example of the Model reference: constants, a property on both ends, and a handler on each."""

from deskapp import app, event  # restored: event, for the decorators

Model = app.Model  # restored: the document's page has it imported


class MyModel(Model):
    @event.connect("foo")  # restored
    def handle_changes_to_foo_in_python(self, *events):
        print("Python:", *[ev.new_value for ev in events])  # restored

    class Both:
        @event.prop  # restored
        def foo(self, v=0):
            return float(v)

    class JS:
        BAR = [1, 2, 3]

        @event.connect("foo")  # restored
        def handle_changes_to_foo_in_js(self, *events):
            global document  # restored, as all of this body
            document.title = str(self.foo * self.BAR[2])


if __name__ == "__main__":  # restored
    model = app.launch(MyModel)
    app.run()
