"""What the site has beyond the files in docs: pages from elsewhere, generated parts, pictures.

Documents keep links that work on any git host; here those that lead out of ``docs`` are turned to
the page that the site has of the same file, or become plain text. A comment
``<!-- generated: NAME -->`` is replaced by a part that is made from the program itself, see
`generated`.
"""

from __future__ import annotations

import json
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

import generated  # noqa: E402
import pictures  # noqa: E402

__all__ = ["on_config", "on_files", "on_page_content", "on_page_markdown"]

#: Packages that get a page of the reference as soon as they are there.
_PACKAGES = ("experiment", "plot", "report")
_LINK = re.compile(r"(?<!!)\[([^][]*(?:\[[^][]*\][^][]*)*)\]\(([^)\s#]+)(#[^)\s]*)?\)")
_CODE = re.compile(r"`[^`\n]*`")
#: What notebooks bring to load a library of diagrams from elsewhere, should they have one.
_LOADER = re.compile(r"<script type=\"module\">(?:(?!</script>).)*?cdnjs.*?</script>", re.DOTALL)
#: A link in the HTML of a notebook to a file of the repository.
_ANCHOR = re.compile(
    r'<a\b[^>]*\shref="(?P<file>(?!\w+:)[^"#]+\.(?:md|ipynb|py))(?P<anchor>#[^"]*)?"[^>]*>(?P<words>.*?)</a>',
    re.DOTALL,
)
_GENERATED = re.compile(r"^<!-- generated: (\S+) -->$", re.MULTILINE)


def _packages() -> list[str]:
    return [name for name in _PACKAGES if find_spec(f"hasim.{name}") is not None]


def _notebooks() -> list[Path]:
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


def _listed(nav: Any) -> set[str]:
    """Return every path that a navigation names."""
    if isinstance(nav, str):
        return {nav}
    items = nav.values() if isinstance(nav, dict) else nav
    return set().union(*map(_listed, items)) if items else set()


def _section(nav: list[dict[str, Any]], name: str) -> list[Any]:
    (found,) = (item[name] for item in nav if name in item)
    assert isinstance(found, list)
    return found


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put what is there beyond the plain navigation into it: packages, documents, notebooks."""
    nav: Any = config.nav
    _section(nav, "Reference").extend(
        {f"hasim.{name}": f"reference/{name}.md"} for name in _packages()
    )
    known = _listed(nav) | {"notebooks.md"}
    others = [path.name for path in sorted((ROOT / "docs").glob("*.md")) if path.name not in known]
    _section(nav, "Explanation").extend(others)
    books = [{_title(path): f"notebooks/{path.name}"} for path in _notebooks()]
    if books:
        place = next(i for i, item in enumerate(nav) if "Gallery" in item)
        nav.insert(place, {"Notebooks": ["notebooks.md", *books]})
    return config


def _title(path: Path) -> str:
    """Return the heading of a notebook, which its first cell begins with."""
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    return "".join(first["source"]).partition("\n")[0].removeprefix("# ")


@event_priority(100)  # before the plugin that takes care of notebooks
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add pages that lie outside ``docs``, and the pictures of the gallery."""
    outside = [ROOT / "CHANGELOG.md", *sorted(ROOT.glob("models/*/README.md")), *_notebooks()]
    for path in outside:
        files.append(_outside(path, config))
    for name in _packages():
        text = f"# hasim.{name}\n\n::: hasim.{name}\n    options:\n      show_root_heading: false\n"
        files.append(File.generated(config, f"reference/{name}.md", content=text))
    for picture in pictures.gallery():
        files.append(
            File.generated(
                config,
                f"gallery/{picture.name}.svg",
                content=picture.svg(),
                inclusion=InclusionLevel.INCLUDED,
            )
        )
    return files


def _outside(path: Path, config: MkDocsConfig) -> File:
    """Return a page of a file by its path in the repository."""
    uri = path.relative_to(ROOT).as_posix()
    return File(uri, str(ROOT), config.site_dir, config.use_directory_urls)


def _plain_bars(text: str) -> str:
    """Return a page whose tables have bars in code as this parser wants them: not escaped."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.startswith("|"):
            lines[i] = _CODE.sub(lambda hit: hit[0].replace("\\|", "|"), line)
    return "\n".join(lines)


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fill in generated parts, and mend links that lead out of ``docs``."""
    source = page.file.abs_src_path
    text = _plain_bars(_GENERATED.sub(lambda hit: generated.part(hit[1]), markdown))
    if source is None:
        return text
    pages = {f.abs_src_path: f.src_uri for f in files if f.abs_src_path is not None}
    here = Path(source).parent

    def mended(hit: re.Match[str]) -> str:
        words, link, anchor = hit[1], hit[2], hit[3] or ""
        target = here / link
        if re.match(r"[a-z]+:", link) or not target.exists():
            return hit[0]
        uri = pages.get(os.path.realpath(target))
        if uri is None:
            return words
        return f"[{words}]({os.path.relpath(uri, os.path.dirname(page.file.src_uri))}{anchor})"

    return _LINK.sub(mended, text)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Take out of notebooks what would be fetched from elsewhere, and mend their links to files.

    Raises
    ------
    PluginError
        Where a link of a notebook leads nowhere.
    """
    html = _LOADER.sub("", html)
    source = page.file.abs_src_path
    if source is None or not source.endswith(".ipynb"):
        return html
    urls = {os.path.realpath(f.abs_src_path): f.url for f in files if f.abs_src_path is not None}
    here = Path(source).parent

    def mended(hit: re.Match[str]) -> str:
        target, anchor = here / hit["file"], hit["anchor"] or ""
        if not target.exists():
            raise PluginError(f"{source}: a link to {hit['file']}, which is not there")
        url = urls.get(os.path.realpath(target))
        if url is None:
            return hit["words"]
        return f'<a href="{get_relative_url(url, page.url)}{anchor}">{hit["words"]}</a>'

    return _ANCHOR.sub(mended, html)
