"""Assets that are simply made in the module, or imported into it."""

from palette import palette  # noqa: F401 (an asset that is imported belongs to this module, too)

from deskapp import JsComponent, app, run

mydep = app.Asset("mydep.js", "window.mydep = {twice: x => 2 * x};")


class Main(JsComponent):
    def init(self):
        self.node.textContent = str(mydep.twice(21))


if __name__ == "__main__":
    app.launch(Main)
    run()
