"""A job object of Windows: processes that end when the last handle to it does, and so with the application.

https://learn.microsoft.com/windows/win32/procthread/job-objects. Not run on the machine that deskapp is made on, see
docs/reference/not-run.md; the layouts are tested there.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Any

BASIC_ACCOUNTING_INFORMATION = 1
EXTENDED_LIMIT_INFORMATION = 9
LIMIT_KILL_ON_JOB_CLOSE = 0x2000
ENDED_BY_JOB = 1  # exit code of what a job ends


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; what is counted in between is not set by anybody."""

    _fields_ = (
        ("BasicLimitInformation", BasicLimits),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    )


class Accounting(ctypes.Structure):
    """JOBOBJECT_BASIC_ACCOUNTING_INFORMATION."""

    _fields_ = (
        ("TotalUserTime", ctypes.c_int64),
        ("TotalKernelTime", ctypes.c_int64),
        ("ThisPeriodTotalUserTime", ctypes.c_int64),
        ("ThisPeriodTotalKernelTime", ctypes.c_int64),
        ("TotalPageFaultCount", ctypes.c_uint32),
        ("TotalProcesses", ctypes.c_uint32),
        ("ActiveProcesses", ctypes.c_uint32),
        ("TotalTerminatedProcesses", ctypes.c_uint32),
    )


def limits() -> ExtendedLimits:
    """What a job of ours is told: its processes end with its last handle, that is, when we end."""
    return ExtendedLimits(BasicLimitInformation=BasicLimits(LimitFlags=LIMIT_KILL_ON_JOB_CLOSE))


class Job:
    """One job. Elsewhere than on Windows it does nothing: other systems have process groups.

    Raises:
        OSError: Windows refused.
    """

    def __init__(self) -> None:
        self._handle: Any = None
        if sys.platform == "win32":
            self._kernel = _kernel()
            self._handle = _checked(self._kernel.CreateJobObjectW(None, None))
            told = limits()
            _checked(
                self._kernel.SetInformationJobObject(
                    self._handle, EXTENDED_LIMIT_INFORMATION, ctypes.byref(told), ctypes.sizeof(told)
                )
            )

    def take(self, process_handle: int) -> None:
        """Have a process, and all that it starts from now on, belong to the job.

        Raises:
            OSError: Windows refused.
        """
        if sys.platform == "win32":
            _checked(self._kernel.AssignProcessToJobObject(self._handle, int(process_handle)))

    def kill(self) -> None:
        """End every process that is in it."""
        if sys.platform == "win32" and self._handle is not None:
            self._kernel.TerminateJobObject(self._handle, ENDED_BY_JOB)

    def is_alive(self) -> bool:
        """Whether a process in it still runs."""
        told = Accounting()
        if sys.platform == "win32" and self._handle is not None:
            size = ctypes.sizeof(told)
            self._kernel.QueryInformationJobObject(
                self._handle, BASIC_ACCOUNTING_INFORMATION, ctypes.byref(told), size, None
            )
        return bool(told.ActiveProcesses)

    def close(self) -> None:
        """End every process that is left in it, and let it go. May be called twice."""
        self.kill()
        handle, self._handle = self._handle, None
        if sys.platform == "win32" and handle is not None:
            self._kernel.CloseHandle(handle)


def _kernel() -> Any:
    kernel: Any = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    handle, pointer, number = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint32
    kernel.CreateJobObjectW.argtypes = [pointer, ctypes.c_wchar_p]
    kernel.CreateJobObjectW.restype = handle
    kernel.SetInformationJobObject.argtypes = [handle, ctypes.c_int, pointer, number]
    kernel.QueryInformationJobObject.argtypes = [handle, ctypes.c_int, pointer, number, pointer]
    kernel.AssignProcessToJobObject.argtypes = [handle, handle]
    kernel.CloseHandle.argtypes = [handle]
    kernel.TerminateJobObject.argtypes = [handle, ctypes.c_uint]
    return kernel


def _checked(result: Any) -> Any:
    if not result:
        raise ctypes.WinError(ctypes.get_last_error())  # type: ignore[attr-defined,unused-ignore]
    return result
