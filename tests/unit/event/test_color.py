from __future__ import annotations

import pytest

from deskapp.event import Color
from deskapp.event._color import NAMES, color


@pytest.mark.parametrize("level", range(256))
def test_every_level_of_a_channel_survives_its_hexadecimal_form(level: int) -> None:
    text = f"#{level:02x}0000"
    assert color(text).hex == text


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_name_can_be_shaded(name: str) -> None:
    for prefix in ("light", "lighter", "dark", "darker"):
        assert isinstance(color(prefix + name), Color)


def test_a_shade_lies_a_third_or_two_thirds_on_the_way() -> None:
    assert color("lightblack").t == pytest.approx((0.33, 0.33, 0.33, 1))
    assert color("lighterblack").t == pytest.approx((0.66, 0.66, 0.66, 1))
    assert color("darkwhite").t == pytest.approx((0.67, 0.67, 0.67, 1))
    assert color("darkerwhite").t == pytest.approx((0.34, 0.34, 0.34, 1))


def test_spaces_and_case_do_not_matter() -> None:
    assert color("  #FfF ") == color("white")


def test_css_has_whole_channels_and_a_short_alpha() -> None:
    assert color((0.2, 0.4, 0.6, 1 / 3)).css == "rgba(51,102,153,0.333333)"


def test_a_colour_is_accepted_as_a_colour() -> None:
    assert color(color("#12345678")) == color("#12345678")


@pytest.mark.parametrize("text", ["brown", "greem", "#12345", "#1234567", "123456789", "light", "rgb(1,2,3", "rgb()"])
def test_a_text_that_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        color(text)
