"""``hasim lint``: findings as text and JSON, exit codes, folders and files."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from hasim.lint import RULES, SEVERITIES
from tests.cli.conftest import Cli
from tests.lint.good import FILES

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A folder that no rule has anything to say about."""
    folder = tmp_path / "good"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def lone(good: Path) -> Path:
    """The same with one warning, at a line of ha.cf."""
    folder = good.parent / "lone"
    shutil.copytree(good, folder)
    text = (folder / "ha.cf").read_text()
    (folder / "ha.cf").write_text(text.replace("bcast eth0\n", ""))
    return folder


def test_a_good_folder_gives_no_line_and_exit_0(cli: Cli, good: Path) -> None:
    done = cli("lint", str(good))
    assert (done.code, done.out) == (0, "")
    assert done.err == "0 errors, 0 warnings, 0 pieces of advice in 1 folder\n"


def test_a_finding_is_a_line_with_its_place_and_a_remedy_below(cli: Cli, lone: Path) -> None:
    done = cli("lint", str(lone))
    first, second = done.out.splitlines()
    assert done.code == 1
    place = f"{lone}/ha.cf:8"
    assert first == f"{place}: warning: eth1 is the only way of heartbeats [one-medium]"
    assert second == f"    {RULES['one-medium'].remedy}"
    assert done.err == "0 errors, 1 warning, 0 pieces of advice in 1 folder\n"


def test_quiet_leaves_the_findings_alone(cli: Cli, lone: Path) -> None:
    done = cli("lint", str(lone), "--quiet")
    assert (done.code, done.err) == (1, "")
    assert len(done.out.splitlines()) == 1


def test_json_has_one_object_a_finding_with_fixed_keys_and_kinds(cli: Cli, webdata: Path) -> None:
    done = cli("lint", str(webdata), "--json")
    found = [json.loads(line) for line in done.out.splitlines()]
    assert len(found) > 2
    for one in found:
        assert list(one) == ["rule", "severity", "file", "line", "node", "text", "remedy"]
        assert one["rule"] in RULES
        assert one["severity"] in SEVERITIES
        assert one["line"] is None or isinstance(one["line"], int)
        assert one["node"] is None or isinstance(one["node"], str)
        assert all(isinstance(one[key], str) for key in ("file", "text", "remedy"))
    plain = cli("lint", str(webdata), "-q").out.splitlines()
    assert [
        f"{f['file']}:{f['line']}: {f['severity']}: {f['text']} [{f['rule']}]" for f in found
    ] == plain


@pytest.mark.parametrize(
    ("replaced", "codes"),
    [
        (("keepalive 2", "keepalife 2"), {"error": 1, "warning": 1, "advice": 1}),
        (("bcast eth0\n", ""), {"error": 0, "warning": 1, "advice": 1}),
        (("warntime 10", "warntime 29"), {"error": 0, "warning": 0, "advice": 1}),
        (("", ""), {"error": 0, "warning": 0, "advice": 0}),
    ],
)
def test_the_exit_code_follows_the_gravest_finding(
    cli: Cli, good: Path, replaced: tuple[str, str], codes: dict[str, int]
) -> None:
    text = (good / "ha.cf").read_text()
    (good / "ha.cf").write_text(text.replace(*replaced))
    for threshold, code in codes.items():
        assert cli("lint", str(good), "--fail-on", threshold).code == code
    assert cli("lint", str(good)).code == codes["warning"]


def test_rules_can_be_chosen_and_ignored(cli: Cli, webdata: Path) -> None:
    only = cli("lint", str(webdata), "-q", "--rule", "logd-disabled")
    assert [re.findall(r"\[(.*)\]$", x) for x in only.out.splitlines()] == [["logd-disabled"]]
    ignored = "--ignore logd-disabled --ignore shared-disk-without-stonith".split()
    done = cli("lint", str(webdata), "-q", *ignored)
    assert done.code == 0
    assert done.out != ""
    assert "warning" not in done.out


@pytest.mark.parametrize("flag", ["--rule", "--ignore"])
def test_a_rule_that_there_is_not_is_refused(cli: Cli, good: Path, flag: str) -> None:
    done = cli("lint", str(good), flag, "one-medum")
    assert done.code == 2
    assert "there is no rule 'one-medum'; did you mean 'one-medium'?" in done.err


def test_an_unknown_threshold_or_dialect_is_refused(cli: Cli, good: Path) -> None:
    assert cli("lint", str(good), "--fail-on", "fatal").code == 2
    done = cli("lint", str(good), "--dialect", "2.0.9")
    assert done.code == 2
    assert "unknown dialect '2.0.9'" in done.err


def test_files_stand_for_their_folder_and_each_folder_is_judged_once(
    cli: Cli, lone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lone)
    own = lone / "config" / "node2"
    own.mkdir(parents=True)
    shutil.copy("ha.cf", own)
    done = cli("lint", "-q", "ha.cf", "authkeys", "config/node2/ha.cf")
    assert done.code == 1
    assert [line.partition(": ")[0] for line in done.out.splitlines()] == [
        "config/node2/ha.cf:8",
        "ha.cf:8",
    ]


def test_a_folder_of_folders_stands_for_all_of_them(cli: Cli, lone: Path, good: Path) -> None:
    (good.parent / ".hidden").mkdir()
    shutil.copy(lone / "ha.cf", good.parent / ".hidden")
    done = cli("lint", str(good.parent))
    assert done.code == 1
    assert done.err.endswith("in 2 folders\n")
    assert [line for line in done.out.splitlines() if not line.startswith(str(lone))] == [
        f"    {RULES['one-medium'].remedy}"
    ]


def test_what_cannot_be_judged_does_not_hide_the_rest(cli: Cli, lone: Path) -> None:
    readme = lone / "README"
    readme.write_text("")
    done = cli("lint", str(lone.parent / "absent"), str(readme), str(lone))
    assert done.code == 2
    assert "absent: ERROR: no such folder" in done.err
    assert f"{readme}: ERROR: is none of ha.cf, haresources, authkeys, site.toml" in done.err
    assert "one-medium" in done.out


def test_a_folder_with_nothing_to_lint_and_no_folder_at_all_are_refused(
    cli: Cli, tmp_path: Path
) -> None:
    assert cli("lint", str(tmp_path)).code == 2
    done = cli("lint")
    assert done.code == 2
    assert "no folder is given" in done.err
    assert cli("lint", "").code == 2


def test_a_file_that_is_no_file_is_bad_input_and_the_rest_is_judged(cli: Cli, lone: Path) -> None:
    (lone / "authkeys").unlink()
    (lone / "authkeys").mkdir()
    done = cli("lint", str(lone))
    assert done.code == 2
    assert "is not a file" in done.err
    assert "one-medium" in done.out


def test_what_was_not_judged_is_told_once_for_all_folders(cli: Cli, lone: Path, good: Path) -> None:
    for folder in (lone, good):
        (folder / "site.toml").unlink()
        (folder / "authkeys").chmod(0o600)
    done = cli("lint", str(lone), str(good))
    assert done.err.count("no site.toml") == 1
    assert f"{lone}, {good}: no site.toml: " in done.err
    assert "no site.toml" not in cli("lint", "-q", str(lone)).err


def test_silenced_findings_are_counted(cli: Cli, lone: Path) -> None:
    text = (lone / "ha.cf").read_text()
    (lone / "ha.cf").write_text(text.replace("eth1", "eth1 # hasim: ignore one-medium"))
    done = cli("lint", str(lone))
    assert (done.code, done.out) == (0, "")
    assert done.err.endswith("in 1 folder, 1 silenced by comments\n")


def test_the_list_of_rules_has_a_row_each(cli: Cli) -> None:
    done = cli("lint", "--rules")
    rows = [line.split(None, 2) for line in done.out.splitlines()]
    assert rows == [[r.id, r.severity, r.title] for r in RULES.values()]
    objects = [json.loads(line) for line in cli("lint", "--rules", "--json").out.splitlines()]
    assert [one["id"] for one in objects] == list(RULES)
    assert all(one["why"] for one in objects)


def test_a_rule_is_explained_with_reason_remedy_and_source(cli: Cli) -> None:
    for rule in RULES.values():
        done = cli("lint", "--explain", rule.id)
        assert done.code == 0
        told = " ".join(done.out.split())
        for text in (rule.id, rule.severity, rule.title, rule.why, rule.remedy, rule.source):
            assert text in told
    assert cli("lint", "--explain", "one").code == 2


def test_the_hook_for_pre_commit_passes_the_files_that_the_command_takes() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text()
    fields = dict(re.findall(r"^(?:- |  )(\w+): (.+)$", text, re.MULTILINE))
    assert (fields["id"], fields["entry"]) == ("hasim-lint", "hasim lint")
    for name in FILES:
        assert re.search(fields["files"], name)
        assert re.search(fields["files"], f"etc/config/node1/{name}")
    assert not re.search(fields["files"], "old-ha.cf")
    assert not re.search(fields["files"], "ha.cf.orig")
