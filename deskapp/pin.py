"""Fields that stay in the page, beside what is shown there.

    from deskapp.pin import pin, pin_wait_change, put_input

    put_input("name", label="Your name")
    put_buttons(["Greet"], lambda _: put_text("Hello", pin.name))

Reading a field and waiting for one block a thread; on the loop they return what is to be awaited.
"""

from deskapp.script.pin_fields import (
    put_actions,
    put_checkbox,
    put_file_upload,
    put_input,
    put_radio,
    put_select,
    put_slider,
    put_textarea,
)
from deskapp.script.pins import Pin, get_pin_values, pin_on_change, pin_update, pin_wait_change

pin = Pin()
"""The values of the fields of the present page: ``pin.name``, ``pin["name"]``."""

__all__ = [
    "get_pin_values",
    "pin",
    "pin_on_change",
    "pin_update",
    "pin_wait_change",
    "put_actions",
    "put_checkbox",
    "put_file_upload",
    "put_input",
    "put_radio",
    "put_select",
    "put_slider",
    "put_textarea",
]
