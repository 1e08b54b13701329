"""What Explorer shows about a program for Windows, as the version file that PyInstaller reads.

It is Python that PyInstaller evaluates: constructors of structures named as in
https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo.
"""

from __future__ import annotations

import re

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.metadata import windows_version

_PRERELEASE = 0x2  # VS_FF_PRERELEASE
_BEFORE_RELEASE = re.compile(r"(a|b|c|rc|alpha|beta|pre|preview|dev)[._-]?\d*", re.IGNORECASE)


def version_file(spec: FreezeSpec) -> str:
    """The text of the file.

    Raises:
        SpecError: Windows cannot spell the version.
    """
    numbers = windows_version(spec.version)
    strings = {
        "CompanyName": spec.windows.publisher or spec.author or spec.name,
        "FileDescription": spec.name,  # the task manager's name for it, and that of "Open with"
        "FileVersion": spec.version,
        "InternalName": spec.slug,
        "LegalCopyright": spec.copyright,
        "OriginalFilename": f"{spec.slug}.exe",
        "ProductName": spec.name,
        "ProductVersion": spec.version,
        "Comments": spec.summary,
    }
    rows = "".join(f"                StringStruct({name!r}, {text!r}),\n" for name, text in strings.items() if text)
    flags = _PRERELEASE if _BEFORE_RELEASE.search(spec.version.partition("+")[0]) else 0
    return f"""\
# UTF-8
VSVersionInfo(
    ffi=FixedFileInfo(
        filevers={numbers!r},
        prodvers={numbers!r},
        mask=0x3F,
        flags={flags:#x},
        OS=0x40004,
        fileType=0x1,
        subtype=0x0,
        date=(0, 0),
    ),
    kids=[
        StringFileInfo([
            StringTable('040904B0', [
{rows}            ]),
        ]),
        VarFileInfo([VarStruct('Translation', [0x0409, 1200])]),
    ],
)
"""
