"""A gallery of what deskapp asks of the desktop, each thing live, with the lines of Python that do it."""
