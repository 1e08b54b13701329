"""The compiled module is there; the one in Python would take its place if it were not."""

excludedimports = ["_pydecimal"]
