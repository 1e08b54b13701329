"""Assets of a module with models."""

import sys

from deskapp import app, event  # restored: event, for the decorators

js_code = "window.mydep = {version: 4};"  # restored: the document does not say what is in it

# With the module
app.assets.associate_asset(__name__, "mydep.js", js_code)

# From elsewhere; the document has the address of some content network, the test has a server of its own
app.assets.associate_asset(__name__, sys.argv[1] + "/lib.css")


# What needs the asset
class MyMode(app.Model):
    class JS:  # restored: all of the body
        version = 0

        def init(self):
            global mydep
            self.version = mydep.version

    class Both:  # restored
        @event.prop
        def foo(self, v=0):
            return int(v)


if __name__ == "__main__":  # restored
    model = app.launch(MyMode)
    app.run()
