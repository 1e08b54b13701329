"""What the older API calls members of a session."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from deskapp.bridge import messages
from deskapp.session._services import Services, checked_code

if TYPE_CHECKING:
    from deskapp.bridge.model import Model
    from deskapp.errors import SessionException

logger = logging.getLogger("deskapp.session")


class OlderNames(Services):
    """`get_model_instance_by_id` and `eval`, beside what components have."""

    def get_model_instance_by_id(self, id: str) -> Model | None:
        """Return the `Model` with this id; None, and a warning in the log, if there is none.

        Args:
            id: Its id.
        """
        from deskapp.bridge.model import Model  # a program without Models need not have it

        found = self._registry.get(id)
        if isinstance(found, Model):
            return found
        logger.warning("%r has no Model with the id %r", self, id)
        return None

    def eval(self, code: str) -> None:
        """Evaluate JavaScript in the page and print its value here; for development. See `eval_js` for a program's use.

        Args:
            code: JavaScript text.

        Raises:
            TypeError: `code` is no text.
            RuntimeError: No page is connected.
        """
        self._loop.check_thread("Session.eval() was called")
        checked_code(code)
        if self._line.transport is None:
            raise RuntimeError("App not connected: there is no page that could evaluate JavaScript")

        def show(value: object, error: SessionException | None) -> None:
            sys.stdout.write(f"{value if error is None else error}\n")  # who types this wants to see it here

        self._line.send(messages.CALL(self._exchange.expect(show), code, {}))
