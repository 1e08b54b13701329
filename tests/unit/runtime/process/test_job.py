"""What Windows is told about jobs, as far as it is data: sizes and places as in winnt.h of 64-bit Windows."""

from __future__ import annotations

import ctypes
import sys

import pytest

from deskapp.runtime.process.job import Accounting, BasicLimits, ExtendedLimits, Job, limits


@pytest.mark.skipif(sys.maxsize < 2**32, reason="the numbers are those of 64 bits")
def test_the_layouts_are_those_of_64_bit_windows() -> None:
    assert ctypes.sizeof(BasicLimits) == 64
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert ctypes.sizeof(Accounting) == 48
    assert BasicLimits.LimitFlags.offset == 16
    assert BasicLimits.ActiveProcessLimit.offset == 40
    assert ExtendedLimits.IoInfo.offset == 64
    assert ExtendedLimits.ProcessMemoryLimit.offset == 112
    assert Accounting.ActiveProcesses.offset == 40


def test_a_job_of_ours_ends_with_its_last_handle() -> None:
    assert limits().BasicLimitInformation.LimitFlags == 0x2000
    assert bytes(limits())[16:20] == (0x2000).to_bytes(4, "little")
    assert set(bytes(limits())[:16] + bytes(limits())[20:]) == {0}


@pytest.mark.skipif(sys.platform == "win32", reason="there it does something")
def test_elsewhere_a_job_does_nothing() -> None:
    job = Job()
    job.take(0)
    assert not job.is_alive()
    job.kill()
    job.close()
    job.close()
