"""Data of one session, and data that all sessions share."""

from deskapp import JsComponent, PyComponent, app, event, run

binary_blob = bytes(range(256))


class Viewer(JsComponent):
    size = event.ListProp([], settable=True)

    @event.action
    def fetch_both(self, mine, shared):
        global fetch
        for url in [mine, shared]:
            fetch(url).then(lambda answer: answer.arrayBuffer()).then(lambda found: self.add(found))

    @event.action
    def add(self, found):
        global Uint8Array
        self._mutate_size([[found.byteLength, Uint8Array(found)[255]]], "insert", 0)


class Main(PyComponent):
    def init(self):
        self.viewer = Viewer()
        # Data of this session alone
        self.link = self.session.add_data("some_name.png", b"an earlier blob of that name")
        self.link = self.session.add_data("some_name.png", binary_blob)
        # Data for all
        self.shared_link = app.assets.add_shared_data("shared_name.png", binary_blob)
        self.viewer.fetch_both(self.link, self.shared_link)


if __name__ == "__main__":
    main = app.launch(Main)
    run()
