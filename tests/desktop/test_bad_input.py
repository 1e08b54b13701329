"""Mistakes of users, programs and machines: each is told plainly, nothing hangs, and what can go on goes on."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from tests.desktop.program import Program, Start, starting
from tests.desktop.screen import Screen

pytestmark = pytest.mark.desktop

# Found by every Python of the test as `sitecustomize`: hides modules, or lets their import fail.
SITECUSTOMIZE = """
import sys
from importlib.machinery import ModuleSpec, PathFinder
HIDDEN, BROKEN = {hidden!r}, {broken!r}
class Broken:
    def create_module(self, spec): return None
    def exec_module(self, module): raise ImportError(f"{{module.__name__}} is broken on this machine")
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        top = name.partition(".")[0]
        if top in HIDDEN:
            return None
        if name in BROKEN:
            return ModuleSpec(name, Broken(), is_package=True)
        return PathFinder.find_spec(name, path, target)
sys.meta_path[:] = [Finder if finder is PathFinder else finder for finder in sys.meta_path]
"""
QT = ("PyQt6", "PySide6", "PyQt5", "PySide2", "qtpy")


def without(tmp_path: Path, *, hidden: tuple[str, ...] = (), broken: tuple[str, ...] = ()) -> str:
    """A PYTHONPATH with which these modules are not there, or cannot be imported."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(SITECUSTOMIZE.format(hidden=hidden, broken=broken))
    return os.pathsep.join([str(folder), str(Path(__file__).parents[2])])


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a program."""

    def write(source: str) -> Path:
        path = tmp_path / "program.py"
        path.write_text(dedent(source))
        return path

    return write


Write = Callable[[str], Path]

# -- the machine -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("runtime", ["app", "app or browser"])
def test_without_a_screen_launch_says_so_at_once(start: Start, runtime: str) -> None:
    program = start("windows.py", runtime=runtime, env={"DISPLAY": None})
    assert program.wait(timeout_s=5) == 1
    assert "RuntimeUnavailable: No runtime for" in program.log
    assert "neither DISPLAY nor WAYLAND_DISPLAY is set" in program.log
    assert "xvfb-run" in program.log
    assert "deskapp doctor" in program.log
    assert not program.all("running")


@pytest.mark.parametrize("runtime", ["app", "app or browser"])
def test_a_screen_that_refuses_makes_run_raise_with_the_toolkits_words(start: Start, runtime: str) -> None:
    program = start("windows.py", runtime=runtime, env={"DISPLAY": ":9999"})
    raised = program.until("raised", timeout_s=10)
    assert raised["kind"] == "RuntimeFailed"
    assert "display" in raised["text"].lower()
    assert program.all("disposed", title="one")
    assert program.wait() == 1


NO_BROWSERS = {f"DESKAPP_{kind}": "/no/such/browser" for kind in ("FIREFOX", "CHROME", "EDGE")}


def test_without_any_toolkit_launch_names_what_is_missing_and_how_to_get_it(start: Start, tmp_path: Path) -> None:
    path = without(tmp_path, hidden=("gi", *QT))
    program = start("windows.py", env={"PYTHONPATH": path, "DESKAPP_TOOLKIT": None, **NO_BROWSERS})
    assert program.wait(timeout_s=5) == 1
    assert "DESKAPP_FIREFOX is '/no/such/browser', which is no program" in program.log
    assert "PyGObject (the module gi) is not installed" in program.log
    assert "To mend it: pip install 'PyGObject" in program.log
    assert "QtPy is not installed" in program.log
    assert not program.all("running")


def test_deskapp_doctor_fails_where_nothing_works(start: Start, tmp_path: Path) -> None:
    path = without(tmp_path, hidden=("gi", *QT))
    empty = tmp_path / "bin"
    empty.mkdir()
    changes = {"PYTHONPATH": path, "DESKAPP_TOOLKIT": None, "PATH": str(empty), "BROWSER": None, **NO_BROWSERS}
    program = start(command=["-m", "deskapp", "doctor"], env=changes)
    assert program.wait() == 1
    assert "No runtime works here" in program.text
    assert "pip install" in program.text


def test_a_toolkit_that_breaks_when_it_starts_gives_way_to_the_next(start: Start, tmp_path: Path) -> None:
    path = without(tmp_path, broken=("gi",))
    program = start("windows.py", titles=["one", "two"], env={"PYTHONPATH": path, "DESKAPP_TOOLKIT": None})
    for title in ("one", "two"):
        program.until("seen", title=title)
    program.until_logged("webview-gtk", "gi is broken on this machine", "Trying the next runtime")
    for title in ("one", "two"):
        program.close(title)
    assert program.wait() == 0


def test_a_port_that_was_asked_for_and_is_taken_is_an_error(start: Start) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        program = start("windows.py", env={"DESKAPP_PORT": str(port)})
        assert program.wait(timeout_s=5) == 1
    assert f"ConfigError: Setting 'port' (from environment variable DESKAPP_PORT) cannot be {port}" in program.log
    assert "in use" in program.log
    program.assert_nothing_left()


def test_two_programs_of_one_name_do_not_get_in_each_others_way(start: Start) -> None:
    first, second = start("windows.py"), start("windows.py")
    for program in (first, second):
        program.until("seen")
    for program in (first, second):
        program.close("one")
        assert program.wait() == 0


# -- the program -------------------------------------------------------------------------------------------------------


def last_line(program: Program) -> str:
    return program.log.strip().splitlines()[-1]


def test_a_class_that_is_no_component_is_refused(start: Start, write: Write) -> None:
    program = start(write("import deskapp\nclass Window: ...\ndeskapp.launch(Window)"))
    assert program.wait(timeout_s=5) == 1
    assert "TypeError" in last_line(program)
    assert "Window" in last_line(program)
    assert "PyComponent" in last_line(program)
    program.assert_nothing_left()


def test_a_name_that_another_app_has_is_refused(start: Start, write: Write) -> None:
    source = """
        import deskapp
        class One(deskapp.PyComponent): ...
        class Two(deskapp.PyComponent): ...
        deskapp.App(One).serve("shop")
        deskapp.App(Two).serve("shop")
        """
    program = start(write(source))
    assert program.wait(timeout_s=5) == 1
    assert "ConfigError: Setting 'name'" in last_line(program)
    assert "__main__.One has this name already" in last_line(program)
    assert "App(Two).serve('other_name')" in last_line(program)


def test_python_that_cannot_become_javascript_is_named_with_file_line_and_construct(start: Start, write: Write) -> None:
    source = """
        from deskapp import JsComponent, event, launch, run
        class Page(JsComponent):
            @event.reaction("text")
            def show(self, *events):
                import os
                self.node.textContent = os.getcwd()
            text = event.StringProp("")
        launch(Page)
        run()
        """
    path = write(source)
    program = start(path)
    assert program.wait(timeout_s=5) == 1
    assert f"{path}:6: " in program.log
    assert "TranspileError" in last_line(program)
    assert "Page.show cannot become JavaScript" in last_line(program)
    assert "import" in last_line(program)
    program.assert_nothing_left()


def test_an_option_that_does_not_exist_is_refused_with_the_nearest_name(start: Start) -> None:
    program = start("windows.py", wishes={"titel": "x"})
    assert program.wait(timeout_s=5) == 1
    assert "'titel'" in last_line(program)
    assert "did you mean 'title'" in last_line(program)


def test_a_runtime_that_does_not_exist_is_refused_with_the_nearest_name(start: Start) -> None:
    program = start("windows.py", runtime="webvew")
    assert program.wait(timeout_s=5) == 1
    assert "'webvew'" in last_line(program)
    assert "did you mean 'webview'" in last_line(program)


def test_an_init_that_fails_ends_launch_with_its_own_error(start: Start, write: Write) -> None:
    source = """
        import deskapp
        class Main(deskapp.PyComponent):
            def init(self):
                raise ValueError("no such file of mine")
        deskapp.launch(Main)
        """
    program = start(write(source))
    assert program.wait(timeout_s=5) == 1
    assert last_line(program) == "ValueError: no such file of mine"
    program.assert_nothing_left()


def test_a_program_that_launches_and_never_runs_leaves_nothing(start: Start, write: Write) -> None:
    program = start(write("import deskapp\nclass Main(deskapp.PyComponent): ...\ndeskapp.launch(Main)"))
    assert program.wait(timeout_s=5) == 0
    program.assert_nothing_left()


def test_a_component_outside_any_app_is_refused(start: Start, write: Write) -> None:
    program = start(write("import deskapp\nclass Main(deskapp.PyComponent): ...\nMain()"))
    assert program.wait(timeout_s=5) == 1
    assert "SessionNotFoundException: Main(…) needs a session" in last_line(program)


# -- what happens in a running program ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def kept(screen: Screen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Start, list[Program]]]:
    """Starts programs that outlive a test, and holds the one that does."""
    programs: list[Program] = []
    with starting(screen, tmp_path_factory.mktemp("kept")) as start:
        yield start, programs
        for program in programs:
            program.remember_family()
            program.close("Main")
            assert program.wait(timeout_s=3) == 0
            program.assert_nothing_left()


@pytest.fixture
def faulty(kept: tuple[Start, list[Program]]) -> Iterator[Program]:
    """A window that is as alive after the test's mistakes as before; a new one if an earlier test did it harm."""
    start, programs = kept
    if not programs:
        programs.append(start("faulty.py"))
        programs[0].until("alive", n=0)
    program = programs.pop()
    program.forget()
    yield program
    program.tell("page", "answer", 77)
    program.until("alive", n=77, timeout_s=5)
    assert not program.all("returned")
    assert program.titles() == ["Main"]
    programs.append(program)


IN_PYTHON = {
    "raise_in_action": "raised in an action in Python",
    "set_trigger": "raised in a reaction in Python",
    "raise_in_async_action": "raised in an async action in Python",
}


@pytest.mark.parametrize("action", IN_PYTHON)
def test_an_exception_in_python_is_logged_with_its_traceback(faulty: Program, action: str) -> None:
    faulty.tell("python", action, *([int(time.monotonic())] if action.startswith("set") else []))
    faulty.until_logged(f"ValueError: {IN_PYTHON[action]}", "Traceback", "faulty.py", "raise_in_")


IN_PAGE = {
    "raise_in_action": ("thrown in an action of the page", "raise_in_action"),
    "set_trigger": ("thrown in a reaction of the page", "raise_in_reaction"),
    "raise_later": ("there_is_nothing", "do_raise_later"),
    "reject": ("nobody caught this promise", "reject"),
    "make_broken_child": ("thrown in init in the page", "init"),
    "call_absent": ("there_is_no_such", "call_absent"),
    "take_wrong_type": ("level", "four"),
    "mutate_python": ("count", "belongs to Python"),
}


@pytest.mark.parametrize("action", IN_PAGE)
def test_an_error_in_the_page_reaches_pythons_log_with_its_stack(faulty: Program, action: str) -> None:
    faulty.tell("page", action, *([int(time.monotonic())] if action.startswith("set") else []))
    faulty.until_logged("Main: ", *IN_PAGE[action])
    assert re.search(r"http://127.0.0.1:\d+/\S*:\d+:\d+|deskapp/\S+:\d+:\d+", faulty.log), "no stack"


def test_a_component_whose_init_fails_in_the_page_is_reported(faulty: Program) -> None:
    faulty.tell("make_broken_child_from_python")
    faulty.until_logged("thrown in init in the page", "BrokenInPage")


def test_a_window_whose_init_fails_while_the_program_runs_is_not_opened(faulty: Program) -> None:
    faulty.tell("launch_broken")
    faulty.until_logged("ValueError: raised in init in Python", "Traceback", "BrokenInPython")
    assert faulty.titles() == ["Main"]


def test_a_value_that_cannot_travel_is_refused_with_its_place(faulty: Program) -> None:
    faulty.tell("set_unserialisable")
    faulty.until_logged("CodecError", "Main_1.anything", "object", "deep")


def test_a_value_of_the_page_that_cannot_travel_is_refused_with_its_place(faulty: Program) -> None:
    faulty.tell("page", "send_unserialisable")
    faulty.until_logged("Main_1.take()", "Document")
    assert not faulty.all("took")


def test_an_action_that_does_not_exist_is_an_attribute_error(faulty: Program) -> None:
    faulty.tell("page", "fly")
    faulty.until_logged("AttributeError", "'fly'")


def test_a_page_that_calls_what_is_no_action_is_refused(faulty: Program) -> None:
    faulty.tell("page", "call_undeclared")
    faulty.until_logged("Main_1 has no action 'secret'")
    assert not faulty.all("secret")


def test_a_page_that_sends_an_argument_of_the_wrong_type_is_refused(faulty: Program) -> None:
    faulty.tell("page", "call_with_wrong_type")
    faulty.until_logged("Main_1.alive", "'n' must be int, 'seven' was sent")


def test_a_page_that_sends_too_many_arguments_is_refused(faulty: Program) -> None:
    faulty.tell("page", "call_with_too_many")
    faulty.until_logged("Main_1.alive", "3 arguments were sent, 1 expected")


def test_a_value_of_the_wrong_type_is_refused_in_python(faulty: Program) -> None:
    faulty.tell("python", "set_count", "many")
    faulty.until_logged("count", "many", "Traceback")


def test_a_call_of_the_pages_action_with_the_wrong_type_is_told(faulty: Program) -> None:
    faulty.tell("page", "set_level", "four")
    faulty.until_logged("level", "four")


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("1 +", "ClientError", "SyntaxError"),
        ("nobody.knows", "ClientError", "ReferenceError"),
        ("throw new Error('mine')", "ClientError", "mine"),
        ("document", "ClientError", "Document"),
    ],
)
def test_javascript_that_fails_raises_where_it_was_asked_for(faulty: Program, code: str, kind: str, words: str) -> None:
    faulty.tell("evaluate", code)
    failed = faulty.until("eval_failed", timeout_s=5)
    assert failed["kind"] == kind
    assert words in failed["text"]


def test_a_value_that_cannot_travel_does_not_keep_a_page_from_being_rebuilt(faulty: Program) -> None:
    faulty.tell("set_unserialisable")
    faulty.tell("make_broken_child_from_python")
    faulty.until_logged("CodecError", "thrown in init in the page")
    faulty.tell("page", "reload")
    faulty.until("alive", n=0, timeout_s=5)
    faulty.until_logged("Main_1.anything", "BrokenInPage")
