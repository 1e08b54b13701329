"""Runs twice: what a first run ended, a second one starts anew."""

from __future__ import annotations

from deskapp import event, launch, run
from tests.desktop.programs.say import obey, say
from tests.desktop.programs.windows import Main


class Round(Main):
    number = event.IntProp(0)


if __name__ == "__main__":
    obey({})
    for number in (1, 2):
        launch(Round, "app", title=f"round {number}", size=(300, 200))
        say("returned", code=run(), round=number)
