"""An App is a component class with the arguments and property values of its instances."""

from deskapp import App, PyComponent, event, run


class Person(PyComponent):
    name = event.StringProp("nobody", settable=True)
    age = event.IntProp(0, settable=True)

    def init(self, greeting, mark="."):
        self.greeting = greeting
        self.mark = mark
        print(f"init {self.greeting}, {self.name}{self.mark}")


person_app = App(Person, "Hello", "!", name="Ada", age=36)

if __name__ == "__main__":
    print(person_app.cls.__name__, person_app.args, person_app.kwargs, person_app.is_served)
    try:
        print(person_app.url)
    except RuntimeError as error:
        print(type(error).__name__)
    person = person_app.launch("app", title="A person", size=(320, 160))
    print(person is person.session.app, person.name, person.age)
    run()
    print("the window is closed")
