"""An object that is written in JavaScript, at the top of a module."""

from deskapp import RawJS, app, event  # restored: the document's import of RawJS (there it comes from PyScript)

# The document's `require` needs a module loader in the page; this makes the module itself.
my_js_module = RawJS("({made: Math.random(), greet: name => 'hello ' + name})")


class MyModel(app.Model):
    class Both:  # restored: what the handler is connected to; its initial value calls it
        @event.prop
        def foo(self, v=0):
            return int(v)

    class JS:
        greeting = ""  # restored

        @event.connect("foo")  # restored
        def handler(self, *events):
            self.greeting = my_js_module.greet("you")  # restored


if __name__ == "__main__":  # restored
    model = app.launch(MyModel)
    app.run()
