"""Read a recording from a file, an archive or a folder, whatever its format."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sensorhar.data.archive import read_archive
from sensorhar.data.recording import Recording
from sensorhar.data.windows import Windows
from sensorhar.errors import DataError
from sensorhar.io._source import Source
from sensorhar.io._table import is_text
from sensorhar.io.actigraph import is_actigraph, read_actigraph
from sensorhar.io.andro_sensor import is_andro_sensor, read_andro_sensor
from sensorhar.io.arff import is_arff, read_arff
from sensorhar.io.axivity import is_axivity, read_axivity
from sensorhar.io.bvh import is_bvh, read_bvh
from sensorhar.io.core_motion import is_core_motion, read_core_motion
from sensorhar.io.csv import read_csv
from sensorhar.io.edge_impulse import is_edge_impulse, read_edge_impulse
from sensorhar.io.empatica import is_empatica, read_empatica
from sensorhar.io.geneactiv import is_geneactiv, read_geneactiv
from sensorhar.io.geolife_plt import is_geolife_plt, read_geolife_plt
from sensorhar.io.gpx import is_gpx, read_gpx
from sensorhar.io.hyper_imu import is_hyper_imu, read_hyper_imu
from sensorhar.io.log import is_log, read_log
from sensorhar.io.matlab_mobile import is_matlab_mobile, read_matlab_mobile
from sensorhar.io.phyphox import is_phyphox, read_phyphox
from sensorhar.io.physics_toolbox import is_physics_toolbox, read_physics_toolbox
from sensorhar.io.sensor_log import is_sensor_log, read_sensor_log
from sensorhar.io.sensor_logger import is_sensor_logger, read_sensor_logger
from sensorhar.io.uea_ts import is_uea_ts, read_uea_ts
from sensorhar.io.xdf import is_xdf, read_xdf

__all__ = ["read"]

#: Archives within archives that are opened; one that holds itself would never end.
MAX_ARCHIVES = 2


def read(path: str | Path) -> Recording | Windows:
    """Read a file, an archive or a folder, choosing the format by its content.

    Known are, whatever the name ends in:

    ============================  ====================================================
    sensorhar                     ``.npz`` files that ``save`` writes, and logs of
                                  ``sensorhar collect``, cut off or not
    phone apps                    Sensor Logger, phyphox, AndroSensor, SensorLog,
                                  Physics Toolbox, HyperIMU, MATLAB Mobile, exports of
                                  Apple's CoreMotion
    devices                       Axivity ``.cwa``, GENEActiv ``.bin``, ActiGraph
                                  ``.gt3x``, Empatica E4
    labs and tools                XDF, Edge Impulse JSON and CBOR, BVH, ``.ts`` and
                                  ``.arff`` of the UEA archive (as Windows)
    GPS                           GPX, Geolife ``.plt``
    anything else                 text tables whose columns speak for themselves
                                  (``time_s``, ``acc_x``, ...)
    ============================  ====================================================

    For a table whose columns do not speak for themselves, see
    :func:`sensorhar.read_csv`; for the options of a format, its own reader in
    :mod:`sensorhar.io`.

    Parameters
    ----------
    path : str or Path
        A file, a zip archive, or a folder that an app has exported. A single file of
        any of these formats may also lie alone in an archive or folder.

    Returns
    -------
    Recording or Windows
        What it holds, in SI units.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    DataError
        When the format is unknown or the file is broken.

    Warns
    -----
    ClockWarning
        When stamps had to be repaired; no sample is dropped.
    UnitWarning
        When the size of readings contradicts their unit.

    Examples
    --------
    >>> import sensorhar as sh
    >>> from tempfile import TemporaryDirectory
    >>> recording = sh.simulate_recordings(1, random_state=0)[0]
    >>> with TemporaryDirectory() as folder:
    ...     same = read(recording.save(Path(folder) / "anna.npz"))
    >>> same.name == recording.name
    True
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(
            f"read needs a file; {str(path)!r} does not exist in {str(Path.cwd())!r}. "
            "Check the spelling."
        )
    return _read(path, 0)


def _read(path: Path, n_archives: int) -> Recording | Windows:
    """Read a path that lies within so many archives."""
    source = Source(path)
    for one in _FORMATS:
        if one.is_it(source):
            return one.read(path)
    only = _only_member(source)
    if only is not None and source.is_folder:
        return _read(path / only, n_archives)
    if only is not None and n_archives < MAX_ARCHIVES:
        with TemporaryDirectory() as folder:
            inner = Path(folder) / PurePosixPath(only).name
            inner.write_bytes(source.read(only))
            return _read(inner, n_archives + 1)
    for hint in _HINTS:
        if hint.is_it(source):
            raise DataError(f"{path.name} is {hint.what}, which is not read. {hint.do}")
    known = ", ".join(one.name for one in _FORMATS)
    if source.is_folder:
        raise DataError(
            f"folder {path.name} must be an app's export; none of the formats known "
            f"({known}) is in it. Read its files one by one, or load a data set with "
            "sensorhar.datasets."
        )
    raise DataError(
        f"{path.name} must be in a format known ({known}); it is in none of them. "
        "Convert it to a table with columns time_s, acc_x, acc_y, acc_z, or build a "
        "Recording with Stream.of_sensor."
    )


def _is_archive(source: Source) -> bool:
    if source.path.suffix == ".npz":
        return True  # even if broken: its reader says how
    try:
        return "header.npy" in source.members and source.is_zip
    except DataError:
        return False  # a broken archive, as it turns out when nothing can read it


def _is_table(source: Source) -> bool:
    if source.is_folder or source.is_zip or not is_text(source.path):
        return False
    is_other = source.text.lstrip().startswith(("{", "[", "<"))  # JSON and XML
    return not is_other and not any(hint.is_it(source) for hint in _HINTS)


def _only_member(source: Source) -> str | None:
    """Return the file in a folder or archive, when there is one that matters."""
    members = [
        member
        for member in source.members
        if PurePosixPath(member).suffix.lower() not in _BESIDES
    ]
    return members[0] if len(members) == 1 else None


class _Hint(NamedTuple):
    """A format that people have and that is not read."""

    what: str
    is_it: Callable[[Source], bool]
    do: str


def _starts(magic: bytes, at: int = 0) -> Callable[[Source], bool]:
    return lambda source: source.head[at : at + len(magic)] == magic


def _has_root(name: bytes) -> Callable[[Source], bool]:
    return lambda source: (
        source.head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
        and name in source.head[:2048]
    )


def _holds_avro(source: Source) -> bool:
    return any(member.lower().endswith(".avro") for member in source.members)


#: Endings of files that stand beside a recording and are none.
_BESIDES = (".md", ".pdf", ".png", ".jpg", ".jpeg", ".mp4", ".mov", ".m4a", ".html")

#: What the new and the old Excel format are told by.
_XLSX = "xl/workbook.xml"
_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_AVRO_DO = (
    "Empatica's manual shows how to convert it to CSV; read that with "
    "sensorhar.read_csv."
)
_HINTS = (
    _Hint(
        "an Avro file, as Empatica's EmbracePlus writes", _starts(b"Obj\1"), _AVRO_DO
    ),
    _Hint("a folder of Avro files, as of EmbracePlus", _holds_avro, _AVRO_DO),
    _Hint(
        "a MATLAB file",
        _starts(b"MATLAB "),
        "Write its tables as CSV in MATLAB: writetimetable(Acceleration, "
        '"Acceleration.csv").',
    ),
    _Hint(
        "a Garmin .fit file",
        _starts(b".FIT", at=8),
        "Export the activity as GPX.",
    ),
    _Hint("a TCX file", _has_root(b"<TrainingCenterDatabase"), "Export it as GPX."),
    _Hint("a KML file", _has_root(b"<kml"), "Export the track as GPX."),
    _Hint(
        "an Excel workbook that is not phyphox's",
        lambda source: _XLSX in source.members or _starts(_XLS)(source),
        "Save the sheet as CSV.",
    ),
    _Hint("an HDF5 file", _starts(b"\x89HDF\r\n\x1a\n"), "Write its tables as CSV."),
    _Hint("a Parquet file", _starts(b"PAR1"), "Write it as CSV."),
    _Hint("a sound file", _starts(b"RIFF"), "Convert it to .cwa or .csv."),
)


class _Format(NamedTuple):
    name: str
    is_it: Callable[[Source], bool]
    read: Callable[[Path], Recording | Windows]


# Binary formats first, for their first bytes leave no doubt; plain tables last.
_FORMATS = (
    _Format("sensorhar .npz", _is_archive, read_archive),
    _Format("sensorhar log", is_log, read_log),
    _Format("Axivity .cwa", is_axivity, read_axivity),
    _Format("XDF", is_xdf, read_xdf),
    _Format("ActiGraph .gt3x", is_actigraph, read_actigraph),
    _Format("GENEActiv .bin", is_geneactiv, read_geneactiv),
    _Format("Sensor Logger", is_sensor_logger, read_sensor_logger),
    _Format("phyphox", is_phyphox, read_phyphox),
    _Format("Empatica E4", is_empatica, read_empatica),
    _Format("MATLAB Mobile", is_matlab_mobile, read_matlab_mobile),
    _Format("BVH", is_bvh, read_bvh),
    _Format("GPX", is_gpx, read_gpx),
    _Format("Geolife .plt", is_geolife_plt, read_geolife_plt),
    _Format("Edge Impulse", is_edge_impulse, read_edge_impulse),
    _Format("UEA .ts", is_uea_ts, read_uea_ts),
    _Format("UEA .arff", is_arff, read_arff),
    _Format("AndroSensor", is_andro_sensor, read_andro_sensor),
    _Format("SensorLog", is_sensor_log, read_sensor_log),
    _Format("Physics Toolbox", is_physics_toolbox, read_physics_toolbox),
    _Format("HyperIMU", is_hyper_imu, read_hyper_imu),
    _Format("CoreMotion", is_core_motion, read_core_motion),
    _Format("a text table with column names", _is_table, read_csv),
)
