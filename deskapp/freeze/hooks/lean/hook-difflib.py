"""What its own tests import."""

excludedimports = ["argparse", "doctest", "pprint"]
