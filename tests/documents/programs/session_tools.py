"""What a session offers besides components."""

import asyncio
import gc
import weakref

from deskapp import PyComponent, event, launch, run


class Thing:
    """Any object at all."""


class Main(PyComponent):
    def init(self):
        print("status while it waits for its page:", int(self.session.status))
        print(self.root is self, self.session.app is self, self.uid == f"{self.session.id}_{self.id}")

    @event.action
    async def look(self):
        session = self.session
        print("app:", session.app_name, "request:", session.request)
        print("sum in the page:", await session.co_eval("1 + 1"))
        print("status:", int(session.status))
        try:
            await session.co_eval("nothing.there")
        except Exception as error:
            print("error of the page:", type(error).__name__)
        await session.co_roundtrip()
        print("shown by a runtime:", session.runtime is not None)
        session.send_command("EVAL", "window.commanded = 1")
        session.eval("window.evaluated = 2")  # prints the value
        print("commands:", await session.co_eval("[window.commanded, window.evaluated]"))
        print("found by its id:", session.get_component_instance(self.id) is self)
        print("unknown id:", session.get_component_instance("Main_99"))
        print("its module is there:", any(name.startswith("__main__") for name in session.present_modules))

        done = asyncio.Event()
        session.call_after_roundtrip(self.after, "a roundtrip", done)
        print("before the callback")
        await done.wait()

        thing = Thing()
        ref = weakref.ref(thing)
        session.keep_alive(thing, 2)
        del thing
        gc.collect()
        print("kept:", ref() is not None)
        for _ in range(100):
            await session.co_roundtrip()
            gc.collect()
            if ref() is None:
                break
        print("let go:", ref() is None)

    def after(self, what, done):
        print("after", what)
        done.set()


if __name__ == "__main__":
    main = launch(Main)
    main.look()
    run()
    print("status at the end:", int(main.session.status))
