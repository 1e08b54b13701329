"""Scripts, styles and data that pages load."""

from __future__ import annotations

from deskapp.assets._asset import Asset, Bundle
from deskapp.assets._order import in_order, name_order
from deskapp.assets._store import AssetStore

__all__ = ["Asset", "AssetStore", "Bundle", "in_order", "name_order"]
