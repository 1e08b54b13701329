"""Which picture stands for a product: its own, or deskapp's."""

from __future__ import annotations

from deskapp._icon import Icon
from deskapp.errors import AssetMissing, SpecError
from deskapp.freeze._spec import FreezeSpec
from deskapp.paths import resource


def product_icon(spec: FreezeSpec) -> Icon:
    """The picture of the product; deskapp's own if it has none.

    Raises:
        SpecError: Its file is not there, or is no kind of picture that is known.
    """
    if spec.icon is None:
        return Icon(resource("deskapp", "freeze", "templates", "icon.png"))
    try:
        return Icon(spec.icon)
    except AssetMissing as error:
        raise SpecError("icon", str(error)) from error
