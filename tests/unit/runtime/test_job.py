"""What Windows is told of a job; the layouts are those of a 64-bit system."""

from __future__ import annotations

import ctypes

from deskapp.runtime._job import LIMIT_KILL_ON_JOB_CLOSE, BasicLimits, ExtendedLimits, Job, kill_on_close


def test_the_layouts_are_those_of_the_headers() -> None:
    assert (ctypes.sizeof(BasicLimits), ctypes.sizeof(ExtendedLimits)) == (64, 144)
    assert BasicLimits.flags.offset == 16
    assert ExtendedLimits.process_memory.offset == 112


def test_a_job_ends_its_processes_with_its_last_handle() -> None:
    assert kill_on_close().basic.flags == LIMIT_KILL_ON_JOB_CLOSE


def test_elsewhere_a_job_does_nothing() -> None:
    job = Job()
    job.take(0)
    job.close()
    job.close()
