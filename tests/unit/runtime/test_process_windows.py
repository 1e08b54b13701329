"""What Windows is told about jobs, as far as it is data: sizes and places as in winnt.h of 64-bit Windows."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from deskapp.runtime._inherited import inherited
from deskapp.runtime._process_windows import Accounting, BasicLimits, ExtendedLimits, limits


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


def test_an_inherited_descriptor_goes_no_further() -> None:
    end, start = os.pipe()
    os.set_inheritable(start, True)
    fd = inherited(str(start), os.O_WRONLY)
    code = f"import os\ntry: os.fstat({fd})\nexcept OSError: print('not here')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, close_fds=False)
    assert done.stdout.strip() == "not here"
    os.close(end)
    os.close(fd)
