"""msgspec for JSON; its other formats and the kinds of classes that it could meet are imported by who has them."""

excludedimports = ["attr", "attrs", "tomli", "tomli_w", "tomllib", "yaml"]
