"""The host's hands in WinForms with WebView2: decisions in `_plan` and `_keys`, straight lines elsewhere."""
