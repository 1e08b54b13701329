"""A model with sessions and contexts of its own choice, in one app with a component."""

import gc  # noqa: F401 (the test asks)
import weakref

from deskapp import JsComponent, app, event


class View(JsComponent):
    text = event.StringProp("", settable=True)

    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = self.text


class Child(app.Model):
    class Both:
        @event.prop
        def word(self, v=""):
            return str(v)


class Main(app.Model):
    def init(self):
        self.view = View(text="a component beside a model")

    def make_children(self):
        with self:
            self.in_context = Child(word="in a context")
        self.given = Child(session=self.session, word="given")

    def lose_child(self):
        child = Child(session=self.session, word="lost")
        ref = weakref.ref(child)
        return child.id, ref


refs = []

if __name__ == "__main__":
    try:
        Child()
    except RuntimeError as error:
        print("needs a session:", "session" in str(error))
    model = app.launch(Main)
    app.run()
