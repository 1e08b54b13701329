"""A library and a style that this module's JavaScript needs; the style comes from a server elsewhere."""

import sys

from deskapp import JsComponent, app, run

js_code = "window.mydep = {twice: x => 2 * x};"

app.assets.associate_asset(__name__, "mydep.js", js_code)

# The document has the address of some content network; the test has a server of its own.
app.assets.associate_asset(__name__, sys.argv[1] + "/lib.css")


class Main(JsComponent):
    def init(self):
        global mydep
        self.node.textContent = str(mydep.twice(21))


if __name__ == "__main__":
    app.launch(Main)
    run()
