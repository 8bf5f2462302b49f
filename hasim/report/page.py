"""The page: templates filled in, one file that needs nothing else and may load nothing else."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from hasim.render.picture import SHEET, SHEET_DARK

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["bare", "page", "script_data"]

_STYLE = re.compile(r"<style>.*?</style>\n?", re.DOTALL)
_SCRIPTS = ("tools", "drawing", "view", "page")
_IDENTITY = re.compile(r'aria-labelledby="(hasim-[0-9a-f]{12})-title ')
_RULE = re.compile(r"^\.hasim", re.MULTILINE)
# What HTML cannot hold, and control characters that no reader wants to see.
_UNSPEAKABLE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}


def _read(name: str) -> str:
    return files("hasim.report").joinpath(name).read_text(encoding="utf-8")


def bare(svg: str, name: str) -> str:
    """Return a picture without its own sheet of styles, which the page has once for all.

    Its identities begin with a name: two pictures of a page may be the same.
    """
    found = _IDENTITY.search(svg)
    if found is not None:
        svg = svg.replace(found[1], f"{name}-{found[1]}")
    return _STYLE.sub("", svg, count=1).rstrip("\n")


def script_data(data: object) -> str:
    """Return data as JSON that may stand in a script element, whatever its texts hold."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return re.sub("[<>&]", lambda found: _IN_SCRIPT[found[0]], text)


@cache
def _sheet() -> str:
    """Return the sheet of styles: that of the pictures, dark as the page is, then the page's."""
    auto = _RULE.sub(":root:not([data-theme=light]) .hasim", SHEET_DARK)
    forced = _RULE.sub(":root[data-theme=dark] .hasim", SHEET_DARK)
    dark = f"@media screen and (prefers-color-scheme:dark){{{auto}}}\n@media screen{{{forced}}}\n"
    return f"{SHEET}{dark}{_read('style.css')}"


@cache
def _script() -> str:
    """Return the script: its files one after another, in a scope of their own."""
    parts = "\n".join(_read(f"script/{name}.js") for name in _SCRIPTS)
    return f'"use strict";\n(() => {{\n{parts}}})();\n'


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(lambda name: _read(f"templates/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def page(template: str, context: Mapping[str, Any]) -> str:
    """Return a whole page.

    A policy in it forbids whoever shows it to load anything, and to run any other script.
    """
    from markupsafe import Markup

    sheet, script = f"\n{_sheet()}", f"\n{_script()}"
    policy = (
        f"default-src 'none'; style-src {_hash(sheet)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    text = (
        _environment()
        .get_template(template)
        .render(**context, sheet=Markup(sheet), script=Markup(script), policy=policy)
    )
    return _UNSPEAKABLE.sub("\ufffd", text)
