"""Rules for values of fields; the vectors are checked in JavaScript as well."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deskapp.script.rules import OF_TYPE, find_fault, rules_of, size_text

VECTORS = Path(__file__).parents[2] / "vectors" / "script" / "rules.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['type']} {json.dumps(case['facts'])}")
def test_values_keep_to_the_rules_of_their_type(case: dict[str, Any]) -> None:
    rules = rules_of(case["type"], case["facts"])
    assert rules == case["rules"]
    messages = {name: message for name, _, message in rules}
    for raw, name in case["raws"]:
        assert find_fault(rules, raw) == (None if name is None else messages[name]), raw


def test_there_are_vectors_of_every_type() -> None:
    assert {case["type"] for case in CASES} == set(OF_TYPE)


def test_sizes_are_written_as_people_write_them() -> None:
    sizes = [0, 1000, 1024, 1536, 20 * 1024, 2**20, int(5.26 * 2**30), 2000 * 2**30]
    texts = ["0 bytes", "1000 bytes", "1 KB", "1.5 KB", "20 KB", "1 MB", "5.3 GB", "2000 GB"]
    assert [size_text(size) for size in sizes] == texts
