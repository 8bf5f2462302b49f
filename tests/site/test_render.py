from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from hasim.site import Site, parse_site, render_site
from hasim.site.render import toml_key, toml_text
from tests.site.example import EXAMPLE
from tests.site.strategies import sites


@given(sites())
def test_a_rendered_site_reads_back_as_the_same_site(site: Site) -> None:
    assert parse_site(render_site(site)) == site


def test_the_founding_cluster_survives_rendering() -> None:
    site = parse_site(EXAMPLE)
    assert parse_site(render_site(site)) == site


def test_a_comment_stands_above_its_key() -> None:
    site = parse_site(EXAMPLE)
    text = render_site(
        site, {"node.node1.nic.eth0": "guessed", "switch.lan": "two\nlines", "": "x"}
    )
    lines = text.splitlines()
    assert lines[0] == "# x"
    assert lines[lines.index("# guessed") + 1].startswith("nic.eth0 = ")
    at = lines.index("[switch.lan]")
    assert lines[at - 2 : at] == ["# two", "# lines"]
    assert parse_site(text) == site


def test_a_comment_without_a_key_is_not_lost() -> None:
    assert render_site(Site(), {"disk.gone": "kept"}).endswith("# kept\n")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_survives_as_a_toml_string_and_key(text: str) -> None:
    assert tomllib.loads(f"k = {toml_text(text)}") == {"k": text}
    assert tomllib.loads(f"{toml_key(text)} = 1") == {text: 1}
