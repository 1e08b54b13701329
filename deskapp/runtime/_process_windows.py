"""A child process on Windows: its handles are passed by number, and a job ends it with all its descendants.

Not run on the machine that deskapp is made on, see docs/reference/not-run.md; the layouts are tested there.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from deskapp.runtime._pipe_ends import ChildPipes

KILLED = 1  # exit code of what a job ends
JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000
JOB_OBJECT_BASIC_ACCOUNTING = 1
JOB_OBJECT_EXTENDED_LIMIT = 9


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
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

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
    """What a job of ours is told: its processes end when its last handle is closed, that is, when we end."""
    return ExtendedLimits(BasicLimitInformation=BasicLimits(LimitFlags=JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE))


if sys.platform == "win32":
    import msvcrt

    class JobGroup:
        """A child in a job.

        It becomes a member a moment after it was started; it has not begun to run Python by then.

        Args:
            command: Program and arguments; the numbers of two handles are appended: read commands, write events.
            pipes: What it inherits.
            cwd: Working directory to start in.

        Raises:
            OSError: The program cannot be started, or put into a job.
        """

        def __init__(self, command: Sequence[str], pipes: ChildPipes, cwd: Path) -> None:
            handles = [msvcrt.get_osfhandle(fd) for fd in (pipes.commands, pipes.events)]
            for handle in handles:
                os.set_handle_inheritable(handle, True)
            self._kernel = _kernel()
            self._job = _checked(self._kernel.CreateJobObjectW(None, None))
            weakref.finalize(self, self._kernel.CloseHandle, self._job)
            told = limits()
            _checked(
                self._kernel.SetInformationJobObject(
                    self._job, JOB_OBJECT_EXTENDED_LIMIT, ctypes.byref(told), ctypes.sizeof(told)
                )
            )
            self.process = subprocess.Popen(
                [*command, *map(str, handles)],
                stdin=subprocess.DEVNULL,
                stdout=pipes.words,
                stderr=pipes.words,
                cwd=cwd,
                # Only these are inherited, and those of stdin, stdout and stderr.
                startupinfo=subprocess.STARTUPINFO(lpAttributeList={"handle_list": handles}),
                # Neither a console window nor the Ctrl+C of ours.
                creationflags=subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP,
            )
            try:
                _checked(self._kernel.AssignProcessToJobObject(self._job, int(self.process._handle)))  # type: ignore[attr-defined]
            except OSError:
                self.process.kill()
                raise

        def terminate(self) -> None:
            """Windows has no way to ask a process without windows of its own; its pipe was closed to no avail."""
            self.kill()

        def kill(self) -> None:
            self._kernel.TerminateJobObject(self._job, KILLED)

        def is_alive(self) -> bool:
            told = Accounting()
            self._kernel.QueryInformationJobObject(
                self._job, JOB_OBJECT_BASIC_ACCOUNTING, ctypes.byref(told), ctypes.sizeof(told), None
            )
            return bool(told.ActiveProcesses)

    def _kernel() -> Any:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
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
            raise ctypes.WinError(ctypes.get_last_error())
        return result
