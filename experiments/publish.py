"""Write ``docs/experiments.md`` anew: ``python experiments/publish.py``.

Each experiment runs in full. Its table goes between its two marks in the document, its figure to
``docs/pictures/experiments``, and what the table holds to ``experiments/tables`` as CSV. The text
around the tables is written by hand. ``--only NAME ...`` chooses experiments, ``--jobs N`` says how
many processes work.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import sys
import time
from pathlib import Path
from typing import Any

from hasim.experiment import Experiment, markdown
from hasim.plot import save

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "experiments.md"
PICTURES = ROOT / "docs" / "pictures" / "experiments"
RESULTS = ROOT / "experiments" / "tables"
#: In the order of the document.
NAMES = (
    "five_tests",
    "takeover_vs_deadtime",
    "takeover_vs_initdead",
    "false_takeovers",
    "ipfail_reaction",
    "stonith_latency",
    "watchdog_vs_kill9",
    "media",
    "failback_flapping",
    "heal_order",
    "risk_by_configuration",
)


def marked(text: str, name: str, content: str) -> str:
    """Return a document with other content between the two marks of an experiment."""
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    head, found, rest = text.partition(begin)
    _, closed, tail = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{DOCUMENT.name} has no marks for {name}")
    return f"{head}{begin}\n{content}\n\n{end}{tail}"


def draw(drawn: Any, place: Path) -> None:
    """Write a figure in 128 colours, which no eye misses and no repository regrets."""
    from PIL import Image

    save(drawn, place)
    with Image.open(place) as picture:
        small = picture.convert("RGB").quantize(128)
    small.save(place, optimize=True)


def publish(name: str, jobs: int) -> None:
    """Run an experiment in full and write its table and its figure."""
    experiment: Experiment = importlib.import_module(f"experiments.{name}").EXPERIMENT
    began, used = time.perf_counter(), os.times()
    rows = experiment.main(jobs=jobs)
    table = experiment.summary(rows)
    after = os.times()
    cpu = sum(after[:4]) - sum(used[:4])
    for folder in (PICTURES, RESULTS):
        folder.mkdir(parents=True, exist_ok=True)
    draw(experiment.figure(rows), PICTURES / f"{name}.png")
    table.to_csv(RESULTS / f"{name}.csv", index=False)
    took = f"{len(rows)} rows, {time.perf_counter() - began:.0f} s ({cpu:.0f} s of CPU time)"
    where = f"{jobs} job{'s' if jobs > 1 else ''} on {platform.machine()}, CPython"
    told = f"{markdown(table)}\n\n{took}; {where} {platform.python_version()}."
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(marked(text, name, told), encoding="utf-8")
    sys.stdout.write(f"{name}: {took}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="write docs/experiments.md anew")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=NAMES, metavar="NAME")
    parser.add_argument("--jobs", type=int, default=1, metavar="N")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    for wanted in asked.only:
        publish(wanted, asked.jobs)
