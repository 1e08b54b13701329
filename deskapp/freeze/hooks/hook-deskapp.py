"""What PyInstaller must know about deskapp: modules are imported by name, client and templates are files."""

import sys

from deskapp.freeze._order import present_order
from deskapp.freeze._parts import (
    NEVER,
    NOTEBOOK,
    OF_PAGES_OF_SCRIPTS,
    OPTIONAL,
    deskapp_data,
    deskapp_modules,
    left_out,
    pywebview_modules,
    script_modules,
    source_files,
    uses_module,
)
from deskapp.runtime.select import BUILT_IN

build = present_order()
if build is None:
    # Somebody's own spec: any runtime and any page may be asked for, and the JavaScript is made as the program runs.
    hiddenimports = [*deskapp_modules([*NEVER, *NOTEBOOK]), *pywebview_modules()]
    datas = deskapp_data(tuple(BUILT_IN), has_manifest=False, has_libraries=True)
    excludedimports = [name for name in (*NEVER, *NOTEBOOK, *OPTIONAL) if name != "pscript"]
    # PScript reads the source of what it is given, of its own library first of all.
    module_collection_mode = {"pscript": "pyz+py"}
else:
    has_libraries = any(uses_module(name, source_files(build.modules, build.path)) for name in OF_PAGES_OF_SCRIPTS)
    unused = [] if has_libraries else script_modules()
    hiddenimports = deskapp_modules([*left_out(build.runtimes), *unused])
    datas = deskapp_data(build.runtimes, has_manifest=build.manifest is not None, has_libraries=has_libraries)
    excludedimports = [*NEVER, *NOTEBOOK, *OPTIONAL, *unused, *(["plistlib"] if sys.platform != "darwin" else [])]
