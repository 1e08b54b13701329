"""Uses a module that says of itself that it is JavaScript as a whole."""

import whole

from deskapp import JsComponent, event, launch, run


class Main(JsComponent):
    value = event.IntProp(0, settable=True)

    def init(self):
        self.set_value(whole.triple(14))


if __name__ == "__main__":
    main = launch(Main)
    run()
