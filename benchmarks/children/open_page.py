"""Show a URL in a window of pywebview, until ended. Arguments: URL, toolkit."""

from __future__ import annotations

import sys

import webview

if __name__ == "__main__":
    webview.create_window("Page", url=sys.argv[1], width=400, height=300)
    webview.start(gui=sys.argv[2])  # type: ignore[arg-type]
