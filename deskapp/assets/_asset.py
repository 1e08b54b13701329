"""`Asset` and `Bundle`: a piece of JavaScript or CSS, where its text comes from, and how a page includes it."""

from __future__ import annotations

import html
import re
import urllib.parse
from collections.abc import Callable, Sequence
from typing import Protocol

from deskapp.assets._fetch import fetched_text
from deskapp.assets._order import Dependent, in_order

AssetSource = str | Callable[[], str] | None


class ModuleText(Dependent, Protocol):
    """What a `Bundle` needs to know of a JavaScript module."""

    def get_js(self) -> str: ...

    def get_css(self) -> str: ...


class Asset:
    """A script or a style sheet that pages can include.

    Args:
        name: Ends in ``.js`` or ``.css``; may contain slashes. Given a URL, the asset is remote and is named after the
            URL's last part.
        source: The code; or a URL starting with ``http://`` or ``https://``; or a function returning the code, which is
            called once, when the text is first needed.

    Raises:
        TypeError: `name` is no str, or `source` is missing or of a wrong kind.
        ValueError: `name` has another extension, or would leave its folder.
    """

    def __init__(self, name: str, source: AssetSource = None) -> None:
        if not isinstance(name, str):
            raise TypeError(f"An asset's name is a str, not {name!r}.")
        if is_url(name):
            if source is not None:
                raise TypeError(f"Asset {name!r} is named by its URL and cannot have another source.")
            name, source = _name_in_url(name), name
        check_asset_name(name)
        if source is None:
            raise TypeError(f"Asset {name!r} needs a source: its code, a URL, or a function that returns the code.")
        if isinstance(source, str):
            if source.startswith("file://"):
                raise TypeError(f"Asset {name!r} cannot come from {source!r}: read the file and give its text.")
        elif not callable(source):
            raise TypeError(f"The source of asset {name!r} is a str or a function, not {source!r}.")
        self._name = name
        self._source = source
        self._remote = isinstance(source, str) and is_url(source)
        self._text: str | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._name!r}{' (remote)' if self._remote else ''}>"

    @property
    def name(self) -> str:
        """The file name of this asset, with slashes if it lies in a folder."""
        return self._name

    @property
    def source(self) -> str | Callable[[], str]:
        """The code, the URL, or the function that returns the code."""
        return self._source

    @property
    def remote(self) -> bool:
        """Whether the page loads this from another server; `source` is the URL then."""
        return self._remote

    @property
    def is_script(self) -> bool:
        """Whether it is JavaScript; else it is a style sheet."""
        return self._name.lower().endswith(".js")

    def to_string(self) -> str:
        """Return the code, fetched (and kept) if the asset is remote.

        Raises:
            AssetMissing: The URL cannot be read: nothing comes for 5 s, all of it has not come after 60 s, or it is
                larger than 32 MiB.
            ValueError: The source function returned something that is no str.
        """
        if self._text is None:
            if self._remote:
                self._text = fetched_text(self._name, str(self._source))
            elif callable(self._source):
                text = self._source()
                if not isinstance(text, str):
                    raise ValueError(f"The source function of asset {self._name!r} returned {text!r}, not a str.")
                self._text = text
            else:
                self._text = self._source
        return self._text

    def to_embedded(self) -> str:
        """Return the code as it stands inside an element of a page; what a hash in the page's policy is made of.

        Raises:
            AssetMissing: As of `to_string`.
        """
        code = _embeddable(self.to_string(), "script" if self.is_script else "style")
        edge = "\n" if "\n" in code else ""
        return f"{edge}{code}{edge}"

    def to_html(self, path: str = "{}", link: int = 3, *, nonce: str = "") -> str:
        """Return the element that includes this asset in a page.

        Args:
            path: Where our server has it; ``{}`` stands for the name.
            link: 0 embeds it; 1 embeds it unless it is remote; 2 links to `path`; 3 links to `path`, or to the URL of a
                remote asset.
            nonce: Value of the ``nonce`` attribute that the page's policy asks for.
        """
        if link not in (0, 1, 2, 3):
            raise ValueError(f"link must be 0, 1, 2 or 3, not {link!r}.")
        is_js = self.is_script
        attributes = f' id="{html.escape(self._name)}"' + (f' nonce="{html.escape(nonce)}"' if nonce else "")
        if link == 0 or (link == 1 and not self._remote):
            tag = "script" if is_js else "style"
            return f"<{tag}{attributes}>{self.to_embedded()}</{tag}>"
        here = path.replace("{}", urllib.parse.quote(self._name))
        url = str(self._source) if self._remote and link != 2 else here
        if is_js:
            return f'<script src="{html.escape(url)}"{attributes}></script>'
        return f'<link rel="stylesheet" type="text/css" href="{html.escape(url)}"{attributes} />'


class Bundle(Asset):
    """Assets and modules of one name, as one file in the order of their dependencies.

    Args:
        name: ``pkg.mod.js`` or ``pkg.mod-suffix.css``: every module in it is ``pkg.mod`` or lies below.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name, self._joined)
        self._assets: list[Asset] = []
        self._modules: dict[str, ModuleText] = {}
        self._module_name = name.rsplit(".", 1)[0].split("-")[0]

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The plain assets, in the order in which they were added."""
        return tuple(self._assets)

    @property
    def modules(self) -> tuple[ModuleText, ...]:
        """The modules, dependencies first."""
        return tuple(in_order(self._modules.values()))

    @property
    def deps(self) -> tuple[str, ...]:
        """Names of the modules that this bundle needs and does not hold."""
        return tuple(sorted({dep for module in self._modules.values() for dep in module.deps} - set(self._modules)))

    def add_asset(self, asset: Asset) -> None:
        """Add a script or style; it comes before the modules.

        Raises:
            TypeError: It is no asset, or is a bundle itself.
        """
        if not isinstance(asset, Asset) or isinstance(asset, Bundle):
            raise TypeError(f"Bundle {self.name!r} takes assets that are no bundles, not {asset!r}.")
        self._assets.append(asset)
        self._text = None

    def add_module(self, module: ModuleText) -> None:
        """Add a module, or put a newer version in the place of one with that name.

        Raises:
            ValueError: The module does not lie in this bundle's package.
        """
        python_name = module.name.split("$")[0]
        if not (python_name + ".").startswith(self._module_name + "."):
            raise ValueError(f"Module {module.name!r} does not belong into bundle {self.name!r}.")
        self._modules[module.name] = module
        self._text = None

    def to_string(self) -> str:
        """Return the joined text; it is made anew after something was added."""
        self._text = None
        return super().to_string()

    def _joined(self) -> str:
        is_js = self.is_script
        parts = [asset.to_string() for asset in self._assets]
        parts += [module.get_js() if is_js else module.get_css() for module in self.modules]
        return "\n\n".join(part for part in parts if part)


def is_url(text: str) -> bool:
    """Whether the text is an address that a page can load from."""
    return text.startswith(("http://", "https://"))


def check_asset_name(name: str) -> None:
    """Refuse a name that is neither script nor style, or would leave its folder."""
    if not name.lower().endswith((".js", ".css")):
        raise ValueError(f"An asset's name ends in .js or .css, which {name!r} does not.")
    check_file_name(name)


def check_file_name(name: str) -> None:
    """Refuse a name that could not be a file inside a folder, on any system.

    Raises:
        ValueError: The name is empty, absolute, has empty or dotted parts, control or half characters.
    """
    parts: Sequence[str] = name.split("/")
    if any(part in ("", ".", "..") for part in parts) or re.search(r'[\\:*?"<>|\x00-\x1f\ud800-\udfff]', name):
        raise ValueError(
            f"{name!r} cannot be the name of a file: use parts of letters, digits, dots and dashes, joined by slashes."
        )


def _name_in_url(url: str) -> str:
    """What an asset is called that lies there.

    Raises:
        ValueError: It is no address, or not one of a script or style.
    """
    try:
        name = urllib.parse.urlsplit(url).path.rsplit("/", 1)[-1]
    except ValueError as error:
        raise ValueError(f"An asset cannot come from {url!r}: {error}.") from None
    if not name.lower().endswith((".js", ".css")):
        raise ValueError(
            f"The last part of {url!r} ends in neither .js nor .css: name the asset, and give this as its source."
        )
    return name


def _embeddable(code: str, tag: str) -> str:
    # What a browser makes of other line ends, before it hashes.
    code = code.replace("\r\n", "\n").replace("\r", "\n")
    # HTML ends the element at the first "</script", wherever it stands; "<\/" means the same to JavaScript strings
    # and regular expressions and to CSS strings. "<!--" would begin the "script data escaped" state.
    if "</" in code:  # finding that there is none is fast, also in megabytes
        code = re.sub(f"</({tag})", r"<\\/\1", code, flags=re.IGNORECASE)
    return code.replace("<!--", "<\\!--") if tag == "script" else code
