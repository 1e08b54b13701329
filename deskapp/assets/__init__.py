"""Scripts, styles and data that pages load."""

from __future__ import annotations

from deskapp.assets._asset import Asset, Bundle, check_file_name
from deskapp.assets._order import in_order, name_order
from deskapp.assets._store import SHARED_ASSETS, SHARED_DATA, AssetStore, asset_url

__all__ = [
    "SHARED_ASSETS",
    "SHARED_DATA",
    "Asset",
    "AssetStore",
    "Bundle",
    "asset_url",
    "check_file_name",
    "in_order",
    "name_order",
]
