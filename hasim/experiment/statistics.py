"""Statistics of tables: quantiles of times, shares of runs, and how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, inf
from typing import TYPE_CHECKING, Any

from hasim.errors import HasimError, nearest
from hasim.statistics import rank, wilson

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["false_takeover_rate", "labels_of", "quantiles", "share"]


def labels_of(table: pd.DataFrame) -> list[str]:
    """Return the columns that distinguish the points of a sweep: those before the seed.

    The group is one of them where there are several.
    """
    columns = [str(name) for name in table.columns]
    labels = columns[: columns.index("seed")] if "seed" in columns else []
    several = "group" in columns and table["group"].nunique() > 1
    return [*labels, "group"] if several else labels


def quantiles(
    table: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    of: str = "outage_s",
    q: Sequence[float] = (0.05, 0.5, 0.95),
    interval: float | None = None,
) -> pd.DataFrame:
    """Return quantiles of a column for each point of a sweep.

    A quantile is a value that was observed: the least one that so many values do not exceed. An
    outage that lasted to the end of its run is longer than it was seen to be: as ``outage_s`` it
    counts as infinite.

    Parameters
    ----------
    by : str or sequence of str, optional
        Columns of the points; those of :func:`labels_of` if not given.
    of : str
        The column, such as ``outage_s`` or ``detect_s``.
    q : sequence of float
        Which quantiles, from 0 to 1.
    interval : float, optional
        Level of confidence, such as 0.95: each quantile then has two more columns, within which
        the true one lies so surely; by ranks, whatever the distribution.

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; ``runs``; ``none``, those without a value; ``open``, those that count
        as infinite; and ``q05 q50 q95``, with ``q05_low q05_high`` where they are asked for.

    Raises
    ------
    HasimError
        For a column that is not there, and a quantile or a level beyond its range.
    """
    names = _names(table, by, of)
    for value in (*q, *(() if interval is None else (interval,))):
        if not 0 <= value <= 1:
            raise HasimError(f"{value!r} is no quantile: it lies between 0 and 1")
    rows = []
    for key, part in _parts(table, names):
        values = part[of].astype(float)
        is_open = part["open"].eq(True) if of == "outage_s" and "open" in part else None
        if is_open is not None:
            values = values.mask(is_open, inf)
        known = sorted(values.dropna())
        row = {**dict(zip(names, key, strict=True)), "runs": len(part)}
        row |= {"none": len(part) - len(known), "open": known.count(inf)}
        for one in q:
            row |= _quantile(known, one, interval)
        rows.append(row)
    return _frame(rows, [*names, "runs", "none", "open"])


def _quantile(known: Sequence[float], q: float, interval: float | None) -> dict[str, float]:
    name, n = f"q{format(q * 100, 'g').zfill(2)}", len(known)
    nan = float("nan")
    found = {name: known[rank(q, n)] if n else nan}
    if interval is not None:
        low, high = _ranks(q, n, interval) if n else (0, 0)
        found |= {
            f"{name}_low": known[low] if n else nan,
            f"{name}_high": known[high] if n else nan,
        }
    return found


def _ranks(q: float, n: int, level: float) -> tuple[int, int]:
    """Return the places of the values between which a quantile lies with some confidence."""
    tail, below = (1 - level) / 2, 0.0
    low, high = 0, n - 1
    for k in range(n):
        below += comb(n, k) * q**k * (1 - q) ** (n - k)
        if below <= tail:
            low = k
        if below >= 1 - tail:
            high = min(high, k)
            break
    return low, high


def share(
    table: pd.DataFrame, of: str, by: str | Sequence[str] | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Return in how many runs of each point a column is true (not 0, not empty).

    Returns
    -------
    pandas.DataFrame
        The columns of `by`; ``runs``, ``hits``, ``rate``, and the interval ``low``, ``high``.

    Raises
    ------
    HasimError
        For a column that is not there.
    """
    names = _names(table, by, of)
    rows = []
    for key, part in _parts(table, names):
        values = part[of]
        hits = int((values.notna() & values.astype(bool)).sum())
        low, high = wilson(hits, len(part), level)
        row = {**dict(zip(names, key, strict=True)), "runs": len(part), "hits": hits}
        rows.append({**row, "rate": hits / len(part), "low": low, "high": high})
    return _frame(rows, [*names, "runs", "hits", "rate", "low", "high"])


def false_takeover_rate(
    table: pd.DataFrame, by: str | Sequence[str] | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Return in how many runs of each point a group was taken over from a node that was well.

    See :mod:`hasim.experiment.mistaken` for what that is, and :func:`share` for the columns.
    """
    return share(table, "false_takeovers", by, level)


def _names(table: pd.DataFrame, by: str | Sequence[str] | None, of: str) -> list[str]:
    names = labels_of(table) if by is None else [by] if isinstance(by, str) else [*by]
    for name in (*names, of):
        if name not in table.columns:
            raise HasimError(f"no column {name!r} in this table{nearest(name, map(str, table))}")
    return names


def _parts(table: pd.DataFrame, names: list[str]) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Return the rows of each point, in the order of the table."""
    if not names:
        return [((), table)] if len(table) else []
    return [
        (key if isinstance(key, tuple) else (key,), part)
        for key, part in table.groupby(names, sort=False, dropna=False)
    ]


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=columns)
