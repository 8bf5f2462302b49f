"""Try a sample of mutants of ``hasim/protocol`` against the tests (see docs/mutation-testing.md).

``python -m tests.mutation.measure`` tries the sample against the unit tests, what is left against
the tests of whole runs, and prints the score; ``--help`` tells the rest.  It takes the better part
of an hour, so it is no part of the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from hasim.statistics import wilson
from tests.mutation.sample import batches, chosen, module_of, status

__all__ = ["LONG", "OTHERS", "UNIT", "main"]

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = ROOT / "build" / "mutation"
MADE = WORK / "mutants"
COUNT = 900
MEMORY = 6 << 30
#: So long may the second round take for one mutant: one that makes a run endless is killed.
PATIENCE_S = 900
#: The first round: mutmut runs of these what reaches the mutated function.
UNIT = ("tests/protocol",)
#: What of it is left out: tests of many schedules or days, which take most of the time of all.
LONG = tuple(
    f"tests/protocol/test_{name}"
    for name in (
        "master.py::test_after_three_days_every_timer_is_still_on_its_grid",
        "schedules.py::test_a_copied_state_in_a_new_machine_goes_on_as_the_old_one",
        "schedules.py::test_a_crash_longer_than_deadtime_leaves_every_group_claimed_once",
        "schedules.py::test_a_cut_and_its_heal_leave_every_group_claimed_once_unless_a_standby"
        "_was_open",
        "schedules.py::test_equal_schedules_have_equal_logs_packets_and_states",
        "schedules.py::test_no_schedule_makes_a_master_fail",
        "schedules.py::test_stops_starts_and_standbys_leave_every_group_claimed_once",
    )
)
#: The second round, for what survives the first: the logs of all scenarios; --others names more.
OTHERS = ("tests/test_goldens.py",)
#: So many mutants of different functions are tried at once in the second round.
BATCH = 8
_COPIED = ("hasim", "tests", "models", "docs", "README.md", "CHANGELOG.md", "pyproject.toml")


def prepare() -> None:
    """Bring the copy of the project up to date; verdicts of functions that are as before stay."""
    WORK.mkdir(parents=True, exist_ok=True)
    for part in _COPIED:
        if (ROOT / part).is_dir():
            shutil.rmtree(WORK / part, ignore_errors=True)
            shutil.copytree(ROOT / part, WORK / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / part, WORK / part)
    shutil.copy2(ROOT / "tests" / "mutation" / "hooks.py", WORK / "conftest.py")
    options = {
        "source_paths": ["hasim"],
        "only_mutate": ["hasim/protocol/*"],
        "also_copy": ["conftest.py", *(p for p in _COPIED if p != "hasim")],
        "pytest_add_cli_args_test_selection": list(UNIT),
        "pytest_add_cli_args": [f"--deselect={test}" for test in LONG],
        "timeout_multiplier": ["1.0"],
        "timeout_constant": ["5.0"],
        "use_git_change_detection": ["false"],
        "track_dependencies": ["false"],
    }
    lines = [f"{key} =\n    " + "\n    ".join(v) for key, v in options.items() if len(v) > 1]
    lines += [f"{key} = {v[0]}" for key, v in options.items() if len(v) == 1]
    (WORK / "setup.cfg").write_text("[mutmut]\n" + "\n".join(lines) + "\n")


def _environment(**more: str) -> dict[str, str]:
    env = {k: v for k, v in os.environ.items() if k != "HASIM_SHARED"}
    return {**env, "HYPOTHESIS_PROFILE": "mutation", **more}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def mutmut(names: Sequence[str]) -> None:
    """Try the mutants of these names, one at a time; mutmut writes the verdicts down."""
    code = "from mutmut.__main__ import cli; cli()"
    command = [sys.executable, "-c", code, "run", "--max-children", "1", *names]
    env, log = _environment(PYTHONPATH=""), WORK / "mutmut.log"
    with log.open("wb") as file:
        done = subprocess.run(
            command, cwd=WORK, env=env, stdout=file, stderr=file, preexec_fn=_limit, check=False
        )
    if done.returncode:
        sys.exit(f"mutmut failed: see the end of {log}")


def verdicts() -> dict[str, int | None]:
    """Return every mutant that was made and how its tests ended, None where not tried."""
    found: dict[str, int | None] = {}
    for file in sorted((MADE / "hasim" / "protocol").glob("*.meta")):
        found.update(json.loads(file.read_text())["exit_code_by_key"])
    return found


def survivors(names: Sequence[str]) -> list[str]:
    """Return those of the mutants that outlived the first round, and those no unit test reaches."""
    codes = verdicts()
    return [n for n in names if status(codes[n]) in ("survived", "no tests")]


def later() -> dict[str, str]:
    """Return what the second round found: mutant -> the test that killed it, empty for none."""
    file = WORK / "others.json"
    return dict(json.loads(file.read_text())) if file.exists() else {}


def try_others(names: Sequence[str], tests: Sequence[str]) -> str:
    """Run the tests of the second round over some mutants at once; return the first that fails."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    env = _environment(MUTANT_UNDER_TEST="", MUTANTS=" ".join(names), PYTHONPATH=str(MADE))
    try:
        done = subprocess.run(
            command, cwd=MADE, env=env, capture_output=True, text=True, timeout=PATIENCE_S,
            preexec_fn=_limit, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return "(no end)"
    if done.returncode == 0:
        return ""
    found = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    return (found or [f"(exit code {done.returncode})"])[0]


def hunt(names: Sequence[str], tests: Sequence[str]) -> dict[str, str]:
    """Return which test kills each of some mutants, by halving as long as any does."""
    killer = try_others(names, tests)
    if not killer or len(names) == 1:
        return dict.fromkeys(names, killer)
    half = len(names) // 2
    return {**hunt(names[:half], tests), **hunt(names[half:], tests)}


def second_round(names: Sequence[str], tests: Sequence[str]) -> None:
    """Run the other tests over the mutants, in batches; what has been found is kept."""
    if broken := try_others((), tests):
        sys.exit(f"without any mutant this fails: {broken}")
    for batch in batches(names, BATCH):
        found = {**later(), **hunt(batch, tests)}
        (WORK / "others.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")


def measure(count: int, only: Sequence[str], rounds: str, others: Sequence[str]) -> None:
    """Run the rounds over the sample, or over the mutants named, and leave the verdicts."""
    prepare()
    if not verdicts():
        mutmut(["hasim.protocol.claims.x_bits__mutmut_1"])
    names = list(only) or chosen(verdicts(), count)
    if "1" in rounds:
        mutmut(names)
    if "2" in rounds:
        second_round(survivors(names), others)


def report(count: int) -> list[str]:
    """Return the score and a table of the modules, as lines."""
    codes, others = verdicts(), later()
    names = chosen(codes, count)
    left = survivors(names)
    alive = [n for n in left if not others.get(n)]
    lines = [f"{len(codes)} mutants, {len(names)} in the sample"]
    for what, dead in (("unit tests", len(names) - len(left)), ("all", len(names) - len(alive))):
        low, high = wilson(dead, len(names))
        share = dead / len(names)
        lines.append(f"{what}: {dead} killed, {share:.1%} (95 %: {low:.1%} to {high:.1%})")
    lines += ["", "| module | mutants | tried | killed by unit tests | by others | alive |"]
    lines.append("|---|---|---|---|---|---|")
    made, tried, a, b = (Counter(map(module_of, found)) for found in (codes, names, left, alive))
    for m in sorted(made):
        row = (f"`{m.rpartition('.')[2]}`", made[m], tried[m], tried[m] - a[m], a[m] - b[m], b[m])
        lines.append("| " + " | ".join(map(str, row)) + " |")
    return [*lines, "", *alive]


def diffs(names: Sequence[str]) -> None:
    """Print what each mutant changes."""
    code = (
        "import sys\n"
        "from mutmut.mutation.diff_apply import find_mutant\n"
        "from mutmut.mutation.diff_apply import get_diff_for_mutant\n"
        "for n in sys.argv[1:]:\n"
        "    print('#', n)\n"
        "    print(get_diff_for_mutant(n, path=find_mutant(n).path))\n"
    )
    subprocess.run([sys.executable, "-c", code, *names], cwd=WORK, check=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.measure", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="size of the sample")
    parser.add_argument("--rounds", choices=("1", "2", "12"), default="12", help="which to run")
    parser.add_argument("--others", action="append", help="tests of the second round, goldens")
    parser.add_argument("--report", action="store_true", help="print the last score, try nothing")
    parser.add_argument("--diffs", action="store_true", help="print what the mutants named change")
    parser.add_argument("mutants", nargs="*", help="try these only, not the sample")
    args = parser.parse_args()
    if args.diffs:
        diffs(args.mutants)
        return
    if not args.report:
        measure(args.count, args.mutants, args.rounds, args.others or OTHERS)
    print("\n".join(report(args.count)))


if __name__ == "__main__":
    main()
