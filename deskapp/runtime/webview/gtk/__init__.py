"""The host's hands in GTK 3 with WebKitGTK."""
