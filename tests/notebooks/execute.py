"""Execute notebooks and write them beside their sources: ``python -m tests.notebooks.execute``.

Names choose notebooks; without any all are executed, one after the other.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tests.notebooks.books import FOLDER, NAMES, executed, written

__all__ = ["main"]


def main(names: Sequence[str]) -> int:
    """Execute the notebooks whose names begin so; return 2 where there is none."""
    wanted = [n for n in NAMES if not names or n.startswith(tuple(names))]
    for name in wanted:
        text = written(executed(name, quick=False))
        (FOLDER / f"{name}.ipynb").write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}: {len(text) // 1000} kB\n")
        sys.stdout.flush()
    return 0 if wanted else 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
