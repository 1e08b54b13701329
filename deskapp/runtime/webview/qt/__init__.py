"""The host's hands in Qt with Qt WebEngine."""
