"""Write ``recorded.json`` anew: ``python experiments/data/extract.py FOLDER_OF_RECORDINGS``.

Only what the experiments draw is kept of each recording: the configuration, when what was injected,
when power came and went, and two latencies.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from hasim.experiment.recordings import extract

PREFIXES = ("01a-", "06a-", "06b-", "19-", "20-")
ABOUT = (
    "Latencies of Heartbeat 3.0.6, recorded by the project in a laboratory of two nodes: seconds "
    "from a loss of power, or from the start of a lone node, to the death that was declared "
    "(death_s) and until address and file system were there (served_s)."
)


def text_of(folder: Path) -> str:
    """Return the content of the file, a line for each scenario."""
    found = extract(path for path in folder.iterdir() if path.name.startswith(PREFIXES))
    lines = [f"{json.dumps(name)}: {json.dumps(found[name], sort_keys=True)}" for name in found]
    scenarios = ",\n".join(lines)
    return f'{{\n"about": {json.dumps(ABOUT)},\n"scenarios": {{\n{scenarios}\n}}}}\n'


if __name__ == "__main__":
    place = Path(__file__).with_name("recorded.json")
    place.write_text(text_of(Path(sys.argv[1])), encoding="utf-8")
