"""A table of a TOML file, taken apart key by key with messages that help."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, cast

from sensorhar._words import listing
from sensorhar.errors import DataError

#: No rate, tick or scale is further from 1; beyond that numbers stop being finite.
MOST = 1e15


class Table:
    """One table of a profile; each key is taken once, and none may be left over."""

    def __init__(self, content: dict[str, Any], where: str) -> None:
        self._content = content
        self._taken: list[str] = []
        self.where = where  # "my.toml, characteristic 1"

    def has(self, key: str) -> bool:
        """Return whether a key is there; one that may be is known from here on."""
        self._taken.append(key)
        return key in self._content

    def wrong(self, key: str, expected: str) -> DataError:
        """Return the error for a key whose value will not do."""
        if key not in self._content:
            return DataError(f"{self.where}: {key} must be {expected}; it is missing.")
        got = self._content[key]
        return DataError(f"{self.where}: {key} must be {expected}; got {got!r}.")

    def _take(self, key: str) -> Any:
        self._taken.append(key)
        return self._content.get(key)

    def text(self, key: str, default: str | None = None, *, what: str = "text") -> str:
        """Return a text that is not empty, unless it is the default."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or (not value and value != default):
            raise self.wrong(key, what)
        return value

    def choice(self, key: str, choices: Iterable[str], default: str | None) -> str:
        """Return one of the choices."""
        choices = list(choices)
        value = self.text(key, default, what=f"one of {listing(choices)}")
        if value not in choices:
            raise self.wrong(key, f"one of {listing(choices)}")
        return value

    def number(self, key: str, default: float | None = None) -> float | None:
        """Return a number above 0, or the default."""
        value = self._take(key)
        if value is None:
            return default
        if not _is_number(value) or not 1 / MOST <= value <= MOST:
            raise self.wrong(key, "a number above 0")
        return float(value)

    def count(self, key: str, default: int | None, most: int) -> int | None:
        """Return a whole number above 0, or the default."""
        value = self._take(key)
        if value is None:
            return default
        if (
            not isinstance(value, int)
            or isinstance(value, bool)
            or not 0 < value <= most
        ):
            raise self.wrong(key, f"a whole number from 1 to {most}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self._take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def texts(self, key: str, default: list[str] | None = None) -> list[str]:
        """Return a list of texts that is not empty."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        is_list = isinstance(value, list) and value
        if not is_list or not all(
            isinstance(each, str) for each in cast(list[Any], value)
        ):
            raise self.wrong(key, "a list of texts")
        return cast(list[str], value)

    def one_or_many(self, key: str) -> list[str]:
        """Return texts, of which one may stand without a list."""
        return [self.text(key)] if isinstance(self._take(key), str) else self.texts(key)

    def numbers(self, key: str, n: int, default: float) -> list[float]:
        """Return n numbers, given as one for all or as a list."""
        value = self._take(key)
        if value is None:
            return [default] * n
        values = value if isinstance(value, list) else [value] * n
        is_right = all(
            _is_number(each) and 1 / MOST <= abs(each) <= MOST for each in values
        )
        if len(values) != n or not is_right:
            raise self.wrong(key, f"a number other than 0, or a list of {n}")
        return [float(each) for each in values]

    def bytes(self, key: str, default: bytes | None = None) -> bytes:
        """Return bytes written as ``"01 a0"``."""
        value = self._take(key)
        if value is None and default is not None:
            return default
        try:
            return bytes.fromhex(value)
        except (TypeError, ValueError):
            raise self.wrong(key, 'bytes as text, such as "01 a0"') from None

    def table(self, key: str) -> Table | None:
        """Return a table within this one."""
        value = self._take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.wrong(key, f"a table, [{key}]")
        return Table(value, f"{self.where}, {key}")

    def tables(self, key: str, *, is_needed: bool = True) -> list[Table]:
        """Return the tables of a list."""
        value = self._take(key)
        if value is None and not is_needed:
            return []
        is_list = isinstance(value, list) and value
        if not is_list or not all(
            isinstance(each, dict) for each in cast(list[Any], value)
        ):
            raise self.wrong(key, f"one or several tables, [[{key}]]")
        rows = cast(list[dict[str, Any]], value)
        return [Table(row, f"{self.where}, {key} {i}") for i, row in enumerate(rows, 1)]

    def keys(self) -> list[str]:
        """Return the names of all keys."""
        return list(self._content)

    def done(self) -> None:
        """Raise unless every key was taken."""
        for key in self._content:
            if key not in self._taken:
                near = difflib.get_close_matches(key, self._taken, 1)
                guess = f" Did you mean {near[0]!r}?" if near else ""
                raise DataError(
                    f"{self.where}: keys must be among "
                    f"{', '.join(sorted(set(self._taken)))}; got {key!r}.{guess}"
                )


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
