"""What figures ask of the table of a sweep: one row for each run and group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from hasim.errors import HasimError, nearest
from hasim.units import duration_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "checked",
    "groups_of",
    "is_number",
    "is_table",
    "key_text",
    "swept_in",
    "values_of",
    "varied",
]


def is_table(data: Any) -> TypeGuard[pd.DataFrame]:
    """Tell whether something is a pandas table, without loading pandas for it."""
    return type(data).__module__.startswith("pandas") and hasattr(data, "columns")


def checked(table: Any, *columns: str) -> pd.DataFrame:
    """Return a table as it is.

    Raises
    ------
    HasimError
        For what is no table, and for one that lacks a column.
    """
    if not is_table(table):
        raise HasimError(f"a table as Model.sweep makes is wanted, not {type(table).__name__}")
    there = [str(name) for name in table.columns]
    for name in columns:
        if name not in there:
            listed = f"; it has {', '.join(there)}" if there else "; it has none"
            raise HasimError(f"the table has no column {name!r}{nearest(name, there) or listed}")
    return table


def swept_in(table: pd.DataFrame) -> list[str]:
    """Return the columns of what was swept: those before ``seed``."""
    names = [str(name) for name in table.columns]
    return names[: names.index("seed")] if "seed" in names else []


def varied(table: pd.DataFrame, but: Iterable[str] = ()) -> list[str]:
    """Return the columns of what was swept, and the group, that have more than one value."""
    found = [name for name in (*swept_in(table), "group") if name in table.columns]
    return [n for n in found if n not in but and table[n].nunique(dropna=False) > 1]


def groups_of(table: pd.DataFrame, by: Sequence[str]) -> list[tuple[tuple[Any, ...], pd.DataFrame]]:
    """Return the rows by their values of some columns, in the order of the values."""
    if not by:
        return [((), table)]
    found = table.groupby(list(by), dropna=False, sort=True)
    return [(key if isinstance(key, tuple) else (key,), part) for key, part in found]


def is_number(column: pd.Series[Any]) -> bool:
    """Tell whether a column holds numbers: times in seconds."""
    return column.dtype.kind in "fiu"


def values_of(table: pd.DataFrame, column: str) -> np.ndarray[Any, Any]:
    """Return the numbers of a column that are there.

    Raises
    ------
    HasimError
        For a column that does not hold numbers.
    """
    import pandas as pd

    try:
        found: np.ndarray[Any, Any] = np.asarray(pd.to_numeric(table[column]), dtype=float)
    except (TypeError, ValueError):
        raise HasimError(f"the column {column!r} does not hold numbers") from None
    return np.asarray(found[np.isfinite(found)])


def key_text(names: Sequence[str], values: Sequence[Any]) -> str:
    """Return what a group of rows has in common: ``deadtime 10s, keepalive 1s``."""
    return ", ".join(
        _value(value) if name in ("group", "fault", "scenario") else f"{name} {_value(value)}"
        for name, value in zip(names, values, strict=True)
    )


def _value(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        return str(value)
    return duration_text(round(float(value) * 1_000_000)) if np.isfinite(value) else "none"
