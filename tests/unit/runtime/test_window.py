"""Windows as values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deskapp.errors import ConfigError
from deskapp.runtime.window import WindowMode, WindowSpec

URL = "http://127.0.0.1:8000/app/#k=ticket"


def test_a_spec_survives_the_way_to_the_host() -> None:
    spec = WindowSpec(URL, title="ü", x=1, y=2, mode=WindowMode.KIOSK, icon=Path("/a/b.png"), confirm_close=True)
    assert WindowSpec.from_wire(json.loads(json.dumps(spec.to_wire()))) == spec
    plain = WindowSpec(URL)
    assert WindowSpec.from_wire(json.loads(json.dumps(plain.to_wire()))) == plain


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("width", {"width": 0}),
        ("height", {"height": 32_001}),
        ("background", {"background": "red"}),
        ("background", {"background": "#1234"}),
        ("x, y", {"x": 3}),
    ],
)
def test_a_value_out_of_range_is_refused_by_name(key: str, values: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as caught:
        WindowSpec(URL, **values)  # type: ignore[arg-type]
    assert caught.value.key == key


@pytest.mark.parametrize("url", ["", "data:text/html,x", "/etc/passwd", "index.html", "javascript:1"])
def test_only_addresses_of_the_web_and_of_files_are_loaded(url: str) -> None:
    with pytest.raises(ConfigError, match="http://"):
        WindowSpec(url)


def test_a_window_may_be_smaller_than_the_default_smallest_size() -> None:
    spec = WindowSpec(URL, width=150, height=100)
    assert (spec.min_width, spec.min_height) == (150, 100)
