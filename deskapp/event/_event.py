"""`Event`: a read-only record with attribute access; `Dict`: the same, writable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn


class Dict(dict[str, object]):
    """A dict whose items can also be read and written as attributes.

    Nested dicts are left as they are. Names of dict methods can only be used as items: ``d["copy"] = 1``.
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(
                f"{type(self).__name__} has no {name!r}; it has {', '.join(self) or 'nothing'}"
            ) from None

    def __setattr__(self, name: str, value: object) -> None:
        if hasattr(dict, name):
            raise AttributeError(f"{name!r} is a method of dict; write d[{name!r}] = … to store an item of that name")
        self[name] = value

    def __delattr__(self, name: str) -> None:
        try:
            del self[name]
        except KeyError:
            raise AttributeError(f"{type(self).__name__} has no {name!r}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in self if isinstance(name, str) and name.isidentifier())]

    def __repr__(self) -> str:
        items = [
            f"{key}={value!r}" if isinstance(key, str) and key.isidentifier() else f"({key!r}, {value!r})"
            for key, value in self.items()
        ]
        return f"{type(self).__name__}({', '.join(items)})"


class Event(Dict):
    """What happened: `type`, `source` and what the kind of event adds.

    A mutation of a property adds `mutation` and, for ``"set"``, `new_value` and `old_value`, for a partial one
    `objects` and `index`. An emitter adds what its method returned. All reactions share one event, so it cannot be
    changed; ``dict(event)`` is a copy that can.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        type: str
        source: Any

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("An event is shared by all reactions and cannot be changed; change dict(event) instead")

    __setitem__ = __delitem__ = __ior__ = _refuse
    __setattr__ = __delattr__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, tuple[dict[str, object]]]:
        return self.__class__, (dict(self),)
