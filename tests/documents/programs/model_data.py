"""Data: of a session, of all, and sent straight to the other half of a model."""

from deskapp import app, event  # restored: event, for the decorators

binary_blob = bytes(range(256))  # restored: the document does not say what it is
meta_dict = {"name": "all bytes"}  # restored


class MyModel(app.Model):
    def some_method(self):
        self.send_data(binary_blob, meta_dict)

    def send_from_url(self, url):  # restored from the text: the blob may also be a URL
        self.send_data(url, {"name": "from a URL"})

    class Both:  # restored: where the page tells what arrived
        @event.prop
        def arrived(self, v=()):
            return list(v)

    class JS:
        def receive_data(self, array_buffer, meta_dict):
            # Called when it is there

            global Uint8Array  # restored
            last = Uint8Array(array_buffer)[array_buffer.byteLength - 1]
            self.arrived = self.arrived + [[meta_dict["name"], array_buffer.byteLength, last]]


if __name__ == "__main__":  # restored
    your_model = app.launch(MyModel)

    # Of this session
    link = your_model.session.add_data("some_name.png", binary_blob)
    your_model.send_from_url(link)  # restored

    # Of all
    link = app.assets.add_shared_data("some_name.png", binary_blob)

    your_model.some_method()  # restored, as all below
    your_model.send_from_url(link)
    app.run()
