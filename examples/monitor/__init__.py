"""A live monitor of this computer: how busy it is, and with what."""
