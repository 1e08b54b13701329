"""An asset that is served, and loaded by nobody until the page asks for it."""

from deskapp import JsComponent, app, event, run

js_code = "postMessage('hello from a worker');"

asset_url = app.assets.add_shared_asset("spam/mydep.js", js_code)


class Main(JsComponent):
    answer = event.StringProp("", settable=True)

    @event.action
    def start_worker(self, url):
        global Worker
        self.worker = Worker(url)
        self.worker.onmessage = lambda ev: self.set_answer(ev.data)


if __name__ == "__main__":
    main = app.launch(Main)
    run()
