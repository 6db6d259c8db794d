"""phyphox: zip of CSV files, a single CSV, or an Excel workbook."""

from __future__ import annotations

import re
import warnings
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar._soft import require
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._app_table import FRAME, AppTable, holds_gravity
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._source import Source
from sensorhar.units import factor

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_phyphox", "read_phyphox"]

_AXIS = re.compile(r"(?P<what>.*?)\s*\b(?P<axis>[xyz])\s*\((?P<unit>[^)]*)\)", re.I)
_TIME = r"time\s*\(s\)|t\s*\(s\)"
_OTHERS = r"latitude \(.*|pressure \(.*"

#: What the packages for workbooks stumble over in a damaged one.
_DAMAGE: tuple[type[Exception], ...] = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)

#: No experiment has more tables; archives of more files are something else.
MAX_TABLES = 40

#: What the old and the new Excel format start with; the new one is a zip archive.
_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XLSX = "xl/workbook.xml"


def is_phyphox(source: Source) -> bool:
    """Return whether a file is an export of phyphox, by what is in it.

    Parameters
    ----------
    source : Source
        A zip archive, folder, text file or workbook.

    Returns
    -------
    bool
        Whether a table starts with ``Time (s)`` and has columns with phyphox's names,
        or ``meta/time.csv`` tells when the experiment was started.
    """
    try:
        if _XLSX in source.members:
            # Texts stand in one place or in the sheets, by who wrote the workbook.
            return any(
                b"Time (s)" in source.read(member)
                for member in source.members[:MAX_TABLES]
                if member.startswith(("xl/sharedStrings", "xl/worksheets/sheet"))
            )
        if source.is_folder or source.is_zip:
            times = source.find("time.csv")
            if times is not None and b"experiment time" in source.read(times)[:200]:
                return True
            return any(
                _is_table(source.read(member)[:4096].decode("utf-8", "replace"))
                for member in source.members[:MAX_TABLES]
                if member.lower().endswith((".csv", ".txt"))
            )
    except (DataError, OSError):
        return False
    if source.head.startswith(_XLS):
        return b"Time (s)" in source.head
    return _is_table(source.text)


def read_phyphox(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
    has_gravity: bool | None = None,
) -> Recording:
    r"""Read an export of the app phyphox.

    Units stand in the column names. Times count from the start of the experiment and
    leave pauses out; ``meta/time.csv`` puts both right::

        experiment time  0 ......... 12.5 | 12.5 ........ 20    s
        system time      10:00:00 .. 12.5 | 10:03:00 ... 07.5
                         START       PAUSE  START        PAUSE

    phyphox itself turns an iPhone's accelerations to the Android frame (its
    ``ExperimentSensorInput.swift`` multiplies with -9.81), so nothing is turned here.

    Parameters
    ----------
    path : str or Path
        The ``.zip``, folder, ``.csv``, ``.xlsx`` or ``.xls``. Workbooks need openpyxl
        or xlrd.
    subject : str or None, default=None
        Who carried the phone.
    name : str or None, default=None
        Name of the recording. None takes the file's.
    place : str, default=""
        Where the phone was.
    has_gravity : bool or None, default=None
        Whether columns called just "Acceleration" include gravity. Old experiments
        call both so; None tells it from the readings.

    Returns
    -------
    Recording
        With ``start`` where ``meta/time.csv`` says it.

    Raises
    ------
    DataError
        When a table is broken, or none holds readings.
    MissingPackageError
        When a workbook needs a package that is not installed.

    Warns
    -----
    SensorharWarning
        When the file of times is broken; then times count from the start.

    References
    ----------
    phyphox/phyphox-docs and the apps' sources, phyphox/phyphox-ios and -android.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> rows = [f"{i / 100:.9E},0.0,0.0,9.81" for i in range(300)]
    >>> head = ",".join(['"Time (s)"', *(f'"Acceleration {a} (m/s^2)"' for a in "xyz")])
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "walk.csv"
    ...     _ = path.write_text("\n".join([head, *rows]))
    ...     recording = read_phyphox(path)
    >>> recording
    <Recording 'walk' | 2.99 s | acc_x acc_y acc_z 100 Hz | no events>
    """
    source = Source(Path(path))
    tables = _tables(source)
    clock = _Clock.of(tables)
    builder = RecordingBuilder(source.name)
    left_out = []
    for key, table in tables.items():
        time = table.find(_TIME)
        if key.startswith("meta") or not len(table):
            continue
        if time is None or not _add(
            builder, key, table, time, clock, place, has_gravity
        ):
            left_out.append(key)
    notes: dict[str, str | int | float | bool] = {"app": "phyphox", "frame": FRAME}
    if left_out:
        notes["tables left out"] = ", ".join(left_out)
    if clock is not None:
        notes["pauses"] = len(clock.begins) - 1
    notes |= _device(tables)
    return builder.build(
        name=source.stem if name is None else name, subject=subject, metadata=notes
    )


@dataclass(frozen=True)
class _Clock:
    """When the stretches of an experiment began, in its own and in real time."""

    begins: NDArray[np.float64]
    real_ns: NDArray[np.int64]

    @classmethod
    def of(cls, tables: dict[str, AppTable]) -> _Clock | None:
        table = next((t for key, t in tables.items() if _is_clock(key)), None)
        if table is None:
            return None
        try:
            event = table.text(table.need(table.find("event"), "event"))
            rows = np.array([word.upper() == "START" for word in event], dtype=bool)
            begun = table.where(rows)
            begins = begun.seconds(begun.need(begun.find("experiment time.*"), "time"))
            column = begun.need(begun.find(r"system time(\s*\(s\))?"), "system time")
            real = begun.unix_ns(column, 1)
        except DataError as error:
            warnings.warn(
                f"{error} Until then times count from the start of the experiment.",
                SensorharWarning,
                stacklevel=4,
            )
            return None
        if not len(begins) or (np.diff(begins) < 0).any() or (np.diff(real) < 0).any():
            return None
        return cls(begins, real)

    def real(self, seconds: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return moments of the experiment in ns since 1970."""
        part = np.searchsorted(self.begins, seconds, side="right") - 1
        part = np.clip(part, 0, None)  # a barometer may report from before the start
        since = np.round((seconds - self.begins[part]) * 1e9).astype(np.int64)
        return np.asarray(self.real_ns[part] + since)


def _add(
    builder: RecordingBuilder,
    key: str,
    table: AppTable,
    time: str,
    clock: _Clock | None,
    place: str,
    has_gravity: bool | None,
) -> bool:
    """Add the sensors of one table; return whether there was one."""
    table = table.where(~np.isnan(table.numbers(time)))
    seconds = table.seconds(time)
    times = seconds if clock is None else clock.real(seconds)
    n_before = len(builder)
    for headers, what, unit in _triples(table):
        values = table.values(headers)
        kind, gravity = _kind(f"{what} {key}", what, unit, values, seconds, has_gravity)
        if kind is not None:
            builder.add(
                kind, values, times, unit=unit, place=place, has_gravity=gravity
            )
    lat, lon = table.find(r"latitude \(.*"), table.find(r"longitude \(.*")
    if lat is not None and lon is not None:
        fixes = table.fixes(
            {
                "lat_deg": lat,
                "lon_deg": lon,
                "alt_m": table.find(r"altitude wgs84 \(.*")
                or table.find(r"(height|altitude) \(.*"),
                "speed_mps": table.find(r"(velocity|speed) \(.*"),
                "bearing_deg": table.find(r"(direction|bearing) \(.*"),
                "accuracy_m": table.find(r"(horizontal )?accuracy \(.*"),
            }
        )
        builder.add("gps", fixes, times, place=place)
    pressure = table.find(r"pressure \((hpa|mbar)\)")
    if pressure is not None:
        values = table.values([pressure])
        builder.add("barometer", values, times, unit="hPa", place=place)
    return len(builder) > n_before


def _triples(table: AppTable) -> list[tuple[list[str], str, str]]:
    """Return the columns of three axes with what they are called and their unit."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for header in table.headers:
        match = _AXIS.fullmatch(header.strip())
        if match:
            key = (match["what"].lower(), match["unit"])
            found.setdefault(key, {})[match["axis"].lower()] = header
    return [
        ([axes[axis] for axis in "xyz"], what, unit)
        for (what, unit), axes in found.items()
        if set(axes) == {"x", "y", "z"}
    ]


def _kind(
    called: str,
    what: str,
    unit: str,
    values: NDArray[np.float64],
    seconds: NDArray[np.float64],
    has_gravity: bool | None,
) -> tuple[str | None, bool | None]:
    """Return which sensor three axes are of, and whether gravity is in them."""
    for kind, si_unit in (("gyroscope", "rad/s"), ("magnetometer", "uT")):
        if _is_unit(unit, si_unit):
            return kind, None
    if not _is_unit(unit, "m/s^2"):
        return None, None
    called = called.lower()
    if "gravity" in what:
        return "gravity", None
    if "linear" in what or (not what and ("linear" in called or "without" in called)):
        return "linear_acceleration", None
    if has_gravity is None:
        has_gravity = holds_gravity(values * factor(unit, "m/s^2"), seconds)
        if has_gravity is None and "without" in called:
            has_gravity = False
    return ("linear_acceleration" if has_gravity is False else "accelerometer"), (
        has_gravity
    )


def _is_unit(unit: str, si_unit: str) -> bool:
    try:
        factor(unit, si_unit)
    except ValueError:
        return False
    return True


def _tables(source: Source) -> dict[str, AppTable]:
    """Return the tables by the names of their files or sheets."""
    if _XLSX in source.members or source.head.startswith(_XLS):
        return _sheets(source)
    if not source.is_folder and not source.is_zip:
        table = AppTable.read(source)
        return {} if table is None else {source.stem: table}
    tables = {}
    for member in source.members:
        path = PurePosixPath(member)
        if path.suffix.lower() not in (".csv", ".txt"):
            continue
        is_meta = path.parent.name == "meta"
        key = f"meta {path.stem}" if is_meta else path.stem
        if key in tables:
            raise DataError(
                f"{source.name} must hold one experiment; it holds {path.name!r} "
                "twice. Read their folders one by one."
            )
        table = AppTable.read(source, member, as_text=is_meta)
        if table is not None:
            tables[key] = table
    return tables


def _sheets(source: Source) -> dict[str, AppTable]:
    """Return the sheets of a workbook."""
    package = "openpyxl" if source.is_zip else "xlrd"
    module = require(
        package, extra="devices", purpose=f"reading the workbook {source.name}"
    )
    import pandas as pd

    for member in source.members:
        source.read(member)  # refuses those that grow beyond reason
    try:
        content = source.path.read_bytes()
        sheets = pd.read_excel(
            BytesIO(content),
            sheet_name=None,
            engine="openpyxl" if source.is_zip else "xlrd",
        )
    except (*_DAMAGE, *_own_errors(module)) as error:
        raise DataError(
            f"{source.name} must be a whole workbook; it is damaged ({error}). Export "
            "it again, best as CSV."
        ) from error
    return {
        str(key).replace("Metadata ", "meta "): AppTable(
            f"sheet {key!r} of {source.name}", frame
        )
        for key, frame in sheets.items()
    }


def _own_errors(module: ModuleType) -> tuple[type[Exception], ...]:
    """Return what a package raises itself for files that are no workbooks."""
    exceptions = getattr(getattr(module, "utils", None), "exceptions", None)
    found = (
        getattr(module, "XLRDError", None),
        getattr(exceptions, "InvalidFileException", None),
    )
    return tuple(error for error in found if error is not None)


def _is_clock(key: str) -> bool:
    return key.lower() == "meta time"


def _device(tables: dict[str, AppTable]) -> dict[str, str]:
    """Return what the export says of the phone."""
    table = next((t for key, t in tables.items() if key.lower() == "meta device"), None)
    if table is None or len(table.headers) < 2:
        return {}
    rows = zip(*(table.text(header) for header in table.headers[:2]), strict=True)
    wanted = ("deviceBrand", "deviceModel", "deviceRelease", "version")
    return {f"phyphox {key}": text for key, text in rows if key in wanted and text}


def _is_table(text: str) -> bool:
    line = text.lstrip("\ufeff").split("\n", 1)[0].strip()
    headers: Sequence[str] = [
        header.strip().strip('"').strip() for header in re.split("[,;\t]", line)
    ]
    if not any(re.fullmatch(_TIME, header, re.IGNORECASE) for header in headers):
        return False
    return any(
        _AXIS.fullmatch(header) or re.fullmatch(_OTHERS, header, re.IGNORECASE)
        for header in headers
    )
