"""A chat room: everybody has a window or a tab, reads what the others write, and sees who comes and goes."""

import asyncio
import sys
import time
import zlib
from collections import deque

from deskapp import call_soon, launch, run, serve, start
from deskapp.input import input
from deskapp.output import put_markdown, put_scope, put_scrollable, put_text, use_scope
from deskapp.session import defer_call, run_async, set_env

# The room belongs to no page: who is in it, with what they have not read yet, and what was said last.
inboxes: dict[str, asyncio.Queue] = {}
history = deque(maxlen=200)


async def main():
    set_env(title="Chat room", input_panel_min_height=120, output_animation=False)
    put_markdown("# Chat room")
    name = (await input("Your nickname", required=True, maxlength=24, validate=check_name)).strip()
    set_env(title=f"{name} – Chat room")
    put_scope("people")
    put_scrollable(put_scope("lines"), height=None, keep_bottom=True).style("height: calc(100vh - 19rem)")
    enter(name)
    defer_call(lambda: call_soon(leave, name))  # deferred functions have a thread of their own
    run_async(read(name))
    while True:
        tell(await input("Message", required=True, maxlength=2000), name)


def check_name(name):
    if not name.strip():
        return "Please write a name."
    if name.strip() in inboxes:
        return f"{name.strip()} is here already."


def enter(name):
    inboxes[name] = asyncio.Queue()
    for line in history:
        inboxes[name].put_nowait(line)
    tell(f"{name} is here")


def leave(name):
    del inboxes[name]
    tell(f"{name} has left")


def tell(text, name=""):
    """Put a line into everybody's inbox; a notice if it is nobody's."""
    line = (name, text, time.strftime("%H:%M"))
    history.append(line)
    for inbox in inboxes.values():
        inbox.put_nowait(line)


async def read(me):
    """Show one person what comes."""
    while True:
        name, text, at = await inboxes[me].get()
        if not name:
            with use_scope("people", clear=True):
                put_text("Here:", ", ".join(sorted(inboxes)))
        with use_scope("lines"):
            show(name, text, at, is_mine=name == me)


def show(name, text, at, is_mine):
    if not name:
        put_text(f"{text}, {at}").style("text-align: center; font-size: 0.85em; opacity: 0.75")
        return
    if is_mine:
        hue, side = 215, "margin-left: auto"
    else:
        hue, side = zlib.crc32(name.encode()) % 360, "margin-right: auto"
        put_text(f"{name}, {at}").style("font-size: 0.85em; opacity: 0.75; margin-bottom: 0.1rem")
    put_text(text).style(
        f"{side}; background: hsl({hue} 55% 30%); color: white;"
        "width: fit-content; max-width: 75%; padding: 0.4rem 0.9rem; border-radius: 1rem"
    )


if __name__ == "__main__":
    if "serve" in sys.argv:
        serve(main)
        start()
    else:
        for left in (60, 660):
            launch(main, title="Chat room", size=(560, 640), pos=(left, 100))
        run()
