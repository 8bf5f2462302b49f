"""A file is there whole or not at all, and what stood there stays where writing fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from hasim.files import put, put_bytes


def test_a_file_is_made_or_replaced_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    for data in (b"one", b"two"):
        put_bytes(tmp_path / "a", data)
        assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", data)]


def test_what_stood_there_stays_where_writing_fails(tmp_path: Path) -> None:
    place = tmp_path / "a"
    place.write_bytes(b"old")

    def half(path: Path) -> None:
        path.write_bytes(b"ne")
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        put(place, half)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("a", b"old")]


def test_the_file_that_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "far" / "a")
    put_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far" / "a").read_bytes() == b"new"


def test_a_file_has_the_mode_of_any_new_file(tmp_path: Path) -> None:
    put_bytes(tmp_path / "a", b"")
    (tmp_path / "b").touch()
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode
