"""`deskapp site` as a real service, and `App.publish` against it."""

from __future__ import annotations

import contextlib
import json
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deskapp import App, JsComponent, PyComponent, event
from deskapp._config_object import Config, use_config
from deskapp._publish import Publication, pack
from deskapp.errors import PublishError
from deskapp.testing import AppHarness
from tests.certificate import make_certificate
from tests.integration.published_site import ROOT, Answer, RunningSite, running_site

TOKEN = "a-secret-token"
FILES = {
    "index.html": b"<!DOCTYPE html><title>Clock</title><p>old</p>",
    "deskapp/assets/shared/a.js": b"let a = 1;",
    "deskapp/data/index/film.mp4": bytes(range(256)) * 1000,
    "größe 1.svg": b"<svg/>",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """One site for all tests of this file that need nothing special of it."""
    with running_site(tmp_path_factory.mktemp("site") / "mine", "--max-bytes", "1M", "--max-files", "20") as site:
        yield site


def publish(
    site: RunningSite, name: str, token: str = TOKEN, files: dict[str, bytes] | None = None, path: str = ""
) -> str:
    return Publication(name, token, site.url + path).send(FILES if files is None else files)


def refused(site: RunningSite, name: str, token: str = TOKEN, files: dict[str, bytes] | None = None) -> PublishError:
    with pytest.raises(PublishError) as caught:
        publish(site, name, token, files)
    assert token not in str(caught.value)
    return caught.value


def post(site: RunningSite, path: str = "/", body: bytes | None = None, **headers: str) -> Answer:
    """A publication with some headers written differently; None leaves one out."""
    usual = {"Authorization": f"Bearer {TOKEN}", "Deskapp_Name": "posted", "Content_Type": "application/zip"}
    given: Any = {name: value for name, value in {**usual, **headers}.items() if value}
    return site.ask(path, method="POST", body=pack(FILES) if body is None else body, **given)


# -- publishing and reading --------------------------------------------------------------------------------------------


def test_a_published_app_is_shown_at_the_address_that_publish_returns(site: RunningSite) -> None:
    address = publish(site, "shown")
    assert address == f"{site.url}shown/"
    answer = site.ask("/shown/")
    assert (answer.status, answer.body) == (200, FILES["index.html"])
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert site.ask("/shown/deskapp/assets/shared/a.js").body == FILES["deskapp/assets/shared/a.js"]
    assert site.ask("/shown/gr%C3%B6%C3%9Fe%201.svg").headers["Content-Type"] == "image/svg+xml"


def test_the_name_may_be_part_of_the_address(site: RunningSite) -> None:
    assert publish(site, "addressed", path="{name}/") == f"{site.url}addressed/"
    assert post(site, "/addressed/", Deskapp_Name="").status == 200


def test_a_later_publication_replaces_the_first_with_the_same_token_only(site: RunningSite) -> None:
    publish(site, "replaced")
    error = refused(site, "replaced", "another-token", {"index.html": b"evil"})
    assert error.status == 403
    assert "the site refused (403): 'replaced' was published with another token" in str(error)
    assert site.ask("/replaced/").body == FILES["index.html"]
    assert site.ask("/replaced/deskapp/assets/shared/a.js").status == 200
    publish(site, "Replaced", files={"index.html": b"new"})
    assert site.ask("/replaced/").body == b"new"
    assert site.ask("/replaced/deskapp/assets/shared/a.js").status == 404


def test_a_page_that_was_loading_gets_its_own_files_to_the_end(site: RunningSite) -> None:
    publish(site, "loading")
    assert site.ask("/loading/").status == 200
    publish(site, "loading", files={"index.html": b"new", "deskapp/assets/shared/a.js": b"new"})
    assert site.ask("/loading/deskapp/assets/shared/a.js").body == b"let a = 1;"
    assert site.ask("/loading/").body == b"new"
    assert site.ask("/loading/deskapp/assets/shared/a.js").body == b"new"


def test_addresses_are_put_right(site: RunningSite) -> None:
    publish(site, "Right")
    for path, right in (
        ("/Right", "/Right/"),
        ("/right/", "/Right/"),
        ("/RIGHT/gr%C3%B6%C3%9Fe%201.svg?a=1", "/Right/gr%C3%B6%C3%9Fe%201.svg?a=1"),
    ):
        answer = site.ask(path)
        assert (answer.status, answer.headers["Location"]) == (302, right)


NOT_THERE = ["/none/", "/found/none.js", "/found/deskapp/", "/found/../deskapp-site.json", "/found/%2e%2e/app.json"]
NOT_THERE += ["/found/..%2f..%2fdeskapp-site.json", "/found/app.json", "/apps/found/app.json", "//found/", "/%ff"]
NOT_THERE += ["/found//index.html", "/found/index.html/", "/found/INDEX.html", "/deskapp-site.json", "/.lock"]
NOT_THERE += ["/found/%00", "/found/favicon.ico"]


@pytest.mark.parametrize("path", NOT_THERE)
def test_nothing_else_is_shown(site: RunningSite, path: str) -> None:
    publish(site, "found")
    assert site.ask(path).status == 404


def test_a_file_that_was_read_is_not_sent_again(site: RunningSite) -> None:
    publish(site, "cached")
    first = site.ask("/cached/")
    assert first.headers["Cache-Control"] == "no-cache"
    again = site.ask("/cached/", If_None_Match=first.headers["Etag"])
    assert (again.status, again.body, again.headers["Etag"]) == (304, b"", first.headers["Etag"])
    publish(site, "cached", files={"index.html": b"new"})
    changed = site.ask("/cached/", If_None_Match=first.headers["Etag"])
    assert (changed.status, changed.body) == (200, b"new")


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=250000-", 250000, 256000),
        ("bytes=-100", 255900, 256000),
        ("bytes=5-99999999", 5, 256000),
    ],
)
def test_parts_of_a_film_are_sent(site: RunningSite, asked: str, start: int, end: int) -> None:
    publish(site, "film")
    answer = site.ask("/film/deskapp/data/index/film.mp4", Range=asked)
    assert answer.status == 206
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/256000"
    assert answer.body == FILES["deskapp/data/index/film.mp4"][start:end]


@pytest.mark.parametrize("asked", ["bytes=256000-", "bytes=-0"])
def test_parts_that_are_not_there_are_refused(site: RunningSite, asked: str) -> None:
    publish(site, "film")
    answer = site.ask("/film/deskapp/data/index/film.mp4", Range=asked)
    assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */256000")


@pytest.mark.parametrize(
    "asked", ["lines=1-2", "bytes=1-2,4-5", "bytes=-", "bytes=9-5", "bytes=a-b", "bytes=0-1; If-Range"]
)
def test_what_is_no_simple_part_gets_the_whole(site: RunningSite, asked: str) -> None:
    publish(site, "film")
    assert site.ask("/film/deskapp/data/index/film.mp4", Range=asked).status == 200


def test_a_part_of_what_has_changed_gets_the_whole(site: RunningSite) -> None:
    publish(site, "film")
    path = "/film/deskapp/data/index/film.mp4"
    etag = site.ask(path).headers["Etag"]
    assert site.ask(path, Range="bytes=0-1", If_Range=etag).status == 206
    assert site.ask(path, Range="bytes=0-1", If_Range='"other"').status == 200


def test_head_is_get_without_its_body(site: RunningSite) -> None:
    publish(site, "head")
    head, get = site.ask("/head/", method="HEAD"), site.ask("/head/")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(FILES["index.html"])))
    assert set(head.headers) == set(get.headers)


def test_every_answer_has_its_guards(site: RunningSite) -> None:
    publish(site, "guarded")
    for path in ("/", "/guarded/", "/guarded/deskapp/assets/shared/a.js", "/none/"):
        headers = site.ask(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "Server" not in headers
        assert "Set-Cookie" not in headers
    page = site.ask("/guarded/").headers["Content-Security-Policy"]
    assert page.startswith("sandbox ")
    assert "allow-same-origin" not in page
    assert site.ask("/").headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_front_page_lists_nothing_unless_told_to(site: RunningSite, tmp_path: Path) -> None:
    publish(site, "listed")
    assert b"listed" not in site.ask("/").body
    with running_site(tmp_path / "site", "--list") as other:
        publish(other, "listed")
        assert b'<a href="listed/">listed</a>' in other.ask("/").body


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status", "said"),
    [
        ({"Authorization": ""}, 401, "the token is missing"),
        ({"Authorization": "Basic YTpi"}, 401, "the token is missing"),
        ({"Authorization": "Bearer short"}, 400, "a token has 8 to 200"),
        ({"Deskapp_Name": ""}, 400, "Deskapp-Name is missing"),
        ({"Deskapp_Name": "../x"}, 400, "no name for an app"),
        ({"Deskapp_Name": "con"}, 400, "no name for an app"),
        ({"Content_Type": "text/plain"}, 415, "application/zip"),
        ({"Content_Type": ""}, 415, "application/zip"),
    ],
)
def test_a_head_that_is_wrong_is_refused(site: RunningSite, headers: Any, status: int, said: str) -> None:
    answer = post(site, **headers)
    assert (answer.status, answer.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert said in answer.body.decode()
    assert TOKEN not in answer.body.decode()


def test_the_address_of_another_app_is_refused(site: RunningSite) -> None:
    assert post(site, "/other/").status == 400
    assert post(site, f"/posted/{TOKEN}").status == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "PATCH"])
def test_other_methods_are_refused(site: RunningSite, method: str) -> None:
    answer = site.ask("/", method=method, body=b"" if method != "OPTIONS" else None)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD, POST")


def test_what_is_no_publication_is_refused_and_nothing_is_left(site: RunningSite) -> None:
    for body in (b"", b"hello", pack({"a.html": b""}), pack(FILES)[:-1]):
        assert post(site, body=body, Deskapp_Name="broken").status == 400
    assert site.ask("/broken/").status == 404
    assert list((site.folder / "incoming").iterdir()) == []


def test_too_many_files_are_refused(site: RunningSite) -> None:
    error = refused(site, "many", files={"index.html": b"", **{f"{n}.js": b"" for n in range(20)}})
    assert (error.status, "21 files are too many, the most are 20" in str(error)) == (413, True)


def test_too_large_an_upload_is_refused_and_its_sender_hears_why(site: RunningSite) -> None:
    large = {"index.html": b"", "noise": random.Random(1).randbytes(1_500_000)}
    error = refused(site, "large", files=large)
    assert (error.status, "this is too large, the most are 1048576 bytes" in str(error)) == (413, True)
    # Without saying how much will come, too.
    body = b"".join(b"10000\r\n" + b"x" * 65536 + b"\r\n" for _ in range(20)) + b"0\r\n\r\n"
    answer = post(site, body=body, Deskapp_Name="large", Transfer_Encoding="chunked")
    assert answer.status == 413
    assert list((site.folder / "incoming").iterdir()) == []
    assert site.ask("/large/").status == 404


def test_chunks_are_taken(site: RunningSite) -> None:
    whole = pack(FILES)
    body = f"{len(whole):x}\r\n".encode() + whole + b"\r\n0\r\n\r\n"
    assert post(site, body=body, Deskapp_Name="chunked", Transfer_Encoding="chunked").status == 201


def test_an_upload_that_breaks_off_leaves_nothing(site: RunningSite) -> None:
    parts = urlsplit(site.url)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10) as broken:
        head = f"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nDeskapp-Name: broken\r\n"
        broken.sendall(f"{head}Content-Type: application/zip\r\nContent-Length: 1000\r\n\r\n".encode() + b"x" * 500)
        wait_until(lambda: len(list((site.folder / "incoming").iterdir())) == 1)
    wait_until(lambda: not list((site.folder / "incoming").iterdir()))
    assert site.ask("/broken/").status == 404


def wait_until(condition: object, *, timeout_s: float = 10) -> None:
    assert callable(condition)
    turn = threading.Event()
    for _ in range(int(timeout_s / 0.01)):
        if condition():
            return
        turn.wait(0.01)
    raise TimeoutError(condition)


def test_a_slow_sender_does_not_keep_others_out(tmp_path: Path) -> None:
    with running_site(tmp_path / "site", "--behind-proxy") as site, contextlib.ExitStack() as slow:
        parts = urlsplit(site.url)
        for n in range(4):
            one = slow.enter_context(socket.create_connection((parts.hostname or "", parts.port or 0), timeout=10))
            head = f"POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\nDeskapp-Name: slow{n}\r\n"
            head += "X-Forwarded-For: 203.0.113.9\r\nContent-Type: application/zip\r\nContent-Length: 1000\r\n\r\n"
            one.sendall(head.encode())
        wait_until(lambda: len(list((site.folder / "incoming").iterdir())) == 4)
        assert post(site, X_Forwarded_For="203.0.113.9").status == 503
        assert post(site, X_Forwarded_For="203.0.113.10").status == 201
        slow.close()
        wait_until(lambda: not list((site.folder / "incoming").iterdir()))
        assert post(site, X_Forwarded_For="203.0.113.9").status == 200


def test_of_publications_at_once_one_has_the_name(site: RunningSite) -> None:
    outcomes: dict[str, str] = {}

    def send(token: str) -> None:
        try:
            outcomes[token] = publish(site, "wanted", token, {"index.html": token.encode()})
        except PublishError as error:
            outcomes[token] = str(error.status)

    threads = [threading.Thread(target=send, args=(f"token-of-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    winners = [token for token, outcome in outcomes.items() if outcome.startswith("http")]
    assert sorted(outcomes.values()) == ["403", "403", "403", f"{site.url}wanted/"]
    assert site.ask("/wanted/").body.decode() == winners[0]


def test_guessing_is_slowed_down(tmp_path: Path) -> None:
    with running_site(tmp_path / "site") as site:
        publish(site, "clock")
        answers = [post(site, Deskapp_Name="clock", Authorization=f"Bearer guess-number-{n}") for n in range(11)]
        assert [answer.status for answer in answers] == [403] * 10 + [429]
        assert int(answers[-1].headers["Retry-After"]) > 500
        assert "too many wrong tokens" in str(refused(site, "clock"))
        assert site.ask("/clock/").status == 200
        code, said = site.end()
    assert code == 143
    assert "clock: refused, from 127.0.0.1" in said
    assert TOKEN not in said
    assert "guess-number" not in said


def test_behind_a_proxy_each_sender_counts_for_himself(tmp_path: Path) -> None:
    with running_site(tmp_path / "site", "--behind-proxy") as site:
        publish(site, "clock")
        for n in range(10):
            post(site, Deskapp_Name="clock", Authorization=f"Bearer guess-number-{n}", X_Forwarded_For="203.0.113.9")
        assert post(site, Deskapp_Name="clock", X_Forwarded_For="203.0.113.9").status == 429
        assert post(site, Deskapp_Name="clock", X_Forwarded_For="203.0.113.10").status == 200


def test_whoever_is_not_behind_a_proxy_cannot_say_who_he_is(tmp_path: Path) -> None:
    with running_site(tmp_path / "site") as site:
        publish(site, "clock")
        for n in range(10):
            post(site, Deskapp_Name="clock", Authorization="Bearer guess-number", X_Forwarded_For=f"203.0.113.{n}")
        assert post(site, Deskapp_Name="clock", X_Forwarded_For="203.0.113.99").status == 429


# -- the service -------------------------------------------------------------------------------------------------------


def test_what_was_published_is_there_after_a_restart(tmp_path: Path) -> None:
    with running_site(tmp_path / "site") as site:
        assert site.ready == f"The site is at {site.url} and has 0 apps."
        publish(site, "clock")
        assert site.end(signal.SIGINT)[0] == 130
    with running_site(tmp_path / "site", "--closed") as site:
        assert site.ready.endswith("has 1 app.")
        assert site.ask("/clock/").body == FILES["index.html"]
        assert refused(site, "clock", "another-token").status == 403
        assert "takes no new names" in str(refused(site, "other"))
        publish(site, "clock", files={"index.html": b"new"})
        assert site.end()[0] == 143


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--max-bytes", "much"], "'much' is no size; write 5000, 64K, 64M or 1G"),
        (["--max-bytes", "0"], "'0' is no size"),
        (["--ssl-keyfile", "key.pem"], "a key needs its certificate"),
        (["--ssl-certfile", "none.pem"], "cannot be read: [Errno 2] No such file"),
        (["--host", "203.0.113.1"], "choose another --host or --port"),
        (["--port", "65536"], "choose another --host or --port"),
    ],
)
def test_a_site_that_cannot_be_says_why(tmp_path: Path, options: list[str], said: str) -> None:
    command = [sys.executable, "-m", "deskapp", "site", str(tmp_path / "site"), "--port", "0", *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    command = [sys.executable, "-m", "deskapp", "site", str(tmp_path), "--port", "0"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert f"'{tmp_path}': it holds something else" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


# -- App.publish -------------------------------------------------------------------------------------------------------


class Text(JsComponent):
    def init(self, text: str) -> None:
        self.node.textContent = text


class Hello(PyComponent):
    text = event.StringProp("hello from Python")

    def init(self) -> None:
        Text(self.text)


@pytest.fixture
def config(tmp_path: Path) -> Iterator[Config]:
    mine = Config(project=tmp_path, environ={}, argv=())
    before = use_config(mine)
    with AppHarness():
        yield mine
    use_config(before)


def test_an_app_is_published_as_it_is_dumped(site: RunningSite, config: Config) -> None:
    app = App(Hello)
    assert app.publish("hello", TOKEN, site.url) == f"{site.url}hello/"
    files = app.dump("index.html", 2)
    for path, content in files.items():
        assert site.ask(f"/hello/{path}").body == content
    config.publish_url = site.url + "{name}/"
    assert app.publish("hello", TOKEN) == f"{site.url}hello/"
    with pytest.raises(PublishError, match="another token"):
        app.publish("hello", "another-token")


def test_without_a_site_nothing_is_made(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(App, "dump", lambda *_: pytest.fail("made in vain"))
    with pytest.raises(PublishError, match="deskapp site DIR"):
        App(Hello).publish("hello", TOKEN)
    with pytest.raises(PublishError, match="a name begins with a letter"):
        App(Hello).publish("../hello", TOKEN, "https://a.example/")


def test_the_record_of_an_app_is_readable(site: RunningSite) -> None:
    publish(site, "Recorded")
    record = json.loads((site.folder / "apps" / "recorded" / "app.json").read_text(encoding="utf-8"))
    assert (record["name"], sorted(record["files"])) == ("Recorded", sorted(FILES))


def test_with_a_certificate_tokens_travel_in_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = make_certificate(tmp_path)
    options = ["--ssl-certfile", str(certificate), "--ssl-keyfile", str(key)]
    with running_site(tmp_path / "site", *options) as site:
        assert site.url.startswith("https://127.0.0.1:")
        error = refused(site, "clock")
        assert "the site's certificate is not to be trusted: self-signed certificate" in str(error)
        assert "SSL_CERT_FILE" in str(error)
        assert site.folder.joinpath("apps").exists()
        assert list(site.folder.joinpath("apps").iterdir()) == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert publish(site, "clock") == f"{site.url}clock/"
        trusts = ssl.create_default_context(cafile=str(certificate))
        assert site.ask("/clock/", trusts=trusts).body == FILES["index.html"]


def test_who_opens_a_site_to_others_without_a_certificate_is_warned(tmp_path: Path) -> None:
    with running_site(tmp_path / "site", "--host", "0.0.0.0") as site:
        assert "everybody on the way can read tokens" in site.end()[1]
