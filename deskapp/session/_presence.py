"""What the page already has of our classes, and the DEFINE messages for what it still needs."""

from __future__ import annotations

from deskapp.assets import AssetStore
from deskapp.bridge import messages
from deskapp.bridge.component import BaseAppComponent, JsComponent
from deskapp.bridge.link import LinkedObject
from deskapp.bridge.module_graph import ModuleGraph


class Presence:
    """Keeps the books of one page.

    Args:
        graph: All JavaScript modules.
        store: The assets that go with them.
    """

    def __init__(self, graph: ModuleGraph, store: AssetStore) -> None:
        self._graph = graph
        self._store = store
        self._modules: dict[str, str] = {}
        self._assets: set[str] = set()
        self._known: set[type] = set()
        self.assets_to_ignore: set[str] = set()

    @property
    def modules(self) -> set[str]:
        """Names of the modules that the page has; a copy."""
        return set(self._modules)

    def reset(self) -> None:
        """The page is new and has nothing."""
        self._modules.clear()
        self._assets.clear()
        self._known.clear()

    def definitions(self, cls: type[LinkedObject]) -> list[messages.DEFINE]:
        """What the page must be given before it can make a `cls`, in order.

        Raises:
            TranspileError: A method of the class, or of what it uses, cannot become JavaScript.
            DependencyCycle: Its modules need each other in a circle.
        """
        if cls in self._known:
            return []
        found: list[messages.DEFINE] = []
        for module in self._graph.modules_for(cls):
            if self._modules.get(module.name) == module.text:
                continue
            for name in self._store.get_associated_assets(module.python_name):
                found += self._asset(name)
            if module.css and f"{module.name}.css" not in self.assets_to_ignore:
                found.append(messages.DEFINE("css", f"{module.name}.css", module.css, ""))
            if f"{module.name}.js" not in self.assets_to_ignore:
                found.append(messages.DEFINE("js", module.name, module.text, ""))
            self._modules[module.name] = module.text
        self._known.add(cls)
        return found

    def js_name(self, cls: type[LinkedObject]) -> tuple[str, str]:
        """Module and name under which the page knows a class."""
        return self._graph.js_name(cls)

    def component_class(self, module: str, name: str) -> type[BaseAppComponent] | None:
        """The class that the page names, if it is one that this page was given."""
        if (module, name) == self._graph.js_name(JsComponent):
            return JsComponent  # the client's own
        found = self._graph.class_of(module, name) if module in self._modules else None
        return found if found is not None and issubclass(found, BaseAppComponent) else None

    def _asset(self, name: str) -> list[messages.DEFINE]:
        asset = self._store.get_asset(name)
        if asset is None or name in self._assets or name in self.assets_to_ignore:
            return []
        self._assets.add(name)
        kind: messages.Kind = "css" if name.endswith(".css") else "js"
        if asset.remote:
            return [messages.DEFINE(kind, name, "", str(asset.source))]
        return [messages.DEFINE(kind, name, asset.to_string(), "")]
