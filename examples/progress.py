"""An async action that reports progress, while the window stays alive."""

import asyncio
import hashlib

from deskapp import JsComponent, PyComponent, event, launch, run, window

ROUNDS, STEPS = 20_000, 100


class Job(JsComponent):
    """A button and a bar; both show what the application says."""

    CSS = """
    .job { display: grid; gap: 18px; height: 100%; padding: 32px; align-content: center; }
    .job progress { width: 100%; height: 10px; accent-color: var(--deskapp-accent); }
    .job button { justify-self: start; padding: 8px 22px; }
    """

    def _create_dom(self):
        node = window.document.createElement("div")
        node.className = "job"
        node.innerHTML = "<span></span><progress max='1'></progress><button>Start</button>"
        return node

    def init(self):
        self._addEventListener(self.node.querySelector("button"), "click", lambda: self.root.work())

    @event.reaction("root.done", "root.message")
    def show(self, *events):
        self.node.querySelector("span").textContent = self.root.message
        self.node.querySelector("progress").value = self.root.done
        self.node.querySelector("button").disabled = 0 < self.root.done < 1


class Progress(PyComponent):
    done = event.FloatProp(doc="From 0 to 1")
    message = event.StringProp("A hundred steps of hard work")

    def init(self) -> None:
        self.job = Job()

    @event.action
    async def work(self) -> None:
        digest = b"deskapp"
        for step in range(STEPS):
            digest = await asyncio.to_thread(harder, digest)  # the loop goes on meanwhile
            self._mutate_done((step + 1) / STEPS)
            self._mutate_message(f"Step {step + 1} of {STEPS}: {digest.hex()[:16]}")
        self._mutate_message(f"Done: {digest.hex()[:16]}")


def harder(digest: bytes) -> bytes:
    """Something that takes a while."""
    for _ in range(ROUNDS):
        digest = hashlib.sha256(digest).digest()
    return digest


if __name__ == "__main__":
    launch(Progress, size=(480, 240))
    run()
