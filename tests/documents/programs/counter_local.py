"""004, `local`: a counter that every page has for itself; started as a file, it is a script with a window."""

from deskapp.output import put_buttons, put_text
from deskapp.session import local


def add():
    local.cnt = (local.cnt or 0) + 1


def show():
    put_text(local.cnt or 0)


def main():
    put_buttons(["Add counter", "Show counter"], [add, show])


if __name__ == "__main__":
    main()
