"""Properties that both ends validate; Python has the last word."""

from deskapp import app, event


class Synced(app.Model):
    @event.connect("shared")
    def on_shared(self, *events):
        heard.extend(ev.new_value for ev in events)

    class Both:
        @event.prop
        def shared(self, v=10):
            return int(v) + 1

        @event.prop
        def free(self, v=0):
            return int(v)

    class JS:
        def init(self):
            global window
            window.model = self


heard = []

if __name__ == "__main__":
    model = app.launch(Synced)
    app.run()
