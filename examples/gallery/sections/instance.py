"""The program among others: once for each user, and at login."""

from deskapp.native import autostart
from examples.gallery.section import Section
from examples.gallery.start import start


class InstanceSection(Section):
    GROUP, TITLE = "Program", "Instance and autostart"
    TEXT = "Start the gallery once more: this window comes up, hears what the other was given, and that one ends."
    ICON = "M7 4l9 6-9 6z"

    def build(self):
        with self.demo("One instance", "Try it in a terminal, with a file as argument.", start):
            self.value("Starts", lambda: "\n".join(self.root.starts))
        with self.demo("At login", "A small file, or a value of the registry; your desktop lists it."):
            self.button("Start at login", self.enable)
            self.button("No longer", self.disable)
            self.button("Is it?", self.look)

    def enable(self):
        autostart.enable(name="deskapp gallery")
        return self.look()

    def disable(self):
        autostart.disable()
        return self.look()

    def look(self):
        return "It starts at login." if autostart.is_enabled() else "It does not start at login."
