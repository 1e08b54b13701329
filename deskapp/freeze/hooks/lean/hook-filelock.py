"""Locks of files, not those that are kept in a database."""

excludedimports = ["sqlite3"]
