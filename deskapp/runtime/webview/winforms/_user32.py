"""Calls into Windows' own libraries that WinForms does not make; straight lines around `_plan`.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md.
"""

from __future__ import annotations

import ctypes
import sys
import uuid
from collections.abc import Sequence
from typing import Any

from deskapp.runtime.webview.winforms import _plan as plan

# ITaskbarList3 and the places of its methods, counted from IUnknown's.
CLSID_TASKBAR_LIST = uuid.UUID("56fdf344-fd6d-11d0-958a-006097c9a090")
IID_TASKBAR_LIST_3 = uuid.UUID("ea1afb91-9e28-4b86-90e9-9e9f8a5eefaf")
HR_INIT, DELETE_TAB, SET_PROGRESS_VALUE, SET_PROGRESS_STATE = 3, 5, 9, 10
CLSCTX_INPROC_SERVER = 1

if sys.platform == "win32":

    def flash(hwnd: int, on: bool) -> None:
        """Have the task bar's button ask for attention, or no longer."""
        info = plan.FlashInfo(cbSize=ctypes.sizeof(plan.FlashInfo), hwnd=hwnd, dwFlags=plan.flash(on))
        ctypes.windll.user32.FlashWindowEx(ctypes.byref(info))

    def push_frame(hwnd: int, hit: int) -> None:
        """Press the mouse on a part of the frame, so that Windows moves or resizes the window."""
        user = ctypes.WinDLL("user32")
        user.PostMessageW.argtypes = [ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_ssize_t]
        point = (ctypes.c_int32 * 2)()
        user.GetCursorPos(ctypes.byref(point))
        user.ReleaseCapture()
        user.PostMessageW(hwnd, plan.WM_NCLBUTTONDOWN, hit, (point[1] & 0xFFFF) << 16 | (point[0] & 0xFFFF))

    def dpi(hwnd: int) -> int:
        """Dots per inch of the screen that a window is on; 96 before Windows 10."""
        try:
            ask = ctypes.WinDLL("user32").GetDpiForWindow
        except AttributeError:
            return plan.PLAIN_DPI
        ask.argtypes = [ctypes.c_void_p]
        return int(ask(hwnd)) or plan.PLAIN_DPI

    def set_app_id(app_id: str) -> None:
        """Group the windows in the task bar under a name of their own, not under python.exe."""
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(ctypes.c_wchar_p(app_id))

    def task_dialog(
        hwnd: int | None, texts: tuple[str, str, str], kind: str, buttons: Sequence[str], default: int
    ) -> int:
        """Show a message box and wait for its answer.

        Args:
            hwnd: The window that it belongs to.
            texts: Title, text and detail.
            kind: One of `_plan.TASK_DIALOG_ICONS`.
            buttons: Their texts.
            default: Number of the one that Enter presses.

        Returns:
            The identity of the pressed button, see `_plan.chosen_button`.

        Raises:
            OSError: There is no such dialog here.
        """
        ids = plan.button_ids(len(buttons))
        pairs = zip(ids, buttons, strict=True)
        made = (plan.TaskDialogButton * len(buttons))(*(plan.TaskDialogButton(*pair) for pair in pairs))
        title, text, detail = texts
        config = plan.TaskDialogConfig(
            cbSize=ctypes.sizeof(plan.TaskDialogConfig),
            hwndParent=hwnd,
            dwFlags=plan.TDF_ALLOW_DIALOG_CANCELLATION | plan.TDF_POSITION_RELATIVE_TO_WINDOW,
            pszWindowTitle=title,
            pszMainIcon=plan.TASK_DIALOG_ICONS[kind] or None,
            pszMainInstruction=text,
            pszContent=detail,
            cButtons=len(buttons),
            pButtons=made,
            nDefaultButton=ids[default],
        )
        pressed = ctypes.c_int32()
        # The result is made an OSError by `HRESULT`.
        show = ctypes.WinDLL("comctl32").TaskDialogIndirect
        show.restype = ctypes.HRESULT
        show(ctypes.byref(config), ctypes.byref(pressed), None, None)
        return pressed.value

    class Taskbar:
        """ITaskbarList3; belongs to the thread that makes it.

        Raises:
            OSError: There is no task bar.
        """

        def __init__(self) -> None:
            self._object = ctypes.c_void_p()
            ole = ctypes.OleDLL("ole32")  # its results become OSError
            ole.CoCreateInstance(
                CLSID_TASKBAR_LIST.bytes_le,
                None,
                CLSCTX_INPROC_SERVER,
                IID_TASKBAR_LIST_3.bytes_le,
                ctypes.byref(self._object),
            )
            self._method(HR_INIT)(self._object)

        def set_progress(self, hwnd: int, state: int, value: int) -> None:
            """Show progress on a window's button, as `_plan.progress` says."""
            self._method(SET_PROGRESS_STATE, ctypes.c_void_p, ctypes.c_int)(self._object, hwnd, state)
            if state == plan.PROGRESS_NORMAL:
                set_value = self._method(SET_PROGRESS_VALUE, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64)
                set_value(self._object, hwnd, value, plan.PROGRESS_TOTAL)

        def remove(self, hwnd: int) -> None:
            """Take a window's button from the task bar, until the window is shown again."""
            self._method(DELETE_TAB, ctypes.c_void_p)(self._object, hwnd)

        def _method(self, place: int, *types: Any) -> Any:
            table = ctypes.cast(self._object, ctypes.POINTER(ctypes.POINTER(ctypes.c_void_p))).contents
            return ctypes.WINFUNCTYPE(ctypes.HRESULT, ctypes.c_void_p, *types)(table[place] or 0)
