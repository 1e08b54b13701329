from __future__ import annotations

import faulthandler
import json
import logging
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskapp import _frozen, app, paths
from deskapp._config_object import Config, default_config, use_config
from deskapp._frozen import FileLog, Product, run_entry, start
from deskapp.desktop import error_box
from deskapp.launcher import PRODUCT_ICON, Launcher
from deskapp.testing import FakeRuntime
from tests.unit.session.classes import Main

PRODUCT = Product("The Test", "1.2", "org.example.test", "frozen_program", slug="the-test")


@pytest.fixture(autouse=True)
def _as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder of one's own, and everything that a start changes put back."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(sys, "argv", ["program"])
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    main, root, ours = sys.modules["__main__"], logging.getLogger(), logging.getLogger("deskapp")
    handlers, level, config, old = list(root.handlers), ours.level, use_config(None), app.use_launcher(None)
    yield
    for handler in [one for one in root.handlers if one not in handlers]:
        root.removeHandler(handler)
        handler.close()
    ours.setLevel(level)
    use_config(config)
    app.use_launcher(old)
    faulthandler.enable()
    sys.modules["__main__"] = main
    sys.modules.pop("frozen_program", None)


def program(tmp_path: Path, text: str) -> None:
    (tmp_path / "frozen_program.py").write_text(text, encoding="utf-8")


def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, **files: str) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    for name, text in files.items():
        (tmp_path / name.replace("__", ".")).write_text(text, encoding="utf-8")


def test_a_module_without_attribute_is_run_as_main(tmp_path: Path) -> None:
    program(tmp_path, "import sys\nname = __name__\nargv = list(sys.argv)\n")
    assert start(PRODUCT) == 0
    assert sys.modules["__main__"].name == "__main__"


def test_a_function_is_called_and_what_it_returns_is_the_exit_code(tmp_path: Path) -> None:
    program(tmp_path, "def main():\n    return 5\ndef other():\n    return 'x'\n")
    assert run_entry(Product("T", "1", "org.example.t", "frozen_program", "main")) == 5
    assert run_entry(Product("T", "1", "org.example.t", "frozen_program", "other")) == 0


@pytest.mark.parametrize(("runtime", "calls"), [("webview", ["launch", "run"]), (None, ["serve", "start"])])
def test_a_class_is_launched_or_served(monkeypatch: pytest.MonkeyPatch, runtime: str | None, calls: list[str]) -> None:
    said: list[str] = []
    for name in ("launch", "run", "serve", "start"):
        monkeypatch.setattr(app, name, lambda *args, name=name: said.append(name) or 0)
    monkeypatch.setitem(sys.modules, "frozen_program", types.ModuleType("frozen_program"))
    sys.modules["frozen_program"].Main = Main  # type: ignore[attr-defined]
    assert run_entry(Product("T", "1", "org.example.t", "frozen_program", "Main", runtime)) == 0
    assert said == calls


def test_the_product_gives_settings_that_environment_and_code_may_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled(tmp_path, monkeypatch, deskapp_manifest__json='{\n"format": 1,\n"settings": {"exit_policy": "never"},\n}\n')
    program(tmp_path, "")
    monkeypatch.setenv("DESKAPP_RUNTIME", "browser")
    start(Product("T", "1", "org.example.t", "frozen_program", runtime="webview"))
    config = default_config()
    assert (config.app_id, config.exit_policy, config.runtime) == ("org.example.t", "never", "browser")
    assert config.origin("app_id") == "the frozen program"
    assert Launcher(select=lambda _: [FakeRuntime]).app_id == "org.example.t"


def test_settings_of_a_product_stand_in_for_the_project() -> None:
    config = Config(product={"port": 7}, environ={}, argv=[])
    assert config.port == 7
    config.load_from_string("port = 8")
    assert config.port == 8


def test_an_error_is_logged_shown_and_ends_the_program_with_code_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(error_box, "show_error", lambda *args: shown.append(args))
    program(tmp_path, "def f():\n    raise ValueError('no <good>')\nf()\n")
    assert start(PRODUCT) == 1
    log = paths.app_paths("org.example.test").log / "the-test.log"
    text = log.read_text(encoding="utf-8")
    assert "CRITICAL deskapp: The Test 1.2 ended by an error" in text
    assert "in f" in text
    assert shown == [("The Test", "ValueError: no <good>", log, [])]


def test_an_exit_code_of_the_programs_own_is_kept(tmp_path: Path) -> None:
    program(tmp_path, "raise SystemExit(4)\n")
    with pytest.raises(SystemExit, match="4"):
        start(PRODUCT)


def test_a_start_without_a_word_makes_no_log_but_a_place_for_crashes(tmp_path: Path) -> None:
    program(tmp_path, "")
    start(PRODUCT)
    assert [path.name for path in paths.app_paths("org.example.test").log.iterdir()] == ["the-test-crash.log"]


def test_the_log_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_frozen, "LOG_BYTES", 200)
    handler = FileLog(tmp_path / "logs" / "a.log")
    for number in range(40):
        handler.emit(logging.makeLogRecord({"msg": f"line {number}", "levelname": "INFO", "name": "x"}))
    handler.close()
    files = {path.name: path.stat().st_size for path in (tmp_path / "logs").iterdir()}
    assert set(files) == {"a.log", "a.log.1", "a.log.2"}
    assert max(files.values()) <= 200


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "state").write_text("a file where a folder should be", encoding="utf-8")
    program(tmp_path, "import logging\nlogging.getLogger('deskapp').error('x')\ndone = True\n")
    assert start(PRODUCT) == 0
    assert sys.modules["__main__"].done


def test_a_large_crash_file_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_frozen, "CRASH_BYTES", 3)
    folder = paths.ensure_private(paths.app_paths("org.example.test").log)
    (folder / "the-test-crash.log").write_text("12345", encoding="utf-8")
    program(tmp_path, "")
    start(PRODUCT)
    assert (folder / "the-test-crash.log.1").read_text() == "12345"
    assert (folder / "the-test-crash.log").read_text() == ""


def test_streams_that_are_not_there_swallow_what_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "import sys\nsys.stdout.write('x')\nsys.stderr.write('y')\nprint('z')\n")
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert start(PRODUCT) == 0
    sys.stdout.close()
    sys.stderr.close()


@pytest.mark.parametrize("word", ["--deskapp-version", "--deskapp-licenses"])
def test_questions_are_answered_without_running_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    bundled(tmp_path, monkeypatch, licenses="")
    program(tmp_path, "raise RuntimeError\n")
    sys.argv.append(word)
    assert start(PRODUCT) == 0
    said = capsys.readouterr().out
    assert ("The Test 1.2" if word == "--deskapp-version" else str(tmp_path / "licenses")) in said


def test_the_page_of_an_error_is_shown_as_a_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[Any] = []
    monkeypatch.setattr(app, "launch", lambda url, **options: said.append((url, options["title"])))
    monkeypatch.setattr(app, "run", lambda: 0)
    page = tmp_path / "It has ended.html"
    sys.argv += ["--deskapp-show-error", str(page)]
    assert start(PRODUCT) == 0
    assert said == [(page.as_uri(), "It has ended")]


def test_a_worker_of_multiprocessing_does_its_work_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def freeze_support() -> None:
        raise SystemExit(0)

    fake = types.ModuleType("multiprocessing")
    fake.freeze_support = freeze_support  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "multiprocessing", fake)
    program(tmp_path, "raise RuntimeError\n")
    sys.argv += ["--multiprocessing-fork", "parent_pid=1"]
    with pytest.raises(SystemExit, match="0"):
        start(PRODUCT)


async def test_a_frozen_program_s_windows_have_its_icon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from deskapp.testing import AppHarness

    bundled(tmp_path, monkeypatch, deskapp_icon__png="")
    async with AppHarness() as harness:
        window = await harness.window(harness.launch(Main))
        assert harness.runtime.windows[window].spec.icon == tmp_path / PRODUCT_ICON


def test_a_program_that_is_not_frozen_has_no_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    (tmp_path / "deskapp_manifest.json").write_text(json.dumps({}), encoding="utf-8")
    assert paths.bundled_manifest() is None
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert paths.bundled_manifest() == tmp_path / "deskapp_manifest.json"


def test_a_script_that_freezes_itself_does_not_when_it_is_frozen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundled(tmp_path, monkeypatch)
    assert app.App(Main).freeze(tmp_path / "out") == Path(sys.executable)
    assert not (tmp_path / "out").exists()
