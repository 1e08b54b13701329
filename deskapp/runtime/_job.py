"""A job object of Windows: processes that end when the last handle to it does, and so with the application.

https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

from __future__ import annotations

import ctypes
import sys

EXTENDED_LIMIT_INFORMATION = 9
LIMIT_KILL_ON_JOB_CLOSE = 0x2000
ENDED_BY_JOB = 1


class BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; what is counted in between is not set by anybody."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def kill_on_close() -> ExtendedLimits:
    """The limits of a job whose processes end with its last handle."""
    limits = ExtendedLimits()
    limits.basic.flags = LIMIT_KILL_ON_JOB_CLOSE
    return limits


class Job:
    """One job. Elsewhere than on Windows it does nothing: other systems have process groups, and a guard.

    Raises:
        OSError: Windows refused.
    """

    def __init__(self) -> None:
        self._handle = 0
        if sys.platform == "win32":
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.CreateJobObjectW.restype = ctypes.c_void_p
            self._handle = kernel.CreateJobObjectW(None, None) or 0
            limits = kill_on_close()
            size = ctypes.sizeof(limits)
            handle = ctypes.c_void_p(self._handle)
            if not kernel.SetInformationJobObject(handle, EXTENDED_LIMIT_INFORMATION, ctypes.byref(limits), size):
                raise ctypes.WinError(ctypes.get_last_error())

    def take(self, process_handle: int) -> None:
        """Have a process, and all that it starts from now on, belong to the job."""
        if sys.platform == "win32":
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            if not kernel.AssignProcessToJobObject(ctypes.c_void_p(self._handle), ctypes.c_void_p(int(process_handle))):
                raise ctypes.WinError(ctypes.get_last_error())

    def close(self) -> None:
        """End every process that is left in it. May be called twice."""
        handle, self._handle = self._handle, 0
        if sys.platform == "win32" and handle:
            kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            kernel.TerminateJobObject(ctypes.c_void_p(handle), ENDED_BY_JOB)
            kernel.CloseHandle(ctypes.c_void_p(handle))
