"""004, `local`: the same counter, around which functions are closed."""

from deskapp.output import put_buttons, put_text


def main():
    cnt = 0

    def add():
        nonlocal cnt
        cnt += 1

    def show():
        put_text(cnt)

    put_buttons(["Add counter", "Show counter"], [add, show])


if __name__ == "__main__":
    main()
