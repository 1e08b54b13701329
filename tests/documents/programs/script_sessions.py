"""004: its examples, an app each. Browsers may open them; with the argument `window`, they are in windows."""

import asyncio
import json
import sys

import counter_closure
import counter_local
import counter_partial

from deskapp import app as program
from deskapp import launch, run, serve, start
from deskapp.errors import ClientError
from deskapp.input import input
from deskapp.output import put_button, put_buttons, put_code, put_scope, put_text, use_scope
from deskapp.session import (
    defer_call,
    download,
    eval_js,
    go_app,
    local,
    run_asyncio_coroutine,
    run_js,
    set_env,
)
from deskapp.session import info as session_info


def file():
    put_button("Click to download", lambda: download("hello-world.txt", b"hello world!"))


def javascript():
    put_button("Log", lambda: run_js("console.log(a + b)", a=1, b=2))
    run_js("console.log(a + b)", a=1, b=2)


def values():
    current_url = eval_js("window.location.href")

    function_res = eval_js(
        """(function(){
    var a = 1;
    a += b;
    return a;
})()""",
        b=100,
    )

    promise_res = eval_js("""new Promise(resolve => {
    setTimeout(() => {
        resolve('Returned inside callback.');
    }, 2000);
});""")

    put_text(current_url)
    put_text(function_res)
    put_text(promise_res)


async def awaited_values():
    current_url = await eval_js("window.location.href")
    rejected = await eval_js("Promise.reject(new Error('no'))")
    put_text(current_url, rejected)
    for expression in ("() => 1", "throw new RangeError('on purpose')", "new Date(0)", "({a: undefined, b: 0 / 0})"):
        try:
            put_text(await eval_js(expression))
        except ClientError as error:
            put_text(str(error).splitlines()[0])


def deferred():
    defer_call(lambda: print("the first deferred function", flush=True))

    @defer_call
    def cleanup():
        print("cleaned up", flush=True)

    put_button("Wait", lambda: None)


def local_operations():
    local.name = "Wang"
    local.age = 22
    assert local.foo is None
    local[10] = "10"

    for key in local:
        print(key, flush=True)

    assert "bar" not in local
    assert "name" in local

    print(local._dict, flush=True)
    put_text("as documented")


def settings():
    set_env(title="Awesome PyWebIO!!", output_animation=False)
    put_text("at once")
    put_scope("box")
    put_buttons(["fading", "wide", "default", "long", "scrolling", "inside", "polling"], change)


def change(what):
    if what == "fading":
        set_env(output_animation=True)
        put_text("faded in")
        set_env(output_animation=False)
    elif what == "wide":
        set_env(output_max_width="50%")
    elif what == "default":
        set_env(output_max_width="880px")
    elif what == "long":
        put_text("line\n" * 200)
    elif what == "scrolling":
        set_env(auto_scroll_bottom=True)
        put_text("the end")
    elif what == "inside":
        with use_scope("box"):
            put_text("not in ROOT\n" * 10)
    else:
        set_env(http_pull_interval=100)
        put_text("polling is a setting")


def asking():
    input("As it is")
    set_env(input_panel_min_height=10, input_panel_init_height=200)
    input("Lower")
    set_env(input_panel_fixed=False, input_auto_focus=False)
    input("In the page")


def facts():
    put_code(
        json.dumps(
            {
                k: str(getattr(session_info, k))
                for k in [
                    "user_agent",
                    "user_language",
                    "server_host",
                    "origin",
                    "user_ip",
                    "backend",
                    "protocol",
                    "request",
                ]
            },
            indent=4,
        ),
        "json",
    )


async def app():
    put_text("hello")
    await run_asyncio_coroutine(asyncio.sleep(1))
    put_text("world")


def index():
    put_text("Examples")
    put_buttons(list(apps), go_app)
    put_button("Here", lambda: go_app("app", new_window=False))


apps = {
    "file": file,
    "javascript": javascript,
    "values": values,
    "awaited_values": awaited_values,
    "deferred": deferred,
    "local_operations": local_operations,
    "settings": settings,
    "asking": asking,
    "facts": facts,
    "app": app,
    "counter_local": counter_local.main,
    "counter_partial": counter_partial.main,
    "counter_closure": counter_closure.main,
}

if __name__ == "__main__":
    serve({"index": index, **apps})
    if sys.argv[1:] == ["window"]:
        launch(index)
        run()
    else:
        print(program.launcher().server.url("/"), flush=True)
        start()
