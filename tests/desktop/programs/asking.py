"""A program that asks: forms, fields that stay, files. Served."""

from __future__ import annotations

import hashlib
import threading
import time

import psutil

from deskapp import app, serve
from deskapp.input import (
    DATE,
    EMAIL,
    FLOAT,
    NUMBER,
    actions,
    checkbox,
    file_upload,
    input,
    input_group,
    input_update,
    radio,
    select,
    slider,
    textarea,
)
from deskapp.output import popup, put_button, put_text, toast
from deskapp.pin import (
    get_pin_values,
    pin,
    pin_on_change,
    pin_update,
    pin_wait_change,
    put_actions,
    put_checkbox,
    put_file_upload,
    put_input,
    put_select,
)
from deskapp.session import register_thread, set_env
from tests.desktop.programs.say import obey, run_and_tell, say

CITIES = {"north": ["Oslo", "Turku"], "south": ["Rome", "Nice"]}


def everything() -> None:
    """All kinds of fields in one form."""
    put_text("Everything at once")
    answer = input_group(
        "Every field",
        [
            input("Name", name="name", required=True, help_text="As you like"),
            input("Age", type=NUMBER, name="age", value=3, min=1, max=99, action=("Twice", lambda to: to(6))),
            input("Weight", type=FLOAT, name="weight"),
            input("Mail", type=EMAIL, name="mail"),
            input("Day", type=DATE, name="day"),
            textarea("Text", name="text", minlength=3),
            textarea("Program", name="code", rows=3, code={"mode": "python"}, value="x = 1"),
            select("Area", list(CITIES), name="area", onchange=lambda area: input_update("city", options=CITIES[area])),
            select("City", CITIES["north"], name="city"),
            select("Several", [1, 2, 3], name="several", multiple=True),
            checkbox("Boxes", [("x", None), "y"], name="boxes", inline=True),
            radio("One of", [("yes", True), ("no", False)], name="one", required=True),
            slider("Loud", name="loud", value=20, step=10),
            file_upload("Files", name="files", multiple=True, accept=".txt", max_size="1K"),
            actions("", [("Save", "save"), ("Again", None, "reset"), ("Away", None, "cancel")], name="do"),
        ],
        validate=lambda values: ("name", "Not Eve") if values["name"] == "Eve" else None,
    )
    files = [(file["filename"], file["content"].decode()) for file in answer.pop("files")]
    say("answer", files=files, **answer)


def in_turn() -> None:
    """Several questions, some at once."""
    set_env(input_panel_init_height=400)
    other = threading.Thread(target=lambda: say("second", value=input("Second")))
    register_thread(other)
    say("first", value=input("First", validate=check, onchange=lambda value: other.start() if value == "go" else None))
    other.join()
    set_env(input_panel_fixed=False, input_auto_focus=False)
    say("third", value=input_group("Third", [input("A", name="a")], cancelable=True))


def check(value: str) -> str | None:
    return None if len(value) > 2 else "Too short"


def staying() -> None:
    """Fields that stay in the page."""
    put_input("name", label="Name", value="Ada")
    put_input("count", type="number", label="Count")
    put_button("Beside", lambda: say("beside"))
    put_select("area", ["a", ("b", 2)], label="Area")
    put_checkbox("boxes", ["x", "y"], label="Boxes")
    put_actions("do", buttons=["go", "stop"])
    put_file_upload("file", label="File")
    pin_on_change("boxes", lambda value: say("boxes", value=value))
    pin.count = 41
    pin_update("area", options=["c", "d"], value="d", help_text="Another list")
    say("values", values=get_pin_values(["name", "count", "area", "boxes", "do", "file"]))
    for _ in range(3):
        change = pin_wait_change("name", "do", "file")
        say("change", name=change["name"], value=str(change["value"]))
    put_input("name", label="Another name", value="Eve")
    say("last", name=pin.name, content=pin.file["content"].decode())


def following() -> None:
    """Takes its time for each change of a field; then asks behind a popup."""
    put_input("text", label="Text")
    value = ""
    while value != "abcd":
        value = pin_wait_change("text")["value"]
        say("followed", value=value)
        time.sleep(0.5)
    popup("Above")
    toast("It was an error", color="error", duration=0)
    say("asked", value=input("Below"))


def uploading() -> None:
    """One large file; tells by how much the process grew while it came."""
    process, is_over = psutil.Process(), threading.Event()
    before = most = process.memory_info().rss

    def watch() -> None:
        nonlocal most
        while not is_over.wait(0.005):
            most = max(most, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    file = file_upload("Large", max_size="200M")
    is_over.set()
    watcher.join()
    digest = hashlib.sha256()
    with file.open() as stream:
        while piece := stream.read(2**20):
            digest.update(piece)
    say("uploaded", size=file.size_bytes, digest=digest.hexdigest(), grown_mib=(most - before) / 2**20)


for function in (everything, in_turn, staying, following, uploading):
    serve(function)
say("serving", url=app.launcher().server.url("/"))
obey({"stop": app.stop})
run_and_tell(app.start)
