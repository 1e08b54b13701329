"""What the desktop around the windows offers: the rooms behind `deskapp.native`. See the modules of this package."""
