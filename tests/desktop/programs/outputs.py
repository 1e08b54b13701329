"""Shows one of everything in a page for browsers, with texts in it that would like to be HTML."""

from __future__ import annotations

import struct
import time
import zlib

from deskapp import app, serve
from deskapp.output import (
    clear,
    close_popup,
    output,
    popup,
    put_button,
    put_collapse,
    put_column,
    put_error,
    put_grid,
    put_html,
    put_image,
    put_info,
    put_link,
    put_loading,
    put_markdown,
    put_progressbar,
    put_row,
    put_scope,
    put_scrollable,
    put_table,
    put_tabs,
    put_text,
    set_progressbar,
    span,
    toast,
    use_scope,
)
from deskapp.session import eval_js, set_env
from tests.desktop.programs.say import obey, run_and_tell, say

BAD = "<img src=x onerror='window.harmed=1'><script>window.harmed=2</script>"

MARKDOWN = """
    # A *heading*

    Text with [a link](https://example.com), [a bad one](javascript:window.harmed=3) and [a way down](#down).

    | a | b |
    |---|---|
    | 1 | 2 |

    - [x] done

    ```python
    def f(): ...
    ```

    <b id="down">down</b> <i id="scope-ROOT">no root</i> <form action="https://example.com"><input></form>
    """


def png(width: int, height: int) -> bytes:
    """A grey picture: https://www.w3.org/TR/png/."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def main() -> None:
    set_env(title="Outputs")
    put_markdown(MARKDOWN + BAD)
    put_html(f"<u>HTML</u>{BAD}<style>body {{display: none}}</style><a href='//example.com'>out</a>")
    put_table([[span("A" + BAD, row=2), span("B", col=2)], ["c", "d"], ["line\nbreak", BAD, put_text("output")]])
    put_row([put_text("left"), None, "right"], size="100px 10px 1").style("outline: 1px solid")
    put_column(["over", None, "under"])
    put_grid([["a", "b"], [span("wide", col=2)]], cell_width="50px")
    put_image(png(40, 20), title=BAD, width="80px")
    put_link(BAD, "https://example.com/", new_window=True)
    put_link("other", app="other")
    put_info(BAD, put_text("second"), closable=True)
    with put_error():
        put_text("went wrong")
    put_tabs([{"title": title, "content": f"{title} content"} for title in ("One", "Two", BAD)])
    with put_collapse("Opens " + BAD):
        put_text("was hidden")
    with put_scrollable(put_scope("lines"), height=100, keep_bottom=True):
        for number in range(50):
            put_text("line", number, scope="lines")
    put_progressbar("bar", 0.25)
    set_progressbar("bar", 0.5, label="half")
    put_progressbar("closes", auto_close=True)
    set_progressbar("closes", 1)
    with put_loading():
        put_text("is loading")
        say("loading", shown=eval_js("document.body.innerText.includes('is loading')"))
    handle = output("one", put_text("two"))
    put_row(["Handle:", handle])
    handle.append("three")
    handle.insert(0, put_markdown("**zero**"))
    handle.replace(2, "TWO")
    put_button("Popup", ask)
    put_button("Toast", lambda: toast(BAD, 0, "right", "#ffcc00", onclick=lambda: say("toasted")))
    put_button("Many", many)
    put_text("שלום.")
    put_markdown("**שלום.**\n\n" + "|Heading" * 30 + "|\n" + "|---" * 30 + "|")
    put_progressbar("long", 0.5, "a long label " * 30)
    put_button("long" * 100, many)
    put_button(" ", many, small=True)
    put_button("Small", many, small=True)
    say("shown", harmed=eval_js("window.harmed || 0"))


def ask() -> None:
    with popup("Really? " + BAD) as scope:
        put_text("inside")
        put_button("Yes", lambda: [say("yes"), close_popup()])
        put_button("Again", lambda: popup("Locked", "stays", "small", closable=False))
    say("popup", scope=scope)


def many() -> None:
    """Tables and pictures that replace each other."""
    put_scope("many")
    begun = time.perf_counter()
    for number in range(200):
        with use_scope("many", clear=True):
            put_table([[f"{number} {line} {place}" for place in range(5)] for line in range(10)])
            put_image(png(4, 4))
    cells = eval_js("document.querySelectorAll('#scope-many td').length")
    clear("many")
    say("many", cells=cells, s=time.perf_counter() - begun)


def other() -> None:
    put_text("the other app")


serve(other)
serve(main, "app")
say("serving", url=app.launcher().server.url("/app/"))
obey({"stop": app.stop})
run_and_tell(app.start)
