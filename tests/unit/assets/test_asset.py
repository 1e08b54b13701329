from __future__ import annotations

import http.server
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskapp.assets import Asset, Bundle
from deskapp.bridge.js_code import JsModule
from deskapp.errors import AssetMissing
from tests.static_server import answering, serving


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A server that has lib.js."""
    (tmp_path / "lib.js").write_text("var lib = 'ü';", encoding="utf-8")
    with serving(tmp_path) as address:
        yield address


def test_an_asset_is_its_code() -> None:
    asset = Asset("spam/foo.js", "var a;")
    assert (asset.name, asset.source, asset.remote, asset.to_string()) == ("spam/foo.js", "var a;", False, "var a;")
    assert repr(asset) == "<Asset 'spam/foo.js'>"


def test_a_function_is_called_once_and_late() -> None:
    calls: list[int] = []

    def source() -> str:
        calls.append(1)
        return "x"

    asset = Asset("foo.css", source)
    assert not calls
    assert (asset.to_string(), asset.to_string(), calls) == ("x", "x", [1])
    with pytest.raises(ValueError, match="not a str"):
        Asset("foo.css", lambda: 3).to_string()  # type: ignore[arg-type, return-value]


def test_a_url_names_a_remote_asset() -> None:
    asset = Asset("https://cdn.example/x/lib.min.js?v=3")
    assert (asset.name, asset.remote, asset.source) == ("lib.min.js", True, "https://cdn.example/x/lib.min.js?v=3")
    assert Asset("lib.js", "http://cdn.example/other").remote


@pytest.mark.parametrize(
    ("name", "source", "error"),
    [
        (3, "x", TypeError),
        ("foo.js", None, TypeError),
        ("foo.js", 3, TypeError),
        ("foo.js", "file:///etc/passwd", TypeError),
        ("http://cdn.example/lib.js", "x", TypeError),
        ("foo.txt", "x", ValueError),
        ("http://cdn.example/lib", None, ValueError),
        ("../foo.js", "x", ValueError),
        ("/foo.js", "x", ValueError),
        ("\ud800.js", "x", ValueError),
        ("a//foo.js", "x", ValueError),
        ("a\\foo.js", "x", ValueError),
        ("c:foo.js", "x", ValueError),
    ],
)
def test_what_can_be_no_asset(name: Any, source: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Asset(name, source)


def test_a_remote_asset_can_be_fetched(address: str) -> None:
    assert Asset(address + "/lib.js").to_string() == "var lib = 'ü';"
    with pytest.raises(AssetMissing, match="cannot be read"):
        Asset(address + "/none.js").to_string()


class Odd(http.server.BaseHTTPRequestHandler):
    """Answers as its path says, which is not always as HTTP has it."""

    def do_GET(self) -> None:
        if self.path == "/nonsense.js":
            self.wfile.write(b"this is no HTTP\r\n\r\n")
            return
        content = "ü".encode("latin-1")
        self.send_response(200)
        self.send_header("Content-Type", f"text/javascript; charset={self.path[1:-3]}")
        self.send_header("Content-Length", str(len(content) + (5 if self.path == "/short.js" else 0)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None: ...


def test_remote_text_is_read_in_the_encoding_that_its_server_names() -> None:
    with answering(Odd) as address:
        assert Asset(f"{address}/latin-1.js").to_string() == "ü"


@pytest.mark.parametrize("name", ["nonsense.js", "short.js", "utf-8.js", "klingon.js"])
def test_what_comes_broken_is_an_error_that_names_asset_and_address(name: str) -> None:
    with answering(Odd) as address, pytest.raises(AssetMissing, match=f"{name}.*{address}/{name} cannot be read"):
        Asset(f"{address}/{name}").to_string()


def test_an_address_where_nobody_listens_is_an_error() -> None:
    with pytest.raises(AssetMissing, match="cannot be read"):
        Asset("http://127.0.0.1:1/lib.js").to_string()


@pytest.mark.parametrize("url", ["http://cdn.example/", "http://cdn.example/lib?x=.js", "http://[::1/lib.js"])
def test_a_url_that_names_no_asset_is_in_the_error(url: str) -> None:
    with pytest.raises(ValueError, match=re.escape(url)):
        Asset(url)


@pytest.mark.parametrize(
    ("link", "local", "remote"),
    [
        (0, '<script id="a.js">x</script>', None),
        (1, '<script id="a.js">x</script>', '<script src="http://c.example/b.js" id="b.js"></script>'),
        (2, '<script src="p/a.js" id="a.js"></script>', '<script src="p/b.js" id="b.js"></script>'),
        (3, '<script src="p/a.js" id="a.js"></script>', '<script src="http://c.example/b.js" id="b.js"></script>'),
    ],
)
def test_pages_include_it(link: int, local: str, remote: str | None) -> None:
    assert Asset("a.js", "x").to_html("p/{}", link) == local
    if remote is not None:
        assert Asset("http://c.example/b.js").to_html("p/{}", link) == remote


def test_styles_are_links_and_style_elements() -> None:
    asset = Asset("a.css", "x\ny")
    assert asset.to_html() == '<link rel="stylesheet" type="text/css" href="a.css" id="a.css" />'
    assert asset.to_html(link=0, nonce="n1") == '<style id="a.css" nonce="n1">\nx\ny\n</style>'
    with pytest.raises(ValueError, match="link must be"):
        asset.to_html(link=4)


def test_embedded_code_cannot_end_its_element() -> None:
    text = Asset("a.js", "var a = '</script><!--';").to_html(link=0)
    assert text.count("</script>") == 1
    assert "<!--" not in text


def test_embedded_code_has_the_line_ends_that_browsers_make() -> None:
    asset = Asset("a.js", "a;\r\nb;\rc;")
    assert asset.to_embedded() == "\na;\nb;\nc;\n"
    assert asset.to_html(link=0) == f'<script id="a.js">{asset.to_embedded()}</script>'


def test_extensions_may_be_written_in_capitals() -> None:
    assert Asset("A.JS", "x").to_html("p/{}", 2) == '<script src="p/A.JS" id="A.JS"></script>'
    assert Asset("A.CSS", "x").to_html(link=0) == '<style id="A.CSS">x</style>'


def test_names_are_escaped() -> None:
    assert "q%20&#x27;" not in Asset("q '.js", "x").to_html("p/{}", 2)
    assert 'src="p/q%20%27.js"' in Asset("q '.js", "x").to_html("p/{}", 2)


def test_a_bundle_joins_assets_and_modules_in_order() -> None:
    bundle = Bundle("pkg.js")
    bundle.add_module(JsModule("pkg.b", ("pkg.a", "other"), "B"))
    assert bundle.to_string() == "B"
    bundle.add_module(JsModule("pkg.a$2", ("pkg.a",), "A2"))
    bundle.add_module(JsModule("pkg.a", (), "A"))
    bundle.add_asset(Asset("x.js", "X"))
    assert bundle.to_string() == "X\n\nA\n\nB\n\nA2"
    assert bundle.deps == ("other",)
    assert [each.name for each in bundle.assets] == ["x.js"]
    assert [each.name for each in bundle.modules] == ["pkg.a", "pkg.b", "pkg.a$2"]


def test_a_style_bundle_joins_styles() -> None:
    bundle = Bundle("pkg.mod-all.css")
    bundle.add_module(JsModule("pkg.mod", (), "A", "a {}"))
    bundle.add_module(JsModule("pkg.mod.sub", (), "B"))
    assert bundle.to_string() == "a {}"


def test_what_does_not_belong_into_a_bundle() -> None:
    bundle = Bundle("pkg.js")
    with pytest.raises(TypeError, match="no bundles"):
        bundle.add_asset(Bundle("pkg.x.js"))
    with pytest.raises(ValueError, match="does not belong"):
        bundle.add_module(JsModule("pkgs", (), ""))
