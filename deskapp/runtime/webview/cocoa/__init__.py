"""The host's hands in Cocoa with WKWebView: decisions in `_plan`, straight lines elsewhere."""
