"""An asset that no page loads by itself; this model's page asks for it."""

from deskapp import app, event  # restored: event, for the decorators

js_code = "window.mydep = {version: 5};"  # restored: the document does not say what is in it

# On request
asset_url = app.assets.add_shared_asset("mydep.js", js_code)


class MyModel(app.Model):  # restored, as all below
    class Both:
        @event.prop
        def url(self, v=""):
            return str(v)

    class JS:
        text = ""

        @event.connect("url")
        def fetch_it(self, *events):
            global fetch
            if self.url:
                fetch(self.url).then(lambda answer: answer.text()).then(lambda text: self.keep(text))

        def keep(self, text):
            self.text = text


if __name__ == "__main__":
    model = app.launch(MyModel)
    app.run()
