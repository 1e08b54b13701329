"""A window that says hello."""

from deskapp import JsComponent, launch, run


class Hello(JsComponent):
    def init(self):
        self.node.textContent = "Hello, desktop!"


if __name__ == "__main__":
    launch(Hello, size=(400, 200))
    run()
