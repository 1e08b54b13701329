"""A script that launches nothing: its first call opens a window; option: ``kind``."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading

import deskapp
from deskapp.errors import DeskappError
from deskapp.output import put_button, put_text
from deskapp.session import defer_call, eval_js, hold, local, register_thread, run_js, set_env
from tests.desktop.programs.say import OPTIONS, say

KIND = OPTIONS.get("kind", "whole")


def paint(color: str) -> None:
    run_js("document.body.style.background = color", color=color)


def try_(name: str, what: object) -> None:
    try:
        say(name, value=what())  # type: ignore[operator]
    except DeskappError as error:
        say(name, error=type(error).__name__, text=str(error))


def whole() -> None:
    defer_call(lambda: say("deferred", value=local.value))
    paint("#2f6f4f")
    local.value = 5
    say(
        "values",
        sum=eval_js("a + b", a=1, b=2),
        thread=threading.current_thread().name,
        title=eval_js("document.title"),
    )
    others = [
        threading.Thread(target=lambda: say("other", value=eval_js("6 * 7"))),
        threading.Thread(target=lambda: say("registered", value=eval_js("7 * 7"))),
    ]
    register_thread(others[1])
    for other in others:
        other.start()
    for other in others:
        other.join()
    set_env(title="Renamed")
    for name, what in {
        "launch": lambda: deskapp.launch(lambda: None),
        "serve": lambda: deskapp.serve({"a": whole}),
        "run": deskapp.run,
        "start": deskapp.app.start,
    }.items():
        try_(name, what)
    say("holds")
    hold()
    say("held")
    try_("after", lambda: run_js("1"))
    try_("launch_after", lambda: deskapp.launch(lambda: None))


def first_call_on_a_thread() -> None:
    thread = threading.Thread(target=lambda: say("thread", value=eval_js("6 * 7")))
    thread.start()
    paint("#2f6f4f")
    thread.join()


def goes_on_in_a_thread() -> None:
    def work() -> None:
        sys.stdin.readline()
        say("late", value=eval_js("6 * 7"))

    paint("#2f6f4f")
    threading.Thread(target=work).start()


def shows() -> None:
    def clicked() -> None:
        put_text("It was clicked")
        say("clicked", shown=eval_js("document.body.innerText"), thread=threading.current_thread().name)

    put_text("Text of a script")
    put_button("Click", onclick=clicked)
    run_js("document.querySelector('button').click()")


def worker() -> None:
    try_("worker", lambda: run_js("1"))


def has_workers() -> None:
    paint("#2f6f4f")
    for method in ("spawn", "fork"):
        process = getattr(multiprocessing.get_context(method), "Process")(target=worker)  # noqa: B009
        process.start()
        process.join(10)
        say("joined", code=process.exitcode)


if KIND == "whole":
    whole()
elif KIND == "raises":
    paint("#2f6f4f")
    sys.stdin.readline()
    raise ValueError("a fault of the script")
elif KIND == "exits":
    defer_call(lambda: say("deferred"))
    paint("#2f6f4f")
    sys.stdin.readline()
    sys.exit(3)
elif KIND == "waits":
    defer_call(lambda: say("deferred"))
    paint("#2f6f4f")
    say("asks")
    eval_js("new Promise(() => {})")
elif KIND == "reloads":
    set_env(title="Before")
    run_js("setTimeout(() => location.reload(), 50)")
    hold()
    try_("after", lambda: run_js("1"))
elif KIND == "thread":
    first_call_on_a_thread()
elif KIND == "late":
    goes_on_in_a_thread()
elif KIND == "shows":
    shows()
elif KIND == "workers":
    if __name__ == "__main__":
        has_workers()
elif KIND == "tries":
    for _ in range(2):
        try_("tried", lambda: run_js("1"))
else:
    paint("#2f6f4f")
if __name__ == "__main__":
    say("over", pid=os.getpid())
