"""A style sheet for whoever imports it."""

from deskapp import app

palette = app.Asset("palette.css", "body { background: rgb(4, 5, 6) }")
