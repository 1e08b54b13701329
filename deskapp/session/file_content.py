"""What is in a file that the user is given, as programs hand it over."""

from __future__ import annotations


def file_content(content: bytes | bytearray | memoryview, what: str) -> bytes:
    """The content as bytes of its own.

    Args:
        content: The content.
        what: Who was given it, for example ``"download()"``.

    Raises:
        TypeError: It is no bytes.
    """
    if not isinstance(content, bytes | bytearray | memoryview):
        hint = "; write text.encode() for a text" if isinstance(content, str) else ""
        raise TypeError(f"{what} takes bytes as content, not {type(content).__name__}{hint}")
    return bytes(content)
