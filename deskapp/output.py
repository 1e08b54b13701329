"""What a function shows in its page.

    from deskapp.output import put_text, put_buttons

Each `put_…` function shows something at once, in the current scope of the running code; given to another output it goes
into that one. All of them raise `SessionNotFoundException` where the calling code belongs to no session, and
`SessionClosedException` when its session has ended.
"""

from deskapp.script.basic import (
    clear,
    get_scope,
    put_button,
    put_buttons,
    put_code,
    put_file,
    put_scope,
    put_text,
    remove,
    scroll_to,
    set_scope,
    use_scope,
)
from deskapp.script.datatable import datatable_insert, datatable_remove, datatable_update, put_datatable
from deskapp.script.outputs import Output

__all__ = [
    "Output",
    "clear",
    "datatable_insert",
    "datatable_remove",
    "datatable_update",
    "get_scope",
    "put_button",
    "put_buttons",
    "put_code",
    "put_datatable",
    "put_file",
    "put_scope",
    "put_text",
    "remove",
    "scroll_to",
    "set_scope",
    "use_scope",
]
