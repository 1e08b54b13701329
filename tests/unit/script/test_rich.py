"""Markdown, HTML, pictures, links and messages in boxes: what the page is told, and what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from deskapp import app
from deskapp.bridge import messages
from deskapp.output import (
    put_error,
    put_html,
    put_image,
    put_info,
    put_link,
    put_markdown,
    put_success,
    put_text,
    put_warning,
)
from deskapp.script.rich import dedented
from tests.unit.script.showing import Stage, library_folder, stage

__all__ = ["library_folder", "stage"]

PNG = b"\x89PNG\r\n\x1a\n and so on"


class Picture:
    """Saves itself as those of Pillow do."""

    format: str | None = None

    def save(self, fp: io.BytesIO, format: str | None = None) -> None:
        fp.write(f"saved as {format}".encode())


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("one\ntwo", "one\ntwo"),
        ("one\n    two\n      three\n\n    four", "one\ntwo\n  three\n\nfour"),
        ("\n\tone\n\t\ttwo\n\t", "\none\n\ttwo\n"),
        ("    one\n    two", "one\ntwo"),
        ("  only", "  only"),
        ("one\n    two\nthree", "one\n    two\nthree"),
        ("one\n\n", "one\n\n"),
        ("one\n \ttwo\n  three", "one\n\ttwo\n three"),
        ("", ""),
    ],
)
def test_an_indentation_that_all_lines_have_is_taken_away(text: str, bare: str) -> None:
    assert dedented(text) == bare


async def test_markdown_brings_what_it_needs(stage: Stage) -> None:
    def show() -> None:
        put_markdown("""# Title
            text""")
        put_markdown("a\n    b", lstrip=False, sanitize=False, options={"breaks": True})
        put_markdown("```python\n1\n```")

    shown = await stage.show(show)
    assert [props for _, props in shown.specs][:2] == [
        {"text": "# Title\ntext", "sanitize": True, "options": {}},
        {"text": "a\n    b", "sanitize": False, "options": {"breaks": True}},
    ]
    defined = [message.name for message in shown.page.of(messages.DEFINE)]
    for name in ("markdown", "sanitizer", "highlighter"):
        assert f"deskapp.script.{name}" in defined


class Html:
    def __html__(self) -> str:
        return "<b>1</b>"


class Repr:
    def _repr_html_(self) -> str:
        return "<i>2</i>"


class Nothing:
    def _repr_html_(self) -> None:
        return None


async def test_html_comes_as_text_or_from_what_has_it(stage: Stage) -> None:
    shown = await stage.show(lambda: [put_html("<u>0</u>"), put_html(Html()), put_html(Repr())])
    assert [(kind, props["html"]) for kind, props in shown.specs] == [
        ("html", "<u>0</u>"),
        ("html", "<b>1</b>"),
        ("html", "<i>2</i>"),
    ]


async def test_html_that_is_not_sanitised_is_shown_in_a_frame(stage: Stage) -> None:
    shown = await stage.show(lambda: put_html("<script>1</script>", sanitize=False))
    assert [kind for kind, _ in shown.specs] == ["frame"]


async def test_what_sanitising_leaves_out_is_logged_once(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    def main() -> None:
        for text in ("<b>bold</b>", "<SCRIPT>1</SCRIPT>", "a<script src='x'>", "<iframe src='x'>", "a < script"):
            put_html(text)

    await stage.show(main)
    said = [record.getMessage().partition(";")[0] for record in caplog.records if record.name == "deskapp.script"]
    assert said == ["put_html() leaves <script> out", "put_html() leaves <iframe> out"]


async def test_pictures_travel_as_bytes_with_their_type(stage: Stage, tmp_path: Path) -> None:
    file = tmp_path / "drawn.svg"
    file.write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    gif = Picture()
    gif.format = "GIF"

    def show() -> None:
        put_image("https://example.com/a.png", title="<a>", width=50, height="10%")
        put_image(PNG)
        put_image(bytearray(b"\xff\xd8\xff0"), width="3em")
        put_image(memoryview(b"unknown"), format="JPG", width="auto")
        put_image(b"RIFF0000WEBPVP8")
        put_image(b"0000ftypavif")
        put_image(file)
        put_image(Picture())
        put_image(gif)
        put_image(gif, "jpg")

    shown = await stage.show(show)
    first, *others = [props for _, props in shown.specs]
    assert first == {"title": "<a>", "width": "50px", "height": "10%", "url": "https://example.com/a.png"}
    assert [(props["type"], bytes(props["content"])[:13]) for props in others] == [
        ("image/png", PNG[:13]),
        ("image/jpeg", b"\xff\xd8\xff0"),
        ("image/jpeg", b"unknown"),
        ("image/webp", b"RIFF0000WEBPV"),
        ("image/avif", b"0000ftypavif"),
        ("image/svg+xml", b"<svg xmlns='h"),
        ("image/png", b"saved as PNG"),
        ("image/gif", b"saved as GIF"),
        ("image/jpeg", b"saved as JPEG"),
    ]
    assert others[1]["width"] == "3em"


async def test_pictures_of_pillow_keep_what_can_be_seen_through(stage: Stage) -> None:
    picture = Image.new("RGBA", (3, 2), (255, 0, 0, 100))
    shown = await stage.show(lambda: put_image(picture))
    assert shown.props["type"] == "image/png"
    found = Image.open(io.BytesIO(shown.props["content"]))
    assert (found.size, found.getpixel((0, 0))) == ((3, 2), (255, 0, 0, 100))


async def test_a_link_leads_to_an_address_or_to_an_app(stage: Stage) -> None:
    app.App(lambda: None).serve("other")

    def show() -> None:
        put_link("<b>", "https://example.com/?a=1")
        put_link("mail", "mailto:a@example.com", new_window=True)
        put_link("relative", "next?x=1")

    shown = await stage.show(show)
    assert [(props["text"], props["url"], props["window"]) for _, props in shown.specs] == [
        ("<b>", "https://example.com/?a=1", False),
        ("mail", "mailto:a@example.com", True),
        ("relative", "next?x=1", False),
    ]
    count = stage.harness.launcher.windows.count
    shown = await stage.show(lambda: put_link("app", app="other", new_window=True))
    shown.report(shown.props["on"])
    await stage.harness.until(lambda: stage.harness.launcher.windows.count == count + 2)
    assert shown.run.holds


async def test_a_box_takes_in_what_is_shown_in_its_block_and_can_be_closed(stage: Stage) -> None:
    def show() -> list[str]:
        with put_success("begin") as scope:
            put_text("inside")
        with put_info(closable=True) as other:
            pass
        put_warning(put_text("taken"), 3)
        put_error()
        return [scope, other]

    shown = await stage.show(show)
    ((first, second),) = shown.returned
    kinds = [(kind, props.get("color"), props.get("children")) for kind, props in shown.specs]
    assert [kind[:2] for kind in kinds] == [
        ("alert", "success"),
        ("text", None),
        ("alert", "info"),
        ("alert", "warning"),
        ("alert", "danger"),
    ]
    assert kinds[0][2] == ["begin"]
    assert kinds[3][2][0][1] == "text"
    assert kinds[3][2][1] == "3"
    assert shown.told("put")[1][1] == first
    scopes = shown.run.page.scopes
    assert second in scopes
    shown.report(shown.specs[2][1]["on"])
    await stage.harness.until(lambda: second not in scopes)
    assert shown.specs[0][1]["on"] is None


@pytest.mark.parametrize(
    ("call", "kind", "why"),
    [
        (lambda: put_markdown(3), TypeError, "takes a text, not 3"),  # type: ignore[arg-type]
        (lambda: put_markdown("a", strip_indent=4), TypeError, "no parameter 'strip_indent'; lstrip=True"),
        (lambda: put_markdown("a", other=4), TypeError, "no parameter 'other'"),
        (lambda: put_markdown("a", options={"gmf": True}), ValueError, "no option 'gmf'; there are gfm"),
        (lambda: put_html(3), TypeError, "takes a text, or an object"),
        (lambda: put_html(Nothing()), TypeError, "takes a text, or an object"),
        (lambda: put_image(3), TypeError, "takes an address, bytes"),  # type: ignore[arg-type]
        (lambda: put_image(b""), ValueError, "gets no byte"),
        (lambda: put_image(""), ValueError, "needs an address"),
        (lambda: put_image("file:///a.png"), ValueError, "'file:'; give a file as pathlib"),
        (lambda: put_image("C:\\a.png"), ValueError, "'C:'; give a file as pathlib"),
        (lambda: put_image("java\nscript:1"), ValueError, "'javascript:'"),
        (lambda: put_image(Path("/not/there.png")), FileNotFoundError, "not/there"),
        (lambda: put_image(b"a", width="50px;color:red"), ValueError, "sizes like '50px'"),
        (lambda: put_image(b"a", height=-1), ValueError, "not -1"),
        (lambda: put_image(b"a", format="a/b c"), ValueError, "knows no format 'a/b c'"),
        (lambda: put_link("a"), ValueError, "either url=… or app=…"),
        (lambda: put_link("a", "b", "c"), ValueError, "either url=… or app=…"),
        (lambda: put_link("a", "javascript:alert(1)"), ValueError, "begins with 'javascript:'"),
        (lambda: put_link("a", " \x01Java\tScript:alert(1)"), ValueError, "begins with 'JavaScript:'"),
        (lambda: put_link("a", "data:text/html,1"), ValueError, "begins with 'data:'"),
        (lambda: put_link("a", 3), TypeError, "takes texts as url and app, not 3"),  # type: ignore[arg-type]
        (lambda: put_link("a", app="nowhere"), LookupError, "no app 'nowhere'"),
        (lambda: put_info("a", scope="nowhere"), LookupError, "no scope 'nowhere'"),
    ],
)
async def test_what_cannot_be_shown_is_refused_in_the_call(
    stage: Stage, call: Callable[[], Any], kind: type[Exception], why: str
) -> None:
    with pytest.raises(kind, match=why):
        await stage.show(call)
