"""Who an application is towards the desktop: the names by which task bars group windows and find icons.

=============  ======================================================  ==============================================
system         name                                                    where it comes from
=============  ======================================================  ==============================================
X11            WM_CLASS, compared with ``StartupWMClass`` of a file    `wm_class`, given to each browser
Wayland        app_id, which is the name of the ``.desktop`` file      `desktop_file`
Windows        AppUserModelID                                          `app_user_model_id`
macOS          bundle id                                               `bundle_id`
=============  ======================================================  ==============================================
"""

from __future__ import annotations

import re
import sys

MAX_MODEL_ID = 128  # https://learn.microsoft.com/windows/win32/shell/appids


def wm_class(app_id: str) -> str:
    """The class of an application's windows on X11, the same for every runtime."""
    return app_id


def desktop_file(app_id: str) -> str:
    """The name of the file that describes the application to the desktop."""
    return f"{app_id}.desktop"


def app_user_model_id(app_id: str) -> str:
    """The AppUserModelID on Windows: no spaces, at most 128 characters, and best of the form ``Company.Product``."""
    return re.sub(r"\s+", "", app_id)[:MAX_MODEL_ID]


def bundle_id(app_id: str) -> str:
    """The bundle id on macOS: letters, digits, hyphens and dots, in parts that are not empty."""
    parts = [re.sub(r"[^A-Za-z0-9-]", "-", part) for part in app_id.split(".")]
    return ".".join(part for part in parts if part)


def identify_process(app_id: str) -> None:
    """Have the windows of this very process grouped under `app_id` on Windows; elsewhere each runtime says it.

    Raises:
        OSError: Windows refused.
    """
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(app_user_model_id(app_id))
