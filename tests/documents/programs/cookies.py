"""Counts the visits of each browser, in a cookie."""

from deskapp import JsComponent, PyComponent, app, event


class Label(JsComponent):
    text = event.StringProp("", settable=True)

    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = self.text


class Main(PyComponent):
    def init(self):
        count = int(self.session.get_cookie("visits", "0")) + 1
        self.session.set_cookie("visits", str(count), httponly=True)
        Label(text=f"visit {count}")

    @event.action
    def forget(self):
        self.session.set_cookie("visits", None)


if __name__ == "__main__":
    main_app = app.App(Main)
    main_app.serve()
    print(main_app.url)
    app.start()
