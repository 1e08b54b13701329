"""Three apps in one program, under three names, for browsers."""

from deskapp import JsComponent, app, event


class First(JsComponent):
    def init(self):
        self.node.textContent = "first"


class Second(JsComponent):
    word = event.StringProp("second", settable=True)

    @event.reaction("word")
    def show(self, *events):
        self.node.textContent = self.word


class Front(JsComponent):
    def init(self):
        self.node.textContent = "front"


if __name__ == "__main__":
    app.serve(First)  # under the name of its class
    second = app.App(Second, word="another word")
    second.serve("other_name")
    front = app.App(Front)
    front.serve("")  # the main app
    app.serve(Second, "second_again")
    print(second.url)
    print(second.name, second.is_served, front.name)
    app.start()
    print("stopped")
