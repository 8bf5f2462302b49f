"""What a report must not tell: keys, and what STONITH devices are logged in with."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hasim
from hasim.report import Mask, run_page
from tests.report.seen import read

SECRET, OTHER, OLD = "s3cr3t phrase", "another-one", "of-last-year"
KEYS = f"auth 2\n1 crc\n2 sha1 {SECRET}\n# 3 md5 {OLD}\n3 md5 {OTHER}\n"
LOGIN = "stonith_host * apcmaster pdu apc-user apc-pass"


def texts(webdata: Path, **more: str) -> dict[str, str]:
    names = ("ha.cf", "haresources", "site.toml")
    return {name: (webdata / name).read_text() for name in names} | {"authkeys": KEYS} | more


def test_no_key_and_no_login_is_anywhere_in_a_report_of_a_model_of_texts(webdata: Path) -> None:
    files = texts(webdata)
    files["ha.cf"] += LOGIN + "\n"
    model = hasim.load(files)
    assert SECRET in model.python()  # it cannot be loaded from a folder: its texts are there
    html = run_page(model.run(until="1m"))
    for secret in (SECRET, OTHER, OLD, "apc-user", "apc-pass"):
        assert secret not in html
    words = read(html).text
    assert "2 sha1 (hidden-1)" in words
    assert "3 md5 (hidden-2)" in words
    assert "stonith_host * apcmaster pdu (hidden)" in words


def test_no_login_of_a_change_is_in_a_report_nor_beside_it(webdata: Path, tmp_path: Path) -> None:
    model = hasim.load(webdata)
    value = LOGIN.partition(" ")[2]
    change = {"stonith_host": value}
    run = model.run(until="1m", start={"node1": 0}, change=change)
    run.report(tmp_path)
    names = {p.name for p in tmp_path.iterdir()}
    assert names == {"report.html", "run.jsonl.gz", "scenario.toml"}
    for name in ("report.html", "scenario.toml"):
        text = (tmp_path / name).read_text()
        assert "apc-pass" not in text
        assert "apcmaster pdu (hidden)" in text
    trace = gzip.decompress((tmp_path / "run.jsonl.gz").read_bytes())
    assert b"apc-pass" not in trace
    assert b"apcmaster pdu (hidden)" in trace


def test_the_python_of_a_model_of_texts_still_runs_with_its_keys_hidden(webdata: Path) -> None:
    run = hasim.load(texts(webdata)).run(["30s power-off node1"], until="1m30s")
    page = read(run_page(run))
    code = next(e for e in page.all("pre") if "Python" in e.attributes["aria-label"]).text()
    names: dict[str, hasim.Run] = {}
    exec(code.replace("print(run.summary())", ""), names)
    same = names["run"]
    assert same.trace.digest("decisions") == run.trace.digest("decisions")
    assert not [e for e in page.all("pre") if e.attributes["aria-label"].startswith("Command")]


def test_equal_keys_have_equal_words_and_others_do_not() -> None:
    mask = Mask()
    one = mask.file("config/node1/authkeys", "auth 1\n1 sha1 same\n2 md5 mine\n")
    two = mask.file("config/node2/authkeys", "auth 1\n1 sha1 same\n2 md5 yours\n")
    assert one == "auth 1\n1 sha1 (hidden-1)\n2 md5 (hidden-2)\n"
    assert two == "auth 1\n1 sha1 (hidden-1)\n2 md5 (hidden-3)\n"


def test_what_is_no_secret_stays() -> None:
    mask = Mask()
    plain = "auth 1\n\n1 crc\n"
    assert mask.file("authkeys", plain) == plain
    cf = "keepalive 2\nstonith_host * apcmaster pdu\nstonith external/ssh /etc/hosts\nnode a b\n"
    assert mask.file("ha.cf", cf) == cf
    assert (
        mask.file("haresources", "node1 stonith_host a b c d\n") == "node1 stonith_host a b c d\n"
    )


@pytest.mark.parametrize(
    "line",
    ["#1 sha1 KEY", "  # auth KEY", "1 sha1 KEY # mine", "1\tsha1\tKEY", "garbage KEY", "auth KEY",
     "1 sha1 KEY\r", "1 crc KEY", "KEY"],
)  # fmt: skip
def test_no_line_of_authkeys_lets_a_key_through(line: str) -> None:
    assert "KEY" not in Mask().file("authkeys", f"auth 1\n{line}\n")


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\n"), min_size=4))
def test_no_key_whatever_it_is_made_of_comes_through(key: str) -> None:
    word = "".join(key.split()) + "QZX"
    shown = Mask().file("authkeys", f"auth 1\n1 sha1 {key}QZX\n")
    assert "QZX" not in shown
    assert word not in shown


def test_a_login_in_a_comment_of_ha_cf_is_hidden_too() -> None:
    shown = Mask().file("ha.cf", f"# {LOGIN}\n#{LOGIN}\n")
    assert "apc-pass" not in shown
