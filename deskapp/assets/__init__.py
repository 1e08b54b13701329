"""Scripts, styles and data that pages load."""

from __future__ import annotations

from deskapp.assets._asset import Asset, Bundle, check_file_name
from deskapp.assets._order import in_order, name_order
from deskapp.assets._store import SHARED_ASSETS, AssetStore

__all__ = [
    "SHARED_ASSETS",
    "Asset",
    "AssetStore",
    "Bundle",
    "check_file_name",
    "in_order",
    "name_order",
]
