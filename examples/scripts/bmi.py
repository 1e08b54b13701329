"""A body-mass index: a form that checks each number and then both together, in the units that you know."""

from itertools import pairwise

from deskapp import launch, run
from deskapp.input import FLOAT, input, input_group, input_update, radio
from deskapp.output import put_column, put_markdown, put_row, put_scope, put_table, put_text, use_scope
from deskapp.session import set_env

# What people measure in, and how many metres or kilograms that is.
UNITS = {
    "Metric": {"height": ("cm", 0.01), "weight": ("kg", 1)},
    "Imperial": {"height": ("inches", 0.0254), "weight": ("pounds", 0.45359237)},
}

# Name, end and colour of the parts of the scale, for adults: WHO Technical Report Series 894, table 2.1.
BEGIN, END = 14, 40
BANDS = [
    ("Underweight", 18.5, "#2b6cb0"),
    ("Healthy", 25, "#2b7a4b"),
    ("Overweight", 30, "#946200"),
    ("Obese", END, "#b3261e"),
]


def main():
    set_env(title="Body-mass index", input_panel_fixed=False)
    put_markdown("""
        # Body-mass index
        The weight in kilograms, divided by the square of the height in metres.
        """)
    put_scope("result")
    answers, earlier = {"system": "Metric"}, []
    while True:
        answers = ask(answers)
        height, weight = in_si(answers, "height"), in_si(answers, "weight")
        index = weight / height**2
        name, _, color = next((band for band in BANDS if index < band[1]), BANDS[-1])
        with use_scope("result", clear=True):
            show(index, height, name, color)
            if earlier:
                put_table(earlier, header=["Earlier", "Height", "Weight"])
        earlier.insert(0, [f"{index:.1f}, {name.lower()}", f"{height:.2f} m", f"{weight:.1f} kg"])


def ask(before):
    """Ask for both measures, beginning with the answers of the last time."""
    now = dict(before)

    def change_units(system):
        for what, (unit, size) in UNITS[system].items():
            if now.get(what):
                now[what] = round(in_si(now, what) / size, 1)
            input_update(what, label=f"{what.title()} in {unit}", value=now.get(what))
        now["system"] = system

    def measure(what, **rules):
        unit = UNITS[now["system"]][what][0]
        return input(
            f"{what.title()} in {unit}",
            type=FLOAT,
            name=what,
            value=now.get(what),
            required=True,
            onchange=lambda value: now.update({what: value}),
            **rules,
        )

    system = radio("Units", list(UNITS), name="system", value=now["system"], inline=True, onchange=change_units)
    fields = [system, measure("height", validate=check_height), measure("weight", min=1, max=1500)]
    return input_group("Your measures", fields, validate=check_both)


def in_si(answers, what):
    """A measure in metres or kilograms."""
    return answers[what] * UNITS[answers["system"]][what][1]


def check_height(height):
    if 0 < height < 3:
        return "Are these metres? Then please write centimetres."
    if not 20 <= height <= 275:
        return "Nobody is so small, or so tall."


def check_both(answers):
    index = in_si(answers, "weight") / in_si(answers, "height") ** 2
    if not 7 < index < 200:
        return "weight", f"That would be an index of {index:.1f}. Are units and numbers right?"


def show(index, height, name, color):
    put_row(
        [
            put_text(f"{index:.1f}").style("font-size: 3.5rem; line-height: 1; font-weight: 700"),
            put_column(
                [
                    put_text(name).style("font-size: 1.3rem; font-weight: 600"),
                    put_text(f"Healthy at this height: {18.5 * height**2:.0f} to {25 * height**2:.0f} kg"),
                ]
            ),
        ],
        size="auto 1fr",
    ).style(
        f"gap: 1.5rem; align-items: center; padding: 1.2rem; border-radius: 0.8rem; background: {color}; color: white"
    )
    share = (min(max(index, BEGIN), END) - BEGIN) / (END - BEGIN)
    put_text("▼").style(f"margin: 0 0 -0.3rem calc({share:.2%} - 0.5em); width: 1em; text-align: center")
    ends = [BEGIN, *(end for _, end, _ in BANDS)]
    put_row(
        [
            put_text(label).style(f"background: {tint}; color: white; font-size: 0.8rem; text-align: center")
            for label, _, tint in BANDS
        ],
        size=" ".join(f"{end - begin}fr" for begin, end in pairwise(ends)),
    ).style("border-radius: 0.5rem; overflow: hidden")


if __name__ == "__main__":
    launch(main, title="Body-mass index", size=(640, 760))
    run()
