"""Tabs: in the user's own browser, or in one that is asked for by name."""
