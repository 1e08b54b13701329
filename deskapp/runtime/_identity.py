"""Who an application is towards the desktop: the names by which task bars group windows and find icons.

=============  =============================================================  ===================
system         name                                                           made by
=============  =============================================================  ===================
X11, Wayland   WM_CLASS and app_id, by which a ``.desktop`` file is found     `wm_class`
Windows        AppUserModelID                                                 `app_user_model_id`
=============  =============================================================  ===================

On macOS it is the bundle that says who an application is.
"""

from __future__ import annotations

import re

MAX_MODEL_ID = 128  # https://learn.microsoft.com/windows/win32/shell/appids


def wm_class(app_id: str) -> str:
    """The class of an application's windows on X11, the same for every runtime."""
    return app_id


def app_user_model_id(app_id: str) -> str:
    """The AppUserModelID on Windows: no spaces, at most 128 characters, and best of the form ``Company.Product``."""
    return re.sub(r"\s+", "", app_id)[:MAX_MODEL_ID]
