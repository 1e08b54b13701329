"""The process of the windows, in a program that somebody froze with a spec of their own, which does not run in it.

What `deskapp freeze` builds has a start-up script that knows better what the process needs, and a manifest by which it
is known here.
"""

import os
import sys

MANIFEST = "deskapp_manifest.json"

if sys.argv[1:2] == ["--deskapp-host"] and not os.path.exists(os.path.join(getattr(sys, "_MEIPASS", ""), MANIFEST)):
    from deskapp.runtime.webview.host import main

    main(sys.argv[2:])
    sys.exit(0)
