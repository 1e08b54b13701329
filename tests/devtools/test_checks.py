from __future__ import annotations

from pathlib import Path

import pytest

from devtools.checks import NODE, node_test, node_version

needs_node = pytest.mark.skipif(node_version() < NODE, reason="there is no Node.js on PATH that can limit tests")


@needs_node
@pytest.mark.parametrize("text", ["setInterval(() => {}, 1000);", "for (;;);"], ids=["open handle", "endless loop"])
def test_a_file_of_javascript_tests_that_does_not_end_is_a_failure(tmp_path: Path, text: str) -> None:
    file = tmp_path / "hangs.test.js"
    file.write_text(f'require("node:test").test("passes", () => {{}});\n{text}\n', encoding="utf-8")
    assert node_test([file], limit_s=1) != 0


@needs_node
def test_javascript_tests_that_end_in_time_decide_for_themselves(tmp_path: Path) -> None:
    file = tmp_path / "ends.test.js"
    file.write_text('require("node:test").test("passes", () => {});\n', encoding="utf-8")
    assert node_test([file]) == 0
