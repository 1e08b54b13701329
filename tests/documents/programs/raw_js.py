"""An object that is written in JavaScript, at the top of a module."""

from deskapp import RawJS, app, event  # restored: where RawJS comes from (in the document, from PScript)

# Restored: the document does not say whose `require` it is. Here an asset brings one, with the module.
app.assets.associate_asset(
    __name__,
    "loader.js",
    "window.require = name => ({'myjsmodule.js': {greet: name => 'hello ' + name}})[name];",
)

my_js_module = RawJS('require("myjsmodule.js")')


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
