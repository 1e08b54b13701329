"""`ModuleGraph`: all JavaScript modules made from Python so far, what each needs, and their order.

A request for a class collects everything it needs: its Python module's component classes, their bases, the functions,
classes and values they use, and what those use. What has no module yet is put into new ones: one per Python module, or
more where a circle between two of them can be opened that way.
"""

from __future__ import annotations

import hashlib
import json
import sys
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from deskapp.assets import AssetStore, Bundle, name_order
from deskapp.bridge.code_source import CodeSource
from deskapp.bridge.js_class import Member, class_text, class_units
from deskapp.bridge.js_code import CodeUnit, JsClassSource, JsCode, JsModule, class_functions
from deskapp.bridge.modules import ModuleText
from deskapp.bridge.names import ROOTS, BoundCode, Item, ItemKind, Reference, Resolver, closure_values
from deskapp.errors import DependencyCycle


@dataclass
class _Build:
    """One item, and all that is known of it while its module is made."""

    item: Item
    codes: dict[Member, BoundCode] = field(default_factory=dict)
    base: Reference | None = None
    needs: dict[Item, None] = field(default_factory=dict)


class ModuleGraph:
    """Makes and keeps the JavaScript modules of component classes.

    Args:
        store: Offers the modules as bundles.
        source: Where the JavaScript of functions and classes comes from.
        classes: Names all component classes that are defined, for `update_modules`.
    """

    def __init__(
        self, store: AssetStore, source: CodeSource, *, classes: Callable[[], Iterable[type]] | None = None
    ) -> None:
        self._store = store
        self._source = source
        self._all_classes = classes
        self._items: dict[int, Item] = {}
        self._local_items: dict[tuple[str, str], Item] = {}
        self._placed: dict[Item, str] = {}
        self._modules: dict[str, JsModule] = {}
        self._numbers: dict[str, int] = {}
        self._classes: dict[tuple[str, str], type] = {}
        self._seen: list[type] = []
        self._bundles: dict[str, Bundle] = {}

    @property
    def modules(self) -> Mapping[str, JsModule]:
        """The modules made so far, by name."""
        return self._modules

    def modules_for(self, cls: type) -> list[JsModule]:
        """Return the modules that a page needs for a component class, each after those that it needs itself.

        The roots are the client's own and need none.

        Raises:
            TranspileError: Some of the Python involved cannot become JavaScript.
            DependencyCycle: Things of several Python modules need each other in a circle.
        """
        if _is_root(_source_of(cls)):
            return []
        item = self._item("component", cls)
        if item not in self._placed:
            self._make([item])
        wanted = {self._placed[item]: None}
        pending = list(wanted)
        for name in pending:
            for dep in self._modules[name].deps:
                if dep not in wanted:
                    wanted[dep] = None
                    pending.append(dep)
        order = name_order({name: self._modules[name].deps for name in wanted})
        return [self._modules[name] for name in order]

    def js_name(self, cls: type) -> tuple[str, str]:
        """Return (module, name) of a component class in JavaScript; its module is made if need be."""
        source = _source_of(cls)
        if _is_root(source):
            return source.module, source.name
        item = self._item("component", cls)
        if item not in self._placed:
            self._make([item])
        return self._placed[item], item.name

    def class_of(self, module: str, name: str) -> type | None:
        """Return the component class that JavaScript knows by that module and name, or None."""
        return self._classes.get((module, name))

    def update_modules(self) -> None:
        """Make the modules of all classes that have none yet.

        Raises:
            TranspileError: As of `modules_for`.
            DependencyCycle: As of `modules_for`.
        """
        for cls in self._all_classes() if self._all_classes is not None else ():
            self.modules_for(cls)

    def _offer(self, module: JsModule) -> None:
        """Put a module into the bundles of its Python module and of every package above, which the store offers."""
        name = module.python_name
        while name:
            for extension in (".js", ".css") if module.css else (".js",):
                bundle = self._bundles.get(name + extension)
                if bundle is None:
                    bundle = self._bundles[name + extension] = Bundle(name + extension)
                    self._store.put_bundle(bundle)
                bundle.add_module(module)
            name = name.rpartition(".")[0]

    # Items

    def _item(self, kind: ItemKind, ob: object) -> Item:
        found = self._items.get(id(ob))
        if found is not None:
            return found  # it holds the object, so the id is not used again
        module = ob.__name__ if isinstance(ob, types.ModuleType) else str(getattr(ob, "__module__", ""))
        name = _js_name(kind, ob)
        if "$" in name and "<locals>" in getattr(ob, "__qualname__", ""):
            # Two runs of a factory with the same captured values give the same JavaScript.
            item = self._local_items.setdefault((module, name), Item(kind, ob, module, name))
            if item.ob is not ob:
                self._items[id(ob)] = item
                self._seen.append(cast(type, ob))
                return item
        else:
            item = Item(kind, ob, module, name)
        self._items[id(ob)] = item
        return item

    # Making

    def _make(self, wanted: Sequence[Item]) -> None:
        groups: list[tuple[str, list[_Build]]] = []
        numbers = dict(self._numbers)
        for module, group in self._groups(self._collect(wanted)):
            number = numbers[module] = numbers.get(module, 0) + 1
            groups.append((module if number == 1 else f"{module}${number}", group))
        places = {build.item: name for name, group in groups for build in group}
        made = {name: self._write(name, group, places) for name, group in groups}
        # All went well: only now is anything remembered.
        self._numbers = numbers
        self._placed.update(places)
        self._modules.update(made)
        for item, name in places.items():
            if item.kind == "component":
                self._classes[name, item.name] = cast(type, item.ob)
        for made_module in made.values():
            self._offer(made_module)

    def _collect(self, wanted: Sequence[Item]) -> dict[Item, _Build]:
        resolver = Resolver(self._item)
        builds: dict[Item, _Build] = {}
        wave: dict[Item, None] = dict.fromkeys(wanted)
        while wave:
            for item in list(wave):
                if item.kind == "component":
                    wave.update((self._item("component", cls), None) for cls in _module_classes(cast(type, item.ob)))
            fresh = [item for item in wave if item not in builds and item not in self._placed]
            wave = {}
            by_module: dict[str, list[tuple[_Build, Member, CodeUnit]]] = {}
            for item in fresh:
                build = builds[item] = _Build(item)
                units = _units(item)
                by_module.setdefault(item.module, []).extend((build, member, unit) for member, unit in units.items())
                if item.kind == "component":
                    source = _source_of(cast(type, item.ob))
                    if source.base is not None and not _is_root(_source_of(source.base)):
                        build.base = Reference(self._item("component", source.base))
                        build.needs[build.base.item] = None
            for entries in by_module.values():
                codes = self._source.get([unit for _, _, unit in entries])
                for (build, member, unit), code in zip(entries, codes, strict=True):
                    owner = cast(type, build.item.ob) if build.item.kind == "component" else None
                    bound = resolver.bind(unit, code, owner)
                    build.codes[member] = bound
                    build.needs.update(dict.fromkeys(bound.items()))
            for item in fresh:
                wave.update(dict.fromkeys(builds[item].needs))
        return builds

    def _groups(self, builds: Mapping[Item, _Build]) -> list[tuple[str, list[_Build]]]:
        by_module: dict[str, list[_Build]] = {}
        for build in builds.values():
            by_module.setdefault(build.item.module, []).append(build)
        deps = {
            module: [need.module for build in group for need in build.needs if need in builds and need.module != module]
            for module, group in by_module.items()
        }
        try:
            return [(module, by_module[module]) for module in name_order(deps)]
        except DependencyCycle:
            return _split_groups(builds)

    def _write(self, name: str, group: list[_Build], places: Mapping[Item, str]) -> JsModule:
        builds = {build.item: build for build in group}
        text = ModuleText(name, list(builds), lambda item: places.get(item) or self._placed[item])
        classes: list[JsClassSource] = []
        for item in _definition_order(builds):
            build = builds[item]
            if item.kind == "component":
                source = _source_of(cast(type, item.ob))
                members = {member: text.code(bound) for member, bound in build.codes.items()}
                base = text.expression(build.base) if build.base is not None else ROOTS[source.kind]
                definition = _class_text(source, item.name, base, members, name)
                classes.append(source)
            elif item.kind == "raw":
                definition = getattr(item.ob, "get_code")()  # noqa: B009 (RawJS, ours or PScript's)
            elif item.kind == "module":
                definition = _whole_module(build.codes["", ""].code, text.code(build.codes["", ""]))
            else:
                definition = text.code(build.codes["", ""])
            text.define(item, definition)
        # The style sheets of a module come in the order of its classes, bases first.
        css = "\n\n".join(source.css.strip() for source in classes if source.css.strip())
        names = tuple(build.item.name for build in group if build.item.kind == "component")
        script = text.text(self._source.library)
        return JsModule(name, text.deps, script, css, names, tuple(build.item.name for build in group))


def _source_of(cls: type) -> JsClassSource:
    source: JsClassSource = cls.__js_source__  # type: ignore[attr-defined]
    return source


def _is_root(source: JsClassSource) -> bool:
    return source.base is None and source.module.startswith("deskapp.")


def _class_units(source: JsClassSource) -> dict[Member, CodeUnit]:
    if source.kind == "model":
        from deskapp.bridge.model_class import model_units  # a program without Models need not have it

        return model_units(source)
    return class_units(source)


def _class_text(source: JsClassSource, name: str, base: str, members: Mapping[Member, str], module: str) -> str:
    if source.kind == "model":
        from deskapp.bridge.model_class import model_text

        return model_text(source, name, base, members, module=module)
    return class_text(source, name, base, members, module=module)


def js_units(cls: type) -> dict[Member, CodeUnit]:
    """The functions that a component class itself takes to JavaScript."""
    return _class_units(_source_of(cls))


def _units(item: Item) -> dict[Member, CodeUnit]:
    if item.kind == "component":
        return _class_units(_source_of(cast(type, item.ob)))
    if isinstance(item.ob, types.FunctionType | type):
        return {("", ""): CodeUnit(item.ob, item.ob.__qualname__)}
    if isinstance(item.ob, types.ModuleType):
        return {("", ""): CodeUnit(item.ob, item.ob.__name__)}
    return {}


def _module_classes(cls: type) -> list[type]:
    """All component classes of the Python module of `cls` that are still what their names stand for there."""
    namespace = vars(sys.modules.get(cls.__module__, types.ModuleType("")))
    if namespace.get(cls.__name__) is not cls:
        return [cls]  # it was made in a function, or replaced at the prompt
    found = []
    for value in list(namespace.values()):
        if isinstance(value, type) and value.__module__ == cls.__module__ and "<locals>" not in value.__qualname__:
            source = getattr(value, "__js_source__", None)
            if source is not None and source.cls is value and not _is_root(source):
                found.append(value)
    return found


def _definition_order(builds: Mapping[Item, _Build]) -> list[Item]:
    """Functions first, as they need nothing when they are defined; then classes, each after its base."""
    ranks: dict[ItemKind, int] = {"function": 0, "raw": 1, "module": 2, "class": 3, "component": 4}
    items = sorted(builds, key=lambda item: ranks[item.kind])
    names = {item: str(index) for index, item in enumerate(items)}
    needed: dict[str, list[str]] = {}
    for item, name in names.items():
        bases: list[object] = []
        if item.kind == "class":
            bases = list(cast(type, item.ob).__bases__)
        elif builds[item].base is not None:
            bases = [cast(Reference, builds[item].base).item.ob]
        needed[name] = [names[other] for other in items if any(other.ob is base for base in bases)]
    return [items[int(name)] for name in name_order(needed)]


def _split_groups(builds: Mapping[Item, _Build]) -> list[tuple[str, list[_Build]]]:
    """Groups for modules that need each other: cut where single items do not."""
    groups: list[tuple[str, list[_Build]]] = []
    place: dict[Item, int] = {}
    for component in _strong_components(builds):
        modules = {item.module for item in component}
        if len(modules) > 1:
            raise DependencyCycle([f"{item.module}.{item.name}" for item in component])
        module = modules.pop()
        needed = [place[need] for item in component for need in builds[item].needs if need in place]
        earliest = max(needed, default=0)
        index = next((i for i in range(len(groups) - 1, earliest - 1, -1) if groups[i][0] == module), -1)
        if index < 0:
            index = len(groups)
            groups.append((module, []))
        groups[index][1].extend(builds[item] for item in component)
        place.update(dict.fromkeys(component, index))
    return groups


def _strong_components(builds: Mapping[Item, _Build]) -> list[list[Item]]:
    """Sets of items that need each other, each set after those that it needs (R. Tarjan, 1972)."""
    order: dict[Item, int] = {}
    low: dict[Item, int] = {}
    stack: list[Item] = []
    found: list[list[Item]] = []

    def visit(item: Item) -> None:
        order[item] = low[item] = len(order)
        stack.append(item)
        for need in builds[item].needs:
            if need in builds and need not in order:
                visit(need)
                low[item] = min(low[item], low[need])
            elif need in stack:
                low[item] = min(low[item], order[need])
        if low[item] == order[item]:
            index = stack.index(item)
            found.append(stack[index:])
            del stack[index:]

    for item in builds:
        if item not in order:
            visit(item)
    return found


def _whole_module(code: JsCode, text: str) -> str:
    exports = ", ".join(f"{name}: {name}" for name in code.defines if not name.startswith("_"))
    return f"(function () {{\n{text}\nreturn {{{exports}}};\n}})()"


# Names


def _js_name(kind: ItemKind, ob: object) -> str:
    if isinstance(ob, types.ModuleType):
        return "$module"
    if kind == "raw":
        return str(getattr(ob, "get_defined_name")())  # noqa: B009
    assert isinstance(ob, type | types.FunctionType)
    name = ob.__qualname__.rpartition("<locals>.")[2].replace(".", "$")
    return f"{name}${_content_hash(ob)[:10]}" if "<locals>" in ob.__qualname__ else name


def _content_hash(ob: type | types.FunctionType) -> str:
    """A digest of code and captured values: what tells apart classes that one function makes under one name."""
    digest = hashlib.blake2b(digest_size=16)
    _feed(digest.update, ob, set())
    return digest.hexdigest()


def _feed(feed: Callable[[bytes], None], value: object, seen: set[int]) -> None:
    if isinstance(value, type | types.FunctionType) and id(value) in seen:
        feed(b"again")
        return
    seen.add(id(value))
    if isinstance(value, types.FunctionType):
        feed(CodeUnit(value, value.__qualname__).fingerprint().encode())
        for name, captured in closure_values(value).items():
            feed(name.encode())
            _feed(feed, captured, seen)
    elif isinstance(value, type):
        source = getattr(value, "__js_source__", None)
        feed(f"{value.__module__} {value.__qualname__}".encode())
        if source is None:
            functions = class_functions(value) if "<locals>" in value.__qualname__ else []
        else:
            functions = [cast(types.FunctionType, unit.ob) for unit in _class_units(source).values()]
            specs = {name: prop.js_spec() for name, prop in source.properties.items()}
            specs |= {name: prop.js_spec() for name, prop in source.legacy.items()}
            feed(repr((specs, sorted(source.local), source.attributes, dict(source.constants), source.css)).encode())
            if source.base is not None:
                _feed(feed, source.base, seen)
        for function in functions:
            _feed(feed, function, seen)
    else:
        try:
            feed(json.dumps(value).encode())
        except (TypeError, ValueError):
            feed(f"{type(value).__module__}.{type(value).__qualname__}".encode())
