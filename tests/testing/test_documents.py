"""The property tests that the documents show are ones, and pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_docs import ROOT, fenced


@pytest.mark.parametrize(
    ("path", "place", "names"),
    [
        ("README.md", 1, ["test_clocks_that_jump_do_no_harm_to_the_disk"]),
        (
            "docs/property-tests.md",
            0,
            [
                "test_a_node_that_was_fenced_writes_nothing",
                "test_it_is_well_again_when_all_is_mended",
            ],
        ),
    ],
)
def test_an_example_is_a_property_test_that_passes(
    path: str, place: int, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    known: dict[str, object] = {}
    exec(compile(fenced(path, "python")[place], str(Path(path)), "exec"), known)
    tests = {name: test for name, test in known.items() if name.startswith("test_")}
    assert [*tests] == names
    for test in tests.values():
        assert callable(test)
        test()
