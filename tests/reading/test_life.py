"""Signs of life by other programs: moved and renamed with the lines of their file."""

from __future__ import annotations

from pathlib import Path

import hasim
from hasim.reading.life import Life, Signs
from hasim.units import HOUR, MINUTE
from tests.reading.support import written
from tests.reading.test_facts import ACQUIRED, DEAD, spans_of

CRON = tuple(f"Mar 13 02:{m}:01 web1 crond[77]: (root) CMD (x)\n" for m in (41, 42, 43))
ANEW = "Mar 13 02:52:10 web1 heartbeat: [1500]: info: Heartbeat generation: 7\n"


def split_of(folder: Path, *files: str, own: str = "") -> list[tuple[str, str, str]]:
    """Read web1's log with signs of life after it was declared dead, and web2's."""
    text = "\n".join(ACQUIRED) + "\n" + "".join(CRON) + ANEW
    log = written(folder, text.replace(" web1 ", " 10.0.0.9 ") if own else text, "messages.1")
    other = written(folder, DEAD, "messages.2")
    run = hasim.read_logs(f"{own}{log}", other, *files)
    assert [v.property for v in run.violations] == ["at-most-one-vip-holder"]
    return spans_of(run, "10.1.1.1")


def test_signs_of_life_are_those_of_the_year_of_their_file(tmp_path: Path) -> None:
    dated = "heartbeat[100]: 2011/03/12_09:00:00 info: Link web1:eth0 up.\n"
    held = split_of(tmp_path, f"web2={written(tmp_path, dated, 'ha-log')}")
    assert held == [("web1", "03-12 09:15:03", ""), ("web2", "03-13 02:41:40", "")]


def test_signs_of_life_are_those_of_the_node_that_is_told(tmp_path: Path) -> None:
    held = split_of(tmp_path, own="web1=")
    assert [who for who, _, _ in held] == ["web1", "web2"]


def test_minutes_are_kept_once_and_the_last_one_before_a_time_is_found() -> None:
    life = Life()
    for second in (0, 1, 59, 60, 200):
        life.see("a.example.org", "cron", second * 1_000_000)
    life.see("a.example.org", "kernel", HOUR)
    assert life.minutes == {"a.example.org": [0, 1, 3, 60]}
    life.each(lambda at: at + HOUR)
    life.rename({"a.example.org": "a"})
    signs = Signs.of([life], {}, lambda node, at: at if node == "a" else None)
    assert signs.boots == {"a"}
    assert signs.times == {"a": [(60 + m) * MINUTE for m in (0, 1, 3, 60)]}
    assert signs.last("a", HOUR, HOUR + 30 * MINUTE) == HOUR + 4 * MINUTE
    assert signs.last("a", HOUR + 3 * MINUTE, HOUR + 30 * MINUTE) is None
    assert signs.last("b", 0, HOUR) is None
