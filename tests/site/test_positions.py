from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from hasim.site.positions import line_numbers
from hasim.site.render import toml_key, toml_text
from tests.site.example import EXAMPLE


def test_lines_of_dotted_quoted_and_inline_keys() -> None:
    text = 'a = 1\n"b c".d = { e = 2, f = [3,\n 4] }\n\n[g."h.i"] # x\nj = """\n[no]\n"""\nk = 1\n'
    lines = line_numbers(text)
    assert lines["a",] == 1
    assert lines["b c", "d", "e"] == 2
    assert lines["b c", "d", "f", 0] == 2
    assert lines["b c", "d", "f", 1] == 3
    assert lines["g", "h.i"] == 5
    assert lines["g", "h.i", "j"] == 6
    assert lines["g", "h.i", "k"] == 9
    assert ("no",) not in lines


def test_lines_of_arrays_of_tables() -> None:
    lines = line_numbers("[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 3\n")
    assert (lines["a", 0, "b"], lines["a", 1, "b"], lines["a", 1, "c", "d"]) == (2, 4, 6)


def test_every_line_of_an_array_of_texts_is_known() -> None:
    lines = line_numbers("faults = [\n  \"x\", # one\n\n  'y',\n]\n")
    assert (lines["faults", 0], lines["faults", 1]) == (2, 4)


def paths(value: object, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value)  # type: ignore[arg-type]
    out = []
    for key, item in inner:
        out.append((*path, key))
        if isinstance(item, (dict, list)):
            out += paths(item, (*path, key))
    return out


def test_every_path_of_the_example_has_a_line() -> None:
    lines = line_numbers(EXAMPLE)
    assert [p for p in paths(tomllib.loads(EXAMPLE)) if p not in lines] == []


keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
scalars = st.sampled_from(["1", "-1.5", "true", "2007-11-26", "2007-11-26 07:52:21"]) | keys.map(
    toml_text
)
values = st.recursive(
    scalars,
    lambda v: (
        st.lists(v, max_size=3).map(lambda x: "[\n" + ",\n".join(x) + "]")
        | st.dictionaries(keys, v, max_size=3).map(
            lambda d: "{" + ", ".join(f"{toml_key(k)} = {x}" for k, x in d.items()) + "}"
        )
    ),
    max_leaves=6,
)


@given(st.dictionaries(keys, values, max_size=4))
def test_every_path_of_any_document_has_a_line(pairs: dict[str, str]) -> None:
    text = "".join(f"# c\n{toml_key(k)} = {v}\n" for k, v in pairs.items())
    lines = line_numbers(text)
    assert [p for p in paths(tomllib.loads(text)) if p not in lines] == []
