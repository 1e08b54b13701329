"""Puts an app on a site that keeps name and token."""

import sys

from deskapp import App, JsComponent, event


class Main(JsComponent):
    text = event.StringProp("nothing", settable=True)

    @event.reaction("text")
    def show(self, *events):
        self.node.textContent = "published: " + self.text


if __name__ == "__main__":
    site = sys.argv[1]  # the document's default is a site that is gone
    print(App(Main, text="one").publish("my_app", "a-secret-token", site))
    print(App(Main, text="two").publish("my_app", "a-secret-token", site))
    try:
        App(Main, text="three").publish("my_app", "another-token", site)
    except Exception as error:
        print(type(error).__name__)
