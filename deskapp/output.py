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
from deskapp.script.handles import OutputHandle, output
from deskapp.script.layout import (
    OutputPosition,
    Position,
    put_collapse,
    put_column,
    put_grid,
    put_row,
    put_scrollable,
    put_tabs,
    style,
)
from deskapp.script.outputs import Output
from deskapp.script.plots import put_plot
from deskapp.script.popups import Popup, PopupSize, close_popup, popup, toast
from deskapp.script.progress import put_loading, put_processbar, put_progressbar, set_processbar, set_progressbar
from deskapp.script.rich import (
    put_error,
    put_html,
    put_image,
    put_info,
    put_link,
    put_markdown,
    put_success,
    put_warning,
)
from deskapp.script.tables import put_table, span

__all__ = [
    "Output",
    "OutputHandle",
    "OutputPosition",
    "Popup",
    "PopupSize",
    "Position",
    "clear",
    "close_popup",
    "datatable_insert",
    "datatable_remove",
    "datatable_update",
    "get_scope",
    "output",
    "popup",
    "put_button",
    "put_buttons",
    "put_code",
    "put_collapse",
    "put_column",
    "put_datatable",
    "put_error",
    "put_file",
    "put_grid",
    "put_html",
    "put_image",
    "put_info",
    "put_link",
    "put_loading",
    "put_markdown",
    "put_plot",
    "put_processbar",
    "put_progressbar",
    "put_row",
    "put_scope",
    "put_scrollable",
    "put_success",
    "put_table",
    "put_tabs",
    "put_text",
    "put_warning",
    "remove",
    "scroll_to",
    "set_processbar",
    "set_progressbar",
    "set_scope",
    "span",
    "style",
    "toast",
    "use_scope",
]
