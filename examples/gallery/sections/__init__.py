"""The sections, one module each, in the order of the list."""

from examples.gallery.section import Section
from examples.gallery.sections.clipboard import ClipboardSection
from examples.gallery.sections.closing import ClosingSection
from examples.gallery.sections.desktop import DesktopSection
from examples.gallery.sections.dialogs import DialogsSection
from examples.gallery.sections.drops import DropsSection
from examples.gallery.sections.faults import FaultsSection
from examples.gallery.sections.instance import InstanceSection
from examples.gallery.sections.many import ManySection
from examples.gallery.sections.menus import MenusSection
from examples.gallery.sections.notifications import NotificationsSection
from examples.gallery.sections.opening import OpeningSection
from examples.gallery.sections.printing import PrintingSection
from examples.gallery.sections.runtimes import RuntimeSection
from examples.gallery.sections.starting import StartSection
from examples.gallery.sections.taskbar import TaskBarSection
from examples.gallery.sections.tray import TraySection
from examples.gallery.sections.window import WindowSection

SECTIONS: list[type[Section]] = [
    WindowSection, ManySection, ClosingSection, MenusSection,
    DialogsSection, ClipboardSection, DropsSection, DesktopSection, TraySection, NotificationsSection,
    TaskBarSection, OpeningSection, PrintingSection,
    StartSection, InstanceSection, FaultsSection, RuntimeSection,
]  # fmt: skip
