"""Child processes whose end is noticed at once and whose whole family is ended, on three systems."""
