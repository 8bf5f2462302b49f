"""Reports as text and as part of a document."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hasim.conform import Report, compare_events, report_json, report_lines, write_document
from hasim.conform.text import BEGIN, END
from hasim.errors import ConfigError
from tests.conformance.made import event, recording

TOLD = [event(1.0, "node1", "mcp", "comm-up"), event(2.0, "node1", "mcp", "acquire-from", peer="n")]
VERDICT = {
    "tests": "ABCD", "pass": False, "runs": [],
    "scenarios": {"made": {
        "runs": 1, "conditionable": True,
        "A": {"events": 2, "exact": 2, "tie": 0, "carried": 0, "wrong": 0, "order": 0, "runs": 1,
              "equal": 1, "pass": 1},
        "B": {"rows": [], "pass": True}, "D": {"recall": 1.0, "precision": 0.5}}},
    "A": {"pass": True, "runs": 1, "equal": 1.0, "exact": 1.0, "tie": 0, "carried": 0.0,
          "wrong": 0.0, "order": 0, "bad_pins": 0, "never_equal": [], "why": [],
          "early": {"K=1 D=5": {"n": 2, "recorded": 1, "simulated": 1, "p": 1.0}}},
    "B": {"pass": True, "scenarios": 1, "failed": [], "unsettled": 0, "thin": []},
    "C": {"pass": False, "thin": [], "uncovered": 0.0, "rows": {"comm-up": {
        "n": 9, "p_holm": 0.5, "median_error": 0.01, "interval": [0.0, 0.1], "pass": True}}},
    "D": {"pass": False, "recall": 1.0, "precision": 0.5, "intervals": None, "source": "logs"},
}  # fmt: skip


def report() -> Report:
    result = compare_events(recording(TOLD), TOLD)
    return Report((result,), (("06c-power/01", "no fencing"),), VERDICT, 400)


def test_a_report_names_what_was_left_out_and_what_the_judge_says() -> None:
    text = "\n".join(report_lines(report()))
    assert "left out: no fencing: 06c-power (1 recordings)" in text
    assert "judge: A pass: 1 runs, sequences equal 100.0%" in text
    assert "judge: verdict on ABCD: FAIL" in text
    assert "conform: agrees" in text


def test_json_has_the_figures_and_the_judge() -> None:
    data = json.loads(report_json(report()))
    assert data["figures"]["exact"] == 1.0
    assert data["judge"]["A"]["runs"] == 1
    assert "runs" not in data["judge"]


def test_figures_are_written_between_the_marks_and_twice_to_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "doc.md"
    path.write_text(f"# Title\n\n{BEGIN}\nold\n{END}\n\nafter\n")
    write_document(path, report())
    once = path.read_text()
    write_document(path, report())
    assert path.read_text() == once
    assert once.startswith("# Title\n")
    assert once.endswith(f"{END}\n\nafter\n")
    assert "old" not in once
    assert "| made | 1 | 1 | 2 | 0 | 0 | 0 | pass | 1.000 | 0.500 |" in once


@pytest.mark.parametrize("content", ["", BEGIN, END, f"{END}\n{BEGIN}"])
def test_a_document_without_both_marks_is_refused_untouched(content: str, tmp_path: Path) -> None:
    path = tmp_path / "doc.md"
    path.write_text(content)
    with pytest.raises(ConfigError, match="no marks for the figures"):
        write_document(path, report())
    assert path.read_text() == content
