"""Tornado as a server: no colours for terminals, no reloading, no tests, no other clients."""

excludedimports = [
    "colorama", "curses", "doctest", "pdb", "pycurl", "tornado.autoreload", "tornado.curl_httpclient",
    "tornado.testing", "twisted", "unittest",
]  # fmt: skip
