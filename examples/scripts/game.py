"""A game, 2048: tiles slide by arrow keys or by buttons, two alike become one of both, and each move can be undone."""

import random

from deskapp import launch, run
from deskapp.output import (
    put_button,
    put_buttons,
    put_grid,
    put_markdown,
    put_row,
    put_scope,
    put_text,
    toast,
    use_scope,
)
from deskapp.session import run_js, set_env

SIZE = 4
ROWS = [[SIZE * y + x for x in range(SIZE)] for y in range(SIZE)]
COLUMNS = [[SIZE * y + x for y in range(SIZE)] for x in range(SIZE)]

# Of each arrow its key, and the places of every line, from where the tiles slide to.
ARROWS = {
    "←": ("ArrowLeft", ROWS),
    "↑": ("ArrowUp", COLUMNS),
    "↓": ("ArrowDown", [column[::-1] for column in COLUMNS]),
    "→": ("ArrowRight", [row[::-1] for row in ROWS]),
}

# Arrow keys press the buttons with the arrows.
KEYS = """
addEventListener("keydown", (event) => {
    const button = [...document.querySelectorAll("button")].find((each) => keys[event.key] === each.textContent);
    if (button) {
        event.preventDefault();
        button.click();
    }
});
"""

COLORS = ["#8883", "#eee4da", "#ede0c8", "#f2b179", "#f59563", "#f67c5f", "#f65e3b", "#edcf72", "#edcc61", "#edc850"]


class Game:
    """The board of one page."""

    def __init__(self):
        self.best = 0
        self.shown = [None] * SIZE**2
        self.begin()

    def begin(self):
        self.cells, self.score, self.past = [0] * SIZE**2, 0, []
        self.drop()
        self.drop()

    def drop(self):
        """Put a new tile on a free place."""
        place = random.choice([place for place, value in enumerate(self.cells) if not value])
        self.cells[place] = random.choice([2] * 9 + [4])

    def slide(self, arrow):
        """What the board becomes, and how many points that is."""
        cells, points = [0] * SIZE**2, 0
        for line in ARROWS[arrow][1]:
            tiles, places = [self.cells[place] for place in line if self.cells[place]], iter(line)
            while tiles:
                value = tiles.pop(0)
                if tiles[:1] == [value]:
                    value += tiles.pop(0)
                    points += value
                cells[next(places)] = value
        return cells, points

    def move(self, arrow):
        cells, points = self.slide(arrow)
        if cells == self.cells:
            return
        if max(cells) == 2048 > max(self.cells):
            toast("2048! And on it goes.", color="success", duration=5)
        self.past.append((self.cells, self.score))
        self.cells, self.score = cells, self.score + points
        self.best = max(self.best, self.score)
        self.drop()
        self.show()
        if all(self.slide(arrow)[0] == self.cells for arrow in ARROWS):
            toast(f"No tile can move any more. {self.score} points!", color="warn", duration=5)

    def undo(self):
        if self.past:
            self.cells, self.score = self.past.pop()
            self.show()

    def again(self):
        self.begin()
        self.show()

    def show(self):
        with use_scope("score", clear=True):
            put_text(f"{self.score} points, {self.best} at best").style("font-size: 1.2rem")
        for place, value in enumerate(self.cells):
            if value != self.shown[place]:
                self.shown[place] = value
                with use_scope(f"tile-{place}", clear=True):
                    put_tile(value)


def put_tile(value):
    color = COLORS[min(value.bit_length() - 1, len(COLORS) - 1)] if value else COLORS[0]
    put_text(value or "").style(
        f"background: {color}; color: #3d3530; font-size: {2.4 if value < 100 else 2 if value < 1000 else 1.6}rem;"
        "font-weight: 700; height: 5.6rem; display: grid; place-items: center; border-radius: 0.6rem"
    )


async def main():  # async: what is pressed is done on the loop, one after the other
    set_env(title="2048", output_max_width="420px")
    game = Game()
    put_row([put_markdown("# 2048"), put_scope("score")], size="1fr auto").style("align-items: center")
    tiles = [[put_scope(f"tile-{place}") for place in row] for row in ROWS]
    put_grid(tiles, cell_width="1fr").style("gap: 8px; padding: 8px; border-radius: 0.8rem; background: #8882")
    left, up, down, right = (put_button(arrow, lambda arrow=arrow: game.move(arrow)) for arrow in ARROWS)
    put_grid([[None, up, None], [left, down, right]]).style("gap: 6px; justify-content: center")
    put_buttons(["Undo", "New game"], [game.undo, game.again], outline=True).style("justify-content: center")
    run_js(KEYS, keys={key: arrow for arrow, (key, _) in ARROWS.items()})
    game.show()


if __name__ == "__main__":
    launch(main, title="2048", size=(480, 690))
    run()
