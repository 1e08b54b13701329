"""004, `local`: the same counter, handed from function to function."""

from functools import partial

from deskapp.output import put_buttons, put_text


def add(cnt):
    cnt[0] += 1


def show(cnt):
    put_text(cnt[0])


def main():
    cnt = [0]  # Trick: to pass by reference
    put_buttons(["Add counter", "Show counter"], [partial(add, cnt), partial(show, cnt)])


if __name__ == "__main__":
    main()
