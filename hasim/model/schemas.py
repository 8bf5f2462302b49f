"""The JSON Schemas of ``site.toml`` and of scenario files, for editors and other tools."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Literal, cast

__all__ = ["json_schema"]


def json_schema(name: Literal["site", "scenario"]) -> dict[str, object]:
    """Return the JSON Schema of a kind of file.

    It knows the keys and the kinds of values; names that must exist and the grammar of times and
    faults are checked by :func:`hasim.site.parse_site` and :func:`hasim.model.parse_scenario`.
    """
    text = files("hasim.model").joinpath("schema", f"{name}.schema.json").read_text("utf-8")
    return cast(dict[str, object], json.loads(text))
