"""What its own tests import."""

excludedimports = ["statistics"]
