"""Bottle is imported by pywebview; the servers and template engines that it could use are not."""

excludedimports = [
    "Cheetah", "aiohttp", "bjoern", "cheroot", "cherrypy", "diesel", "eventlet", "fapws", "flup", "gevent", "gunicorn",
    "jinja2", "mako", "paste", "rocket", "tornado", "twisted", "uvloop", "waitress",
]  # fmt: skip
