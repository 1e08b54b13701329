"""Native windows: pywebview in a process of its own, the host, and a room of hands for each toolkit."""
