"""The folders of this system; those of others are looked up on others."""

import sys

_all = ("android", "ios", "macos", "unix", "windows")
_here = {"win32": "windows", "darwin": "macos"}.get(sys.platform, "unix")

hiddenimports = [f"platformdirs.{_here}"]
excludedimports = [f"platformdirs.{_name}" for _name in _all if _name != _here]
