"""HTML that is shown as it is, with its scripts: in a frame that has no part in the page around it."""

from __future__ import annotations

from deskapp.script.outputs import Output


def frame_output(
    html: str, what: str, *, scope: str | None = None, position: int = -1, height: int | None = None
) -> Output:
    """Show HTML that is not sanitised, without access to the page.

    Args:
        html: A document, or a part of one.
        what: The function that shows it, for messages.
        scope: Where it is shown; in the current scope when None.
        position: Before which thing there: 0 the first, -1 behind the last, negative ones count from the end.
        height: How high it is, in px; as high as frames are by themselves when None.
    """
    return Output(what, "frame", {"html": html, "height": height}, scope=scope, position=position)
