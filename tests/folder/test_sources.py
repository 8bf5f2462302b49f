"""Files that are there and cannot be read, folders that are none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import hasim


@pytest.fixture
def folder(webdata: Path, tmp_path: Path) -> Path:
    for name in ("ha.cf", "haresources", "authkeys"):
        shutil.copy(webdata / name, tmp_path / name)
    (tmp_path / "authkeys").chmod(0o600)
    return tmp_path


def said(path: str | Path) -> str:
    with pytest.raises(hasim.ConfigError) as caught:
        hasim.load(path)
    return str(caught.value)


@pytest.mark.parametrize("name", ["ha.cf", "haresources", "authkeys"])
@pytest.mark.parametrize("kind", ["folder", "loop", "pipe"])
def test_a_file_that_is_of_no_use_is_not_asked_to_be_written(
    folder: Path, name: str, kind: str
) -> None:
    file = folder / name
    file.unlink()
    if kind == "folder":
        file.mkdir()
    elif kind == "loop":
        file.symlink_to(name)
    else:
        os.mkfifo(file)
    told = said(folder)
    assert "Cannot open" in told
    assert "it is there, but of no use: see below" in told
    assert "write it" not in told
    assert f"{file}: ERROR: " + ("cannot be read" if kind == "loop" else "is not a file") in told


def test_a_missing_file_is_asked_to_be_written(folder: Path) -> None:
    (folder / "haresources").unlink()
    assert "write it" in said(folder)


def test_a_path_that_is_no_folder_is_told_as_what_it_is(folder: Path) -> None:
    assert "is a file, not a folder" in said(folder / "ha.cf")
    assert said("").startswith("'': ERROR: no such folder")
    assert "no such folder" in said(folder / "nowhere")
