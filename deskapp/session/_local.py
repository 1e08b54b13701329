"""`local`: values that belong to the run of a program in one page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from deskapp.session.current import current_run


class Local:
    """A dict whose items are attributes too; that of the session whose code uses it.

    What is not there is None as an attribute, and a KeyError as an item. The methods of a dict are not there: their
    names are attributes like others. `_dict` is the dict itself. A page that is loaded anew begins with an empty one,
    unless its components live on; then this does as well.
    """

    __slots__ = ()

    @property
    def _dict(self) -> dict[Any, Any]:
        return current_run("local").values

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what copy, pickle and inspect ask every object for
            raise AttributeError(f"local has no attribute {name!r}")
        return self._dict.get(name)

    def __setattr__(self, name: str, value: object) -> None:
        self._dict[name] = value

    def __delattr__(self, name: str) -> None:
        self._dict.pop(name, None)

    def __getitem__(self, key: Any) -> Any:
        return self._dict[key]

    def __setitem__(self, key: Any, value: object) -> None:
        self._dict[key] = value

    def __delitem__(self, key: Any) -> None:
        del self._dict[key]

    def __contains__(self, key: object) -> bool:
        return key in self._dict

    def __iter__(self) -> Iterator[Any]:
        return iter(self._dict)

    def __len__(self) -> int:
        return len(self._dict)

    def __repr__(self) -> str:
        return repr(self._dict)


local = Local()
