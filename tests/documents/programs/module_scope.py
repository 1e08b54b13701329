"""JavaScript that uses functions and values of its module, and a function of another."""

from foo import func1, func3  # restored: func3, of which nothing may come along

from deskapp import app, event  # restored: event, for the decorators


def func2():  # restored: the copy lost the bodies
    return 20


def not_used():  # restored: the text speaks of what nobody uses
    return func3("nobody wants it")


info = {"x": 1, "y": 2}


class MyModel(app.Model):
    class Both:  # restored: what the handler is connected to; its initial value calls it
        @event.prop
        def foo(self, v=0):
            return int(v)

    class JS:
        result = 0  # restored: where the handler leaves what it found

        @event.connect("foo")  # restored
        def handler(self, *events):
            self.result = func1(info["x"]) + func2() + info["y"]  # restored


if __name__ == "__main__":  # restored
    model = app.launch(MyModel)
    app.run()
