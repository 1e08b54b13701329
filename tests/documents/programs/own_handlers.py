"""An app and a handler of one's own, at one address, in one Tornado application."""

import tornado.web

from deskapp import JsComponent, app


class Hello(tornado.web.RequestHandler):
    def get(self):
        self.write("hello from a handler")


class Main(JsComponent):
    def init(self):
        self.node.textContent = "the app"


class Second(JsComponent):
    def init(self):
        self.node.textContent = "the second app"


if __name__ == "__main__":
    server = app.create_server(host="localhost", port=0)
    app.serve(Main)
    app.serve(Second)
    app.current_server().app.add_handlers(".*", [("/hello", Hello)])
    host, port = app.current_server().serving
    print(app.current_server() is server, app.current_server().protocol)
    print(f"{server.protocol}://{host}:{port}/")
    app.start()
