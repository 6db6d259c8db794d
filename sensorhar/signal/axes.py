"""Which channels are the x, y and z of one sensor."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["find_triples"]


def find_triples(channel_names: Sequence[str]) -> list[tuple[int, int, int]]:
    """Return the columns that are the x, y and z of one sensor.

    Channels belong together when their names are equal up to a last ``_x``, ``_y``,
    ``_z``; channels without both partners are left out. The result is what `rotate`,
    `remap_axes` and `extract_features` take.

    Parameters
    ----------
    channel_names : sequence of str
        Names in column order.

    Returns
    -------
    list of (int, int, int)
        Columns of x, y, z, in the order in which the x columns stand.

    Raises
    ------
    ValueError
        If a name occurs twice.

    Examples
    --------
    >>> find_triples(["acc_x", "acc_y", "acc_z", "speed_mps", "wrist_gyr_x"])
    [(0, 1, 2)]
    """
    column = {name: index for index, name in enumerate(channel_names)}
    if len(column) < len(channel_names):
        twice = sorted({n for n in channel_names if list(channel_names).count(n) > 1})
        raise ValueError(
            f"channel_names must differ, got {twice[:5]!r} more than once; add the "
            f"place of the sensor to the name, as in 'wrist_acc_x'."
        )
    triples = []
    for name, index in column.items():
        stem = name.removesuffix("_x")
        if stem != name and f"{stem}_y" in column and f"{stem}_z" in column:
            triples.append((index, column[f"{stem}_y"], column[f"{stem}_z"]))
    return triples
