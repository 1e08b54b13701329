"""What `dev.py` does, standard library only: set-up, virtual display, demo, checks. Not installed with the package."""
