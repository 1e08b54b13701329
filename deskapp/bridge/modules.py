"""The text of a `JsModule`: what one Python module contributes to JavaScript, and what it needs of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from deskapp.bridge.js import BROWSER_NAMES
from deskapp.bridge.js_class import JS_KEYWORDS, js_key, js_value
from deskapp.bridge.js_code import JsCode
from deskapp.bridge.names import Binding, BoundCode, Expression, Item, Namespace, Reference


class ModuleText:
    """Collects the items of one `JsModule` and writes its text.

    Args:
        name: The module's name.
        locate: Module name of every item that is not in this one.
    """

    def __init__(self, name: str, items: Sequence[Item], locate: Callable[[Item], str]) -> None:
        self._name = name
        self._locate = locate
        self._own: dict[Item, str] = {}
        self._deps: dict[str, str] = {}
        self._variables: dict[str, Binding] = {}
        self._early: list[str] = []
        self._late: dict[Item, list[str]] = {}
        self._codes: list[JsCode] = []
        self._body: list[str] = []
        for item in items:
            self._own[item] = self._free_name(item.name, Reference(item))

    @property
    def deps(self) -> tuple[str, ...]:
        """Modules that have been referred to so far."""
        return tuple(self._deps)

    def variable(self, item: Item) -> str:
        """What an item of this module is called in it."""
        return self._own[item]

    def expression(self, binding: Binding) -> str:
        """Return JavaScript for what a name stands for; it may be evaluated when all items exist."""
        if isinstance(binding, Expression):
            return binding.text
        if isinstance(binding, Namespace):
            members = [self._member(name, member) for name, member in binding.members.items()]
            return "{" + ", ".join(members) + "}"
        own = self._own.get(binding.item)
        if own is not None:
            return own
        module = self._locate(binding.item)
        argument = self._deps.setdefault(module, f"$m{len(self._deps)}")
        name = binding.attribute if binding.item.kind == "module" else binding.item.name
        return argument + (_access(name) if name else "")

    def code(self, bound: BoundCode) -> str:
        """Return the text of a function or class in which its names mean the right things."""
        self._codes.append(bound.code)
        prologue = ""
        for name, binding in bound.bindings.items():
            variable = self._variable_for(name, binding)
            if variable != name:
                prologue += f" var {name} = {variable};"
        if not prologue:
            return bound.code.text
        head, brace, rest = bound.code.text.partition("{")
        return head + brace + prologue + rest

    def define(self, item: Item, text: str) -> None:
        """Add the definition of an item; those that it needs at once come before."""
        self._body.append(f"var {self._own[item]} = {text};")
        self._body.extend(self._late.pop(item, ()))
        self._late[item] = []

    def text(self, library: Callable[[Iterable[JsCode]], Mapping[str, str]]) -> str:
        """Return the ``deskapp.define(…)`` call."""
        lines = [f"var {name} = {code};" for name, code in library(self._codes).items()]
        lines += [*self._early, *self._body]
        for aliases in self._late.values():
            lines += aliases
        exports = ", ".join(f"{js_key(item.name)}: {variable}" for item, variable in self._own.items())
        whole = [variable for item, variable in self._own.items() if item.kind == "module"]
        lines.append(f"return {whole[0] if whole else '{' + exports + '}'};")
        arguments = ", ".join(["$rt", *self._deps.values()])
        head = f"deskapp.define({js_value(self._name)}, {js_value(list(self._deps))}, function ({arguments}) {{"
        return "\n".join([head, '"use strict";', *lines, "});", ""])

    def _member(self, name: str, binding: Binding) -> str:
        text = self.expression(binding)
        if isinstance(binding, Reference) and binding.item in self._own:
            return f"get {js_key(name)}() {{ return {text}; }}"  # it may be defined further down
        return f"{js_key(name)}: {text}"

    def _variable_for(self, name: str, binding: Binding) -> str:
        known = self._variables.get(name)
        if known == binding:
            return name
        for variable, each in self._variables.items():
            if each == binding and variable.split("$")[0] == name:
                return variable
        variable = self._free_name(name, binding)
        line = f"var {variable} = {self.expression(binding)};"
        if isinstance(binding, Reference) and binding.item in self._own:
            self._late.setdefault(binding.item, []).append(line)  # it may be defined further down
        else:
            self._early.append(line)
        return variable

    def _free_name(self, name: str, binding: Binding) -> str:
        # The browser's names keep their meaning in all code of the module.
        name = "".join(c if c.isalnum() or c in "_$" else "$" for c in name)
        variable, number = name, 1
        while variable in self._variables or variable in BROWSER_NAMES or variable in JS_KEYWORDS:
            number += 1
            variable = f"{name}${number}"
        self._variables[variable] = binding
        return variable


def _access(name: str) -> str:
    key = js_key(name)
    return f"[{key}]" if key.startswith('"') else f".{key}"
