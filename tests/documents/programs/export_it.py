"""Writes an app as pages for any web server, or none: linked, embedded, beside another that shares its assets."""

import json
import sys
from pathlib import Path

from deskapp import App, JsComponent, PyComponent, app, event

folder, elsewhere = Path(sys.argv[1]), sys.argv[2]
DOT = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle cx="4" cy="4" r="4"/></svg>'

app.assets.associate_asset(__name__, "mydep.js", "window.mydep = {name: 'the library'};")
app.assets.associate_asset(__name__, elsewhere + "/lib.css")


class Page(JsComponent):
    def init(self):
        global mydep
        self.node.textContent = mydep.name + " of Page"


class Other(JsComponent):
    word = event.StringProp("", settable=True)

    @event.reaction("word")
    def show(self, *events):
        global mydep
        self.node.textContent = mydep.name + " of " + self.word


class Picture(JsComponent):
    source = event.StringProp("", settable=True)

    def _create_dom(self):
        global document
        return document.createElement("img")

    @event.reaction("source")
    def show(self, *events):
        self.node.src = self.source


class WithData(PyComponent):
    def init(self):
        Picture(source=self.session.add_data("dot.svg", DOT))
        Picture(source=app.assets.add_shared_data("shared_dot.svg", DOT))


if __name__ == "__main__":
    for link in range(4):
        print(json.dumps(sorted(App(Page).dump("it.html", link=link))))
    print(json.dumps(sorted(App(Page).dump(link=0))))
    for name in ("it.txt", "a/it.html"):
        try:
            App(Page).dump(name)
        except ValueError:
            print(json.dumps("refused"))
    print(json.dumps("tornado" in sys.modules))

    (folder / "shared").mkdir()
    App(Page).export(str(folder / "shared"))
    app.export(Other, str(folder / "shared" / "other.html"), overwrite=False)
    for link in range(4):
        App(Other, word=f"link {link}").export(str(folder / f"link{link}" / "page.html"), link=link)
    App(Page).export(str(folder / "windows.hta"), link=0)
    (folder / "kept.html").write_text("mine")
    App(Page).export(str(folder / "kept.html"), link=0, overwrite=False)
    App(WithData).export(str(folder / "data" / "data.html"))
    print(json.dumps("tornado" in sys.modules))
