"""Faults: a page that crashes is made anew, one that hangs can be."""

from deskapp import JsComponent, event, window
from examples.gallery.section import Section


class FaultsSection(Section):
    GROUP, TITLE = "Program", "Faults"
    TEXT = "Your program is in Python's process, not in the page: it survives what happens there."
    ICON = "M10 3l8 14H2zM10 8v4M10 14.500v.2"

    crashes = event.IntProp(settable=True)
    number = event.IntProp(settable=True)

    def build(self):
        with self.demo("A number in Python", "It is still there after everything below."):
            self.button("Count", self.count)
            self.value("Counted to", lambda: str(self.number))
        with self.demo("Crash", "The process that draws the page ends; the page is made anew.", self.count_crash):
            self.button("Crash the page", self.crash)
            self.value("Crashes", lambda: str(self.crashes))
        with self.demo("Hang", "A loop of one minute. Click somewhere, wait: you are asked what to do.", Looper):
            self.looper = Looper()
            self.button("Hang the page", self.hang)
            self.value("The page", lambda: "answers" if self.session.window.responding else "hangs")
        with self.demo("An error in Python", "It is logged with its traceback, and the program goes on."):
            self.button("Raise one", self.fail)
        self.session.window.reaction("crashed", self.count_crash)

    def count(self):
        self.set_number(self.number + 1)

    async def crash(self):
        window = self.session.window
        await window.runtime.command(window.runtime_id, "end_page")

    def count_crash(self, *events):
        # Once the new page is there: what is told to one that is gone is lost.
        self.session.call_after_roundtrip(self.set_crashes, self.crashes + len(events))

    def hang(self):
        self.looper.loop(60)

    def fail(self):
        raise ZeroDivisionError("nobody divides by nothing")


class Looper(JsComponent):
    @event.action
    def loop(self, seconds):
        end = window.performance.now() + seconds * 1000
        while window.performance.now() < end:
            pass
