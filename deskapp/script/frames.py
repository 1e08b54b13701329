"""HTML that is shown as it is, with its scripts: in a frame that has no part in the page around it."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from deskapp._secret import new_secret
from deskapp.paths import resource
from deskapp.script.outputs import Output
from deskapp.script.page import current_page

if TYPE_CHECKING:
    from deskapp.script.page import ScriptPage

MAX_HEIGHT_PX = 100_000


def frame_output(
    html: str,
    what: str,
    *,
    title: str = "",
    scope: str | None = None,
    position: int = -1,
    height: int | None = None,
) -> Output:
    """Show HTML that is not sanitised. Its scripts run without access to the page, to its server and to the network.

    Args:
        html: A document, or a part of one.
        what: The function that shows it, for messages.
        title: What it is, for people who do not see it.
        scope: Where it is shown; in the current scope when None.
        position: Before which thing there: 0 the first, -1 behind the last, negative ones count from the end.
        height: How high it is, in px; as high as its content when None.

    Raises:
        TypeError: `html` is no text, or `height` no whole number.
        ValueError: `height` is out of bounds.
    """
    if not isinstance(html, str):
        raise TypeError(f"{what} takes HTML as a text, not {type(html).__name__}")
    if height is not None:
        if isinstance(height, bool) or not isinstance(height, int):
            raise TypeError(f"{what} takes a whole number of px as height, not {height!r}")
        if not 0 < height <= MAX_HEIGHT_PX:
            raise ValueError(f"{what} shows something 1 to {MAX_HEIGHT_PX} px high, not {height}")
    page = current_page(what)
    token, name = new_secret(), new_secret()
    url = page.run.session.add_frame(name, frame_document(html, token))
    gone = page.run.listen(lambda data, answer: page.run.session.remove_frame(name))
    try:
        props = {"url": url, "token": token, "title": title or "Embedded content", "height": height, "gone": gone}
        return Output(what, "frame", props, scope=scope, position=position)
    except BaseException:
        _forget(page, name, gone)
        raise


def frame_document(html: str, token: str) -> str:
    """The document of a frame: HTML after what tells the page how high it is.

    Args:
        html: The HTML.
        token: What its messages to the page begin with.
    """
    # The script comes first: nothing that the HTML leaves open can keep it from running.
    template = Template(resource("deskapp", "templates", "frame.html").read_text(encoding="utf-8"))
    return template.substitute(token=token, content=html)


def _forget(page: ScriptPage, name: str, gone: str) -> None:
    page.run.session.remove_frame(name)
    page.run.ignore(gone)
