"""A chat room: one room in Python, and a window or a browser tab for everybody in it."""

import itertools
import sys
import time

from deskapp import app, event, window

GUESTS = ("Heron", "Otter", "Maple", "Wren", "Juniper", "Marten", "Willow", "Plover")
KEPT_LINES, LONGEST_NAME, LONGEST_TEXT = 200, 24, 2000


class Room(event.Component):
    """What everybody shares. It belongs to no page, so it outlives them all."""

    people = event.ListProp(doc="Number and name of everybody here")
    lines = event.ListProp(doc="What was said last, for those who come late")

    @event.action
    def enter(self, number, name):
        others = [one for one in self.people if one["number"] != number]
        self._mutate_people(sorted([*others, {"number": number, "name": name}], key=lambda one: one["number"]))

    @event.action
    def leave(self, number):
        self._mutate_people([one for one in self.people if one["number"] != number])

    @event.action
    def say(self, number, name, text):
        line = {"number": number, "name": name, "text": text, "at_ms": time.time() * 1000}
        self._mutate_lines([*self.lines, line][-KEPT_LINES:])
        self.said(line)

    @event.emitter
    def said(self, line):
        return {"line": line}


room = Room()
numbers = itertools.count(1)


def add(parent, tag, classes, text=""):
    """A new element at the end of another; what people write is text and never HTML."""
    node = window.document.createElement(tag)
    node.className = classes
    node.textContent = text
    parent.appendChild(node)
    return node


def add_face(parent, number, name):
    """A disc with an initial; neighbouring numbers get colours far from each other."""
    add(parent, "i", "face", name[:1]).style.setProperty("--hue", str(number * 137 % 360))


class View(app.JsComponent):
    """One person's window: who is here, what was said, and a field to say more."""

    me = event.IntProp()
    people = event.ListProp(settable=True)
    lines = event.ListProp()

    CSS = """
    .chat { display: grid; grid-template: 1fr auto / 180px 1fr; height: 100%; --soft: #8883; }
    .chat .face {
        flex: none; width: 30px; height: 30px; border-radius: 50%; font: 600 13px/30px system-ui; text-align: center;
        color: white; background: linear-gradient(140deg, hsl(var(--hue) 70% 58%), hsl(var(--hue) 62% 42%));
    }
    .chat aside { grid-row: 1 / -1; overflow: auto; padding: 22px 14px; background: #8881; }
    .chat h2 { margin: 0 6px 14px; font-size: 12px; letter-spacing: 0.06em; color: var(--deskapp-quiet); }
    .chat aside div { display: flex; gap: 10px; align-items: center; padding: 6px; border-radius: 10px; }
    .chat aside span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .chat aside .me { background: var(--soft); }
    .chat aside input { width: 100%; min-width: 0; padding: 0; border: 0; background: none; color: inherit; }
    .chat main { display: flex; flex-direction: column; overflow: auto; padding: 22px 26px; }
    .chat main > :first-child { margin-top: auto; }
    .chat main div { display: flex; gap: 10px; margin-top: 3px; }
    .chat main div:not(small + div) .face { visibility: hidden; }
    .chat main p { margin: 0; max-width: 76%; padding: 7px 13px; border-radius: 15px; overflow-wrap: anywhere; }
    .chat main p { background: var(--soft); white-space: pre-wrap; animation: chat-in 0.18s ease-out; }
    .chat main .mine { flex-direction: row-reverse; }
    .chat main .mine p { background: var(--deskapp-accent); color: var(--deskapp-background); }
    .chat main small { margin: 14px 0 3px 53px; font-size: 12px; color: var(--deskapp-quiet); }
    .chat main small.mine { align-self: end; margin-right: 13px; }
    .chat form { padding: 0 26px 22px; }
    .chat form input {
        width: 100%; padding: 11px 18px; border: 1px solid var(--soft); border-radius: 22px; outline-offset: -1px;
        background: none; color: inherit;
    }
    .chat input:focus-visible { outline: 2px solid var(--deskapp-accent); }
    @keyframes chat-in { from { opacity: 0; transform: translateY(6px) } }
    @media (prefers-reduced-motion: reduce) { .chat main p { animation: none } }
    """

    def _create_dom(self):
        return window.document.createElement("div")

    def init(self):
        self.node.className = "chat"
        self.side = add(self.node, "aside", "")
        self.paper = add(self.node, "main", "")
        form = add(self.node, "form", "")
        self.field = add(form, "input", "")
        self.field.placeholder = "Say something"
        self.field.focus()
        self._addEventListener(form, "submit", self.on_submit)
        self._addEventListener(self.side, "change", lambda domevent: self.root.rename(domevent.target.value))

    def on_submit(self, domevent):
        domevent.preventDefault()
        self.root.say(self.field.value)  # asks Python
        self.field.value = ""

    @event.action
    def add_line(self, line):
        self._mutate_lines([line], "insert", len(self.lines))

    @event.reaction("people")
    def show_people(self, *events):
        self.side.replaceChildren()
        add(self.side, "h2", "", f"{len(self.people)} HERE")
        for one in self.people:
            is_me = one["number"] == self.me
            row = add(self.side, "div", "me" if is_me else "")
            add_face(row, one["number"], one["name"])
            if is_me:
                add(row, "input", "").value = one["name"]
            else:
                add(row, "span", "", one["name"])

    @event.reaction("lines")
    def show_lines(self, *events):
        for change in events:
            if change.mutation == "insert":
                self.show(change.objects)
            else:
                self.paper.replaceChildren()
                self.before = None
                self.show(change.new_value)
        self.paper.scrollTop = self.paper.scrollHeight

    def show(self, lines):
        for line in lines:
            whose = "mine" if line["number"] == self.me else ""
            if not self.before or self.before["number"] != line["number"] or self.before["name"] != line["name"]:
                time_of_day = window.Date(line["at_ms"]).toLocaleTimeString(
                    [], {"hour": "2-digit", "minute": "2-digit"}
                )
                add(self.paper, "small", whose, time_of_day if whose else f"{line['name']}  {time_of_day}")
            row = add(self.paper, "div", whose)
            if not whose:
                add_face(row, line["number"], line["name"])
            add(row, "p", "", line["text"])
            self.before = line


class Chat(app.PyComponent):
    """One person, in Python. What the page may ask for are its actions, and nothing else."""

    def init(self):
        self.number = next(numbers)
        self.name = GUESTS[(self.number - 1) % len(GUESTS)]
        self.view = View(me=self.number, people=lambda: room.people, lines=room.lines)
        room.enter(self.number, self.name)

    @event.action
    def say(self, text: str):
        if text.strip():
            room.say(self.number, self.name, text.strip()[:LONGEST_TEXT])

    @event.action
    def rename(self, name: str):
        self.name = name.strip()[:LONGEST_NAME] or self.name
        room.enter(self.number, self.name)

    @room.reaction("said")
    def pass_on(self, *events):
        for said in events:
            self.view.add_line(said.line)

    def _dispose(self):
        room.leave(self.number)
        super()._dispose()


if __name__ == "__main__":
    chat = app.App(Chat)
    if "serve" in sys.argv:
        chat.serve()
        print("Open it in as many tabs as you like:", chat.url)
        app.start()
    else:
        for left in (80, 740):
            chat.launch(title="Chat room", size=(620, 560), pos=(left, 140))
        app.run()
