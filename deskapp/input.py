"""What a function asks the one who looks at its page.

    from deskapp.input import NUMBER, input, input_group

    age = input("How old are you?", type=NUMBER, required=True)

Each function shows a form and waits for its answer. On the loop it returns what is to be awaited. The newest form is on
top; an earlier one that is still open comes back when that is done. All of them raise `SessionNotFoundException` where
the calling code belongs to no session, and `SessionClosedException` when its session ends.
"""

from deskapp._choices import choose_folder, open_file, save_file
from deskapp.script.inputs import (
    COLOR,
    DATE,
    DATETIME,
    DATETIME_LOCAL,
    EMAIL,
    FLOAT,
    NUMBER,
    PASSWORD,
    TEXT,
    TIME,
    URL,
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
from deskapp.script.uploads import UploadedFile

__all__ = [
    "COLOR",
    "DATE",
    "DATETIME",
    "DATETIME_LOCAL",
    "EMAIL",
    "FLOAT",
    "NUMBER",
    "PASSWORD",
    "TEXT",
    "TIME",
    "URL",
    "UploadedFile",
    "actions",
    "checkbox",
    "choose_folder",
    "file_upload",
    "input",
    "input_group",
    "input_update",
    "open_file",
    "radio",
    "save_file",
    "select",
    "slider",
    "textarea",
]
