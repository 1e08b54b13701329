"""The version string, read by the build and by the wire's greeting."""

__version__ = "0.1.0"
