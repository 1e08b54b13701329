"""Functions whose pages lose their connection, are loaded anew and closed. No arguments; ends on ``stop``."""

from __future__ import annotations

from deskapp import app, serve
from deskapp.errors import SessionClosedException
from deskapp.input import TEXT, input
from deskapp.output import put_button, put_text
from deskapp.session import defer_call, local
from tests.desktop.programs.say import obey, run_and_tell, say


def asks() -> None:
    """Show, ask, show."""
    defer_call(lambda: say("deferred", asked=local.asked))
    put_text("shown before")
    put_button("count", onclick=lambda: put_text("clicked"))
    try:
        local.asked = input("Name", type=TEXT)
    except SessionClosedException as error:
        say("closed", code=error.code)
        raise
    put_text(f"Hello {local.asked}")


serve(asks)
say("serving", url=app.launcher().server.url("/asks/"))
obey({"stop": app.stop})
run_and_tell(app.start)
