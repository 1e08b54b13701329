"""Windows of Chrome, Chromium and Edge in app mode."""
