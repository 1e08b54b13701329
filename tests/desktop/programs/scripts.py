"""Functions as programs, with what the documents show of the session; options: ``kind``, ``serve``."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

from deskapp import app, launch, serve
from deskapp.errors import SessionClosedException
from deskapp.session import (
    defer_call,
    download,
    eval_js,
    go_app,
    hold,
    keep_running,
    local,
    register_thread,
    run_async,
    run_asyncio_coroutine,
    run_js,
    set_env,
)
from deskapp.session import info as session_info
from tests.desktop.programs.say import OPTIONS, obey, run_and_tell, say

PROMISE = """new Promise(resolve => {
    setTimeout(() => {
        resolve('Returned inside callback.');
    }, 200);
});"""

FUNCTION = """(function(){
    var a = 1;
    a += b;
    return a;
})()"""

KEYS = ["user_agent", "user_language", "server_host", "origin", "user_ip", "backend", "protocol", "request"]


def begin() -> None:
    """What needs no waiting."""
    local.begun = (local.begun or 0) + 1
    defer_call(lambda: say("deferred", n=1, begun=local.begun))

    @defer_call
    def cleanup() -> None:
        say("deferred", n=2, begun=local.begun)

    set_env(title="Awesome scripts!!", output_max_width="80%")
    run_js("console.log(a + b); var seen = a + b; document.body.style.background = '#2f6f4f'", a=1, b=2)
    say("info", **{key: str(getattr(session_info, key)) for key in KEYS})


def tell(**values: Any) -> None:
    say("values", thread=threading.current_thread().name, begun=local.begun, **values)


def main() -> str:
    begin()
    values = {
        "url": eval_js("window.location.href"),
        "function": eval_js(FUNCTION, b=100),
        "promise": eval_js(PROMISE),
        "rejected": eval_js("Promise.reject(new Error('no'))"),
        "seen": eval_js("seen"),
        "width": eval_js("getComputedStyle(document.documentElement).getPropertyValue('--deskapp-width')"),
        "title": eval_js("document.title"),
    }
    tell(**values)
    thread = threading.Thread(target=lambda: say("thread", value=eval_js("6 * 7")))
    register_thread(thread)
    thread.start()
    thread.join()
    say("holds")
    try:
        hold()
        say("held")
        run_js("1")
    except SessionClosedException as error:
        say("closed", text=str(error))
    return "over"


async def async_main() -> str:
    begin()
    values = {
        "url": await eval_js("window.location.href"),
        "function": await eval_js(FUNCTION, b=100),
        "promise": await eval_js(PROMISE),
        "rejected": await eval_js("Promise.reject(new Error('no'))"),
        "seen": await eval_js("seen"),
        "width": await eval_js("getComputedStyle(document.documentElement).getPropertyValue('--deskapp-width')"),
        "title": await eval_js("document.title"),
    }
    tell(**values)

    async def beside() -> None:
        say("thread", value=await eval_js("6 * 7"))

    handler = run_async(beside())
    await run_asyncio_coroutine(asyncio.sleep(0.05))
    while not handler.closed():  # noqa: ASYNC110  (as the documents' programs ask)
        await asyncio.sleep(0.01)
    say("holds")
    await hold()
    say("held")
    try:
        run_js("1")
    except SessionClosedException as error:
        say("closed", text=str(error))
    return "over"


def other() -> None:
    run_js("document.body.style.background = '#7f2f4f'")
    say("other", path=eval_js("location.pathname"))
    hold()


def jump() -> None:
    defer_call(lambda: say("left"))
    go_app("other", new_window=bool(OPTIONS.get("new_window")))
    say("asked")
    hold()


def save() -> None:
    download("hello-world.txt", b"hello world!")
    say("other", path=eval_js("location.pathname"))
    time.sleep(0.01)


def fail() -> None:
    raise ValueError("on purpose")


def keep() -> str:
    keep_running()
    defer_call(lambda: say("deferred"))
    run_js("document.body.style.background = '#2f6f4f'")
    hold()
    say("held")
    time.sleep(1.5 if OPTIONS.get("brief") else 60)
    say("over")
    return "kept"


functions = {"plain": main, "async": async_main, "jump": jump, "save": save, "fail": fail, "keep": keep}
function = functions[OPTIONS["kind"]]
serve(other)
if OPTIONS.get("serve"):
    serve(function, "app")
    application = app.launcher().server
    say("serving", url=application.url("/app/"))
    obey({"stop": app.stop})
    run_and_tell(app.start)
else:
    handle = launch(function, "app", title="Script")

    def reload() -> None:
        assert handle.session.window is not None
        handle.session.window.reload()

    obey({"reload": reload, "close": handle.close, "stop": app.stop})
    try:
        run_and_tell()
    finally:
        try:
            say("result", value=handle.result())
        except Exception as error:
            say("result", error=str(error))
