"""`AssetStore`: the scripts, styles and data blobs that all sessions share, and which module needs which."""

from __future__ import annotations

import json
import sys
import urllib.parse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from deskapp._content_tag import content_tag
from deskapp.assets._asset import Asset, AssetSource, Bundle, check_asset_name, check_file_name, is_url
from deskapp.errors import AssetExists, AssetMissing, ExportFailed
from deskapp.paths import write_files

SHARED_ASSETS = "deskapp/assets/shared/"
SHARED_DATA = "deskapp/data/shared/"
MANIFEST_NAME = "deskapp-export.json"


class ModuleSource(Protocol):
    """Whatever knows the JavaScript modules; the bridge's module graph implements it."""

    @property
    def modules(self) -> Mapping[str, object]: ...

    def update_modules(self) -> None: ...


class AssetStore:
    """Shared assets and data, kept for as long as the process lives.

    Names are the only key; nothing is ever read from disk, so no name can leave the store.
    """

    def __init__(self) -> None:
        self._assets: dict[str, Asset] = {}
        self._bundles: dict[str, Bundle] = {}
        self._associated: dict[str, list[str]] = {}
        self._data: dict[str, bytes] = {}
        self._data_tags: dict[str, str] = {}
        self._used: set[str] = set()
        self._find_modules: Callable[[], ModuleSource] | None = None

    def __repr__(self) -> str:
        return f"<AssetStore with {len(self._assets)} assets and {len(self._data)} data>"

    # Assets

    def add_shared_asset(self, asset_name: str, source: AssetSource = None) -> str:
        """Register an asset without loading it in any page.

        Args:
            asset_name: For example ``"foo.js"`` or ``"spam/bar.css"``; a URL makes the asset remote.
            source: See `Asset`.

        Returns:
            The URL at which the asset can be had, relative to the page.

        Raises:
            AssetExists: The name is taken.
            TypeError: See `Asset`.
            ValueError: See `Asset`.
        """
        asset = Asset(asset_name, source)
        if asset.name in self._assets:
            raise AssetExists(asset.name)
        self._assets[asset.name] = asset
        return asset_url(asset.name)

    def associate_asset(self, mod_name: str, asset_name: str, source: AssetSource = None) -> str:
        """Have pages load an asset as soon as they use JavaScript of a module.

        Meant to be written in that very module: ``app.assets.associate_asset(__name__, …)``.

        Args:
            mod_name: The Python module's name.
            asset_name: A registered asset, or the name (or URL) of a new one.
            source: The source of a new asset, see `Asset`.

        Returns:
            The URL at which the asset can be had, relative to the page.

        Raises:
            AssetMissing: The name is unknown and no source was given.
            TypeError: The name is registered, and a source was given as well.
        """
        if not isinstance(mod_name, str):
            raise TypeError(f"A module's name is a str, not {mod_name!r}.")
        if not isinstance(asset_name, str):
            raise TypeError(f"An asset's name is a str, not {asset_name!r}.")
        if is_url(asset_name):
            asset = Asset(asset_name, source)
            known = self._assets.get(asset.name)
            if known is None:
                self._assets[asset.name] = asset
            elif known.source != asset.source:
                raise AssetExists(asset.name)
            name = asset.name
        else:
            name = asset_name
            if name in self._assets:
                if source is not None:
                    raise TypeError(f"Asset {name!r} is registered already; associate it by its name alone.")
            elif source is None:
                check_asset_name(name)
                raise AssetMissing(name, "nothing was registered under that name, and no source was given")
            else:
                self.add_shared_asset(name, source)
        names = self._associated.setdefault(mod_name, [])
        if name not in names:
            names.append(name)
        return asset_url(name)

    def get_associated_assets(self, mod_name: str) -> tuple[str, ...]:
        """Names of the assets that belong to a module, in the order in which they were registered in the store.

        `Asset` objects among the module's global names belong to it, too, whether made there or imported.

        Raises:
            AssetExists: Such an object has the name of another asset.
        """
        self._take_in(mod_name)
        names = set(self._associated.get(mod_name, ()))
        return tuple(name for name in self._assets if name in names)

    def _take_in(self, mod_name: str) -> None:
        """Register and associate the `Asset` objects that a module holds."""
        for value in list(vars(sys.modules.get(mod_name, object)).values()):
            if not isinstance(value, Asset) or isinstance(value, Bundle):
                continue
            known = self._assets.setdefault(value.name, value)
            if known is not value and known.source != value.source:
                raise AssetExists(value.name)
            names = self._associated.setdefault(mod_name, [])
            if value.name not in names:
                names.append(value.name)

    def get_asset(self, name: str) -> Asset | None:
        """The asset or module bundle of that name, or None. From now on it counts as used, see `used_asset_names`."""
        asset = self._assets.get(name) or self._bundles.get(name)
        if asset is not None:
            self._used.add(name)
        return asset

    def get_asset_names(self) -> list[str]:
        """Names of all registered assets and module bundles, sorted."""
        return sorted({*self._assets, *self._bundles})

    @property
    def used_asset_names(self) -> list[str]:
        """Names of the assets that somebody has asked for, sorted."""
        return sorted(self._used)

    def put_bundle(self, bundle: Bundle) -> None:
        """Offer a bundle of module code under its name, in the place of an older one; a registered asset hides it."""
        self._bundles[bundle.name] = bundle

    # Data

    def add_shared_data(self, name: str, data: bytes) -> str:
        """Offer a blob (an image, say) to all pages.

        Returns:
            The URL at which it can be had, relative to the page.

        Raises:
            AssetExists: The name is taken.
            TypeError: `name` is no str, or `data` no bytes.
            ValueError: The name could not be a file in a folder.
        """
        if not isinstance(name, str):
            raise TypeError(f"The name of data is a str, not {name!r}.")
        if not isinstance(data, bytes):
            raise TypeError(f"Data {name!r} must be bytes, not {type(data).__name__}.")
        check_file_name(name)
        if name in self._data:
            raise AssetExists(name)
        self._data[name] = data
        return SHARED_DATA + urllib.parse.quote(name)

    def get_data(self, name: str) -> bytes | None:
        """The blob of that name, or None."""
        return self._data.get(name)

    def data_tag(self, name: str) -> str:
        """What changes with the content of a blob, worked out when it is first asked for; ``""`` if there is none."""
        if name in self._data and name not in self._data_tags:
            self._data_tags[name] = content_tag(self._data[name])
        return self._data_tags.get(name, "")

    def get_data_names(self) -> list[str]:
        """Names of all blobs, sorted."""
        return sorted(self._data)

    # Modules

    def attach_modules(self, find: Callable[[], ModuleSource]) -> None:
        """Say who knows the JavaScript modules; done once, where the parts are put together.

        Args:
            find: Returns it; called when somebody asks for modules.
        """
        self._find_modules = find

    @property
    def modules(self) -> Mapping[str, object]:
        """The JavaScript modules made so far, by name; each comes from one Python module.

        Sessions make the modules of the classes that they use, and those come into the bundles of their packages.
        """
        return dict(self._find_modules().modules) if self._find_modules is not None else {}

    def update_modules(self) -> None:
        """Make the modules of all component classes that have none yet; that much is only done once.

        Raises:
            TranspileError: A method of one of them cannot become JavaScript.
        """
        if self._find_modules is not None:
            self._find_modules().update_modules()

    # Files

    def dump(self, *, which: Callable[[Asset], bool] | None = None) -> dict[str, bytes]:
        """Assets and data as relative path → content, each at the address that was given out for it.

        Args:
            which: Says of an asset whether to include it; by default every one that is not remote, but one whose text a
                function makes only if it was asked for.
        """
        which = which if which is not None else self._is_at_hand
        files: dict[str, bytes] = {}
        for name, asset in self._assets.items():
            if which(asset):
                files[SHARED_ASSETS + name] = asset.to_string().encode()
        for name, data in self._data.items():
            files[SHARED_DATA + name] = data
        return files

    def _is_at_hand(self, asset: Asset) -> bool:
        return not asset.remote and (isinstance(asset.source, str) or asset.name in self._used)

    def export(self, dirname: str | Path, clear: bool = False) -> None:
        """Write what `dump` returns below a folder.

        A list of the files lies beside them (``deskapp-export.json``).

        Args:
            dirname: The folder; it is made if its parent exists. ``~`` is the user's home.
            clear: Remove what an earlier export wrote there and this one does not; nothing else is ever removed.

        Raises:
            ValueError: The parent folder does not exist.
            ExportFailed: It cannot be written there; what was there is unchanged.
        """
        folder = Path(dirname).expanduser()
        if not folder.parent.is_dir():
            raise ValueError(f"Cannot export to {str(folder)!r}: there is no folder {str(folder.parent)!r}.")
        files = self.dump()
        earlier = _listed_in(folder / MANIFEST_NAME) - set(files)
        listed = sorted({*files, *(() if clear else earlier)})
        try:
            write_files(folder, {**files, MANIFEST_NAME: json.dumps({"files": listed}, indent=1).encode()})
        except OSError as error:
            raise ExportFailed(str(dirname), error) from error
        for path in earlier if clear else ():
            target = folder / path
            if folder.resolve() in target.resolve().parents:
                target.unlink(missing_ok=True)


def asset_url(name: str) -> str:
    """Where a page finds a shared asset, relative to the page."""
    return SHARED_ASSETS + urllib.parse.quote(name)


def _listed_in(manifest: Path) -> set[str]:
    try:
        listed = json.loads(manifest.read_text(encoding="utf-8"))["files"]
        return {path for path in listed if isinstance(path, str) and path.startswith((SHARED_ASSETS, SHARED_DATA))}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
