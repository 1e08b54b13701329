"""The child's end of its pipes."""

from __future__ import annotations

import os
import subprocess
import sys

from deskapp.runtime.process.inherited import inherited


def test_an_inherited_descriptor_goes_no_further() -> None:
    end, start = os.pipe()
    os.set_inheritable(start, True)
    fd = inherited(str(start), os.O_WRONLY)
    code = f"import os\ntry: os.fstat({fd})\nexcept OSError: print('not here')"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, close_fds=False)
    assert done.stdout.strip() == "not here"
    os.close(end)
    os.close(fd)
