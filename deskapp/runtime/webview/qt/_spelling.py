"""Which of Chromium's dictionaries there are for spell checking in Qt: files called ``en-GB.bdic``."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence

from deskapp.runtime.webview.qt._base import QtModules

logger = logging.getLogger(__name__)


def dictionaries(qt: QtModules, languages: Sequence[str] | None) -> list[str]:
    """Names of the dictionaries for `languages`, for those of the desktop if None; says which are missing.

    Qt converts no dictionaries: systems that have them in Chromium's format are Fedora, openSUSE and Debian from 13.
    """
    folder = os.environ.get("QTWEBENGINE_DICTIONARIES_PATH", "")
    names = [name[: -len(".bdic")] for name in _list(folder) if name.endswith(".bdic")]
    found = []
    for language in languages if languages is not None else qt.core.QLocale.system().uiLanguages()[:1]:
        name = _match(language, names)
        if name is not None:
            found.append(name)
        elif languages is not None:
            where = folder or "QTWEBENGINE_DICTIONARIES_PATH, which is not set"
            logger.warning("there is no dictionary %s.bdic for spell checking in %s", language.replace("_", "-"), where)
    return found


def _list(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder)) if folder else []
    except OSError:
        return []


def _match(language: str, names: Sequence[str]) -> str | None:
    """The dictionary of a language, or else one of the same language in another country."""
    wished = language.replace("_", "-").lower()
    plain = {name.replace("_", "-").lower(): name for name in names}
    if wished in plain:
        return plain[wished]
    return next((name for key, name in plain.items() if key.split("-")[0] == wished.split("-")[0]), None)
