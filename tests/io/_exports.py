"""Writers of files as phone apps export them, from one known motion."""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

G = 9.80665
START_NS = 1_764_585_664_239_000_123  # 2025-12-01 10:41:04 UTC
FIXES = [  # seconds, latitude, longitude, altitude, speed, bearing, accuracy
    (-108.0, 48.2, 16.35, 180.0, 0.0, 10.0, 65.0),
    (0.5, 48.21, 16.36, 181.0, 1.25, 90.0, 5.0),
    (1.5, 48.2101, 16.3601, 182.0, 1.5, 91.5, 4.0),
    (2.5, 48.2102, 16.3602, 183.0, 1.75, 93.0, 3.0),
]


@dataclass(frozen=True)
class Walk:
    """Somebody turning a phone over while shaking it: true values, Android frame."""

    n_samples: int = 300
    rate_hz: float = 100.0
    start_ns: int = START_NS
    fixes: list = field(default_factory=lambda: FIXES[1:])

    @property
    def seconds(self):
        return np.arange(self.n_samples) / self.rate_hz

    @property
    def ns(self):
        return self.start_ns + np.round(self.seconds * 1e9).astype(np.int64)

    @property
    def grav(self):
        tilt = 0.5 * np.sin(self.seconds)
        return G * np.column_stack([np.sin(tilt), 0 * tilt, np.cos(tilt)])

    @property
    def lin(self):
        phase = 2 * np.pi * 2 * self.seconds[:, None]
        return np.array([0.3, 0.6, 0.9]) * np.sin(phase + np.arange(3))

    @property
    def acc(self):
        return self.grav + self.lin

    @property
    def gyr(self):
        return np.column_stack(
            [0.1 + 0 * self.seconds, 0.2 + self.seconds, -0.3 * self.seconds]
        )

    @property
    def mag(self):
        return np.tile([20.0, -5.0, -43.0], (self.n_samples, 1)) + self.lin


def table(columns, delimiter=",", quote=False, end="\n"):
    """Text of a table from names and columns."""
    out = io.StringIO()
    style = csv.QUOTE_ALL if quote else csv.QUOTE_MINIMAL
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=style).writerow(
        columns
    )
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    rows = zip(*columns.values(), strict=True)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return out.getvalue()


def _plain(value):
    return repr(float(value)) if isinstance(value, float | np.floating) else value


def zipped(path, files):
    """Write a zip archive of texts by member name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def put(folder, files):
    """Write a folder of texts by file name."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


# ---------------------------------------------------------------- Sensor Logger


def _stamped(walk, values, names=("z", "y", "x"), **more):
    """One table; the axes stand in the order of the app, z first."""
    columns = {"time": walk.ns, "seconds_elapsed": walk.seconds}
    columns |= {name: values[:, "xyz".index(name)] for name in names}
    return columns | more


def sensor_logger_tables(walk, platform="ios", standardised=False, watch=False):
    """Columns of each table by its name."""
    is_apple = platform == "ios" and not standardised
    sign = -1.0 if is_apple else 1.0
    tables = {
        "Accelerometer": _stamped(walk, sign * walk.lin),
        "Gravity": _stamped(walk, sign * walk.grav),
        "Gyroscope": _stamped(walk, walk.gyr),
        "Magnetometer": _stamped(walk, walk.mag),
        "AccelerometerUncalibrated": _stamped(
            walk, sign * walk.acc / (G if is_apple else 1)
        ),
        "Barometer": {
            "time": walk.ns[::50],
            "seconds_elapsed": walk.seconds[::50],
            "relativeAltitude": 0 * walk.seconds[::50],
            "pressure": 1000.0 + walk.seconds[::50],
        },
    }
    if platform == "android":
        tables["TotalAcceleration"] = _stamped(walk, walk.acc)
    if walk.fixes:
        since, lat, lon, alt, speed, bearing, accuracy = np.array(walk.fixes).T
        tables["Location"] = {
            "time": walk.start_ns + np.round(since * 1e9).astype(np.int64),
            "seconds_elapsed": since,
            "bearingAccuracy": -1 + 0 * since,
            "speedAccuracy": -1 + 0 * since,
            "verticalAccuracy": 3 + 0 * since,
            "horizontalAccuracy": accuracy,
            "speed": speed,
            "bearing": bearing,
            "altitude": alt,
            "longitude": lon,
            "latitude": lat,
        }
    if watch:
        unit = sign / (G if not standardised else 1)
        motion = {"time": walk.ns, "seconds_elapsed": walk.seconds}
        for name, values in (
            ("rotationRate", walk.gyr),
            ("gravity", unit * walk.grav),
            ("acceleration", unit * walk.lin),
        ):
            motion |= {f"{name}{a.upper()}": values[:, i] for i, a in enumerate("xyz")}
        tables["WristMotion"] = motion
    return tables


def sensor_logger_metadata(walk, platform="ios", standardised=False, version="1.49"):
    """Return the table of one row that tells the platform."""
    row = {
        "version": 3,
        "device name": "Test phone, 1",
        "recording epoch time": walk.start_ns // 10**6,
        "recording time": "2025-12-01_10-41-04",
        "recording timezone": "Europe/Vienna",
        "platform": platform,
        "appVersion": version,
        "device id": "0",
        "sensors": "Accelerometer|Gravity",
        "sampleRateMs": "10|10",
        "standardisation": str(standardised).lower(),
    }
    return {key: [value] for key, value in row.items()}


def sensor_logger_files(walk, platform="ios", standardised=False, marks=(), **more):
    """Texts of the CSV export by file name."""
    tables = sensor_logger_tables(walk, platform, standardised, **more)
    files = {f"{name}.csv": table(columns) for name, columns in tables.items()}
    files["Metadata.csv"] = table(sensor_logger_metadata(walk, platform, standardised))
    stamps = [walk.start_ns + round(s * 1e9) for s, _ in marks]
    files["Annotation.csv"] = table(
        {
            "time": stamps,
            "seconds_elapsed": [s for s, _ in marks],
            "text": [text for _, text in marks],
            "millisecond_press_duration": [80] * len(marks),
        }
    )
    return files


def sensor_logger_json(walk, platform="ios", standardised=False):
    """Return the JSON export: one flat list, every number a string."""
    tables = {"Metadata": sensor_logger_metadata(walk, platform, standardised)}
    tables |= sensor_logger_tables(walk, platform, standardised)
    return json.dumps(
        [
            {"sensor": name}
            | {key: str(value) for key, value in zip(columns, row, strict=True)}
            for name, columns in tables.items()
            for row in zip(*columns.values(), strict=True)
        ]
    )


def sensor_logger_sqlite(path, walk, platform="ios", standardised=False):
    """Write the SQLite export: one table a sensor."""
    tables = {"Metadata": sensor_logger_metadata(walk, platform, standardised)}
    tables |= sensor_logger_tables(walk, platform, standardised)
    with closing(sqlite3.connect(path)) as base, base:
        for name, columns in tables.items():
            names = ", ".join(f'"{key}"' for key in columns)
            base.execute(f'CREATE TABLE "{name}" ({names})')
            marks = ", ".join("?" * len(columns))
            rows = [
                [value.item() if hasattr(value, "item") else value for value in row]
                for row in zip(*columns.values(), strict=True)
            ]
            base.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)
    return path


# ---------------------------------------------------------------------- phyphox


def phyphox_columns(seconds, what, unit, values):
    columns = {"Time (s)": seconds}
    return columns | {
        f"{what} {axis} ({unit})": values[:, i] for i, axis in enumerate("xyz")
    }


def phyphox_text(columns, delimiter=",", decimal="."):
    """Write a table in the app's way of writing: quoted names, numbers like 1.2E-1."""
    lines = [delimiter.join(f'"{name}"' for name in columns)]
    for row in zip(*columns.values(), strict=True):
        numbers = (
            "NaN" if np.isnan(v) else f"{v:.9E}".replace(".", decimal) for v in row
        )
        lines.append(delimiter.join(numbers))
    return "\n".join(lines) + "\n"


def phyphox_files(walk, pause_at_s=None, pause_s=100.0, **style):
    """Texts of the zip export by file name; experiment time leaves a pause out."""
    s = walk.seconds
    files = {
        "Accelerometer.csv": phyphox_columns(s, "Acceleration", "m/s^2", walk.acc),
        "Linear Accelerometer.csv": phyphox_columns(
            s, "Linear Acceleration", "m/s^2", walk.lin
        ),
        "Gyroscope.csv": phyphox_columns(s, "Gyroscope", "rad/s", walk.gyr),
        "Magnetometer.csv": phyphox_columns(
            s[::2], "Magnetic field", "µT", walk.mag[::2]
        ),
        "Pressure.csv": {"Time (s)": s[::50] - 0.25, "Pressure (hPa)": 1000 + s[::50]},
    }
    since, lat, lon, alt, speed, bearing, accuracy = np.array(walk.fixes).T
    speed = np.where(since < 1, np.nan, speed)
    files["Location.csv"] = {
        "Time (s)": since,
        "Latitude (°)": lat,
        "Longitude (°)": lon,
        "Height (m)": alt,
        "Velocity (m/s)": speed,
        "Direction (°)": bearing,
        "Horizontal Accuracy (m)": accuracy,
        "Vertical Accuracy (m)": accuracy,
    }
    texts = {name: phyphox_text(columns, **style) for name, columns in files.items()}
    epoch = walk.start_ns / 1e9
    events = [("START", 0.0, epoch)]
    if pause_at_s is not None:
        events.append(("PAUSE", pause_at_s, epoch + pause_at_s))
        events.append(("START", pause_at_s, epoch + pause_at_s + pause_s))
    end = events[-1]
    events.append(("PAUSE", s[-1], end[2] + s[-1] - end[1]))
    lines = ['"event","experiment time","system time","system time text"']
    lines += [f'"{e}",{t:.9E},{u:.3f},"{u}"' for e, t, u in events]
    texts["meta/time.csv"] = "\n".join(lines) + "\n"
    texts["meta/device.csv"] = '"property","value"\n"deviceModel","Test phone"\n'
    return texts


# ------------------------------------------------------------- one table an app


def andro_sensor_text(walk, delimiter=";"):
    """AndroSensor: 33 columns, date with ``:`` before the milliseconds."""
    columns = {}
    for what, unit, values in (
        ("ACCELEROMETER", "m/s²", walk.acc),
        ("GRAVITY", "m/s²", walk.grav),
        ("LINEAR ACCELERATION", "m/s²", walk.lin),
        ("GYROSCOPE", "rad/s", walk.gyr),
    ):
        columns |= {f"{what} {a} ({unit})": values[:, i] for i, a in enumerate("XYZ")}
    n = walk.n_samples
    columns["LIGHT (lux)"] = [10.0] * n
    columns |= {f"MAGNETIC FIELD {a} (μT)": walk.mag[:, i] for i, a in enumerate("XYZ")}
    columns |= {
        "ORIENTATION Z (azimuth °)": [1.0] * n,
        "ORIENTATION X (pitch °)": [2.0] * n,
        "ORIENTATION Y (roll °)": [3.0] * n,
        "PROXIMITY (i)": [8.0] * n,
        "ATMOSPHERIC PRESSURE (hPa)": 1000 + walk.seconds,
        "SOUND LEVEL (dB)": [40.0] * n,
    }
    held = [_newest(walk, s) for s in walk.seconds]
    columns |= {
        "LOCATION Latitude : ": [fix[1] for fix in held],
        "LOCATION Longitude : ": [fix[2] for fix in held],
        "LOCATION Altitude ( m)": [fix[3] for fix in held],
        "LOCATION Altitude-google ( m)": [fix[3] + 40 for fix in held],
        "LOCATION Altitude-atmospheric pressure ( m)": [100.0] * n,
        "LOCATION Speed ( Kmh)": [fix[4] * 3.6 for fix in held],
        "LOCATION Accuracy ( m)": [fix[6] for fix in held],
        "LOCATION ORIENTATION (°)": [fix[5] for fix in held],
        "Satellites in range": ["7 / 12"] * n,
        "Time since start in ms ": np.round(1000 * walk.seconds).astype(int) + 7,
        "YYYY-MO-DD HH-MI-SS_SSS": [_colon(ns) for ns in walk.ns],
    }
    return table(columns, delimiter)


def _newest(walk, second):
    return [fix for fix in walk.fixes if fix[0] <= max(second, walk.fixes[0][0])][-1]


def _date(ns):
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(ns) // 1000)


def _colon(ns):
    date = _date(ns)
    return f"{date:%Y-%m-%d %H:%M:%S}:{date.microsecond // 1000:03d}"


def sensor_log_text(walk, labels=None, delimiter=",", zone="+0000"):
    """SensorLog: Apple's sign, a clock since start-up for each sensor."""
    boot = 62_608.5 + walk.seconds
    columns = {
        "loggingTime(txt)": [
            f"{_date(n + 4_000_000):%Y-%m-%d %H:%M:%S.%f}"[:-3] + f" {zone}"
            for n in walk.ns
        ]
    }
    held = [_newest(walk, s) for s in walk.seconds]
    columns |= {
        "locationTimestamp_since1970(s)": [walk.start_ns / 1e9 + f[0] for f in held],
        "locationLatitude(WGS84)": [f[1] for f in held],
        "locationLongitude(WGS84)": [f[2] for f in held],
        "locationAltitude(m)": [f[3] for f in held],
        "locationSpeed(m/s)": [-1.0 if f[0] < 1 else f[4] for f in held],
        "locationCourse(°)": [f[5] for f in held],
        "locationVerticalAccuracy(m)": [3.0 for _ in held],
        "locationHorizontalAccuracy(m)": [f[6] for f in held],
        "accelerometerTimestamp_sinceReboot(s)": boot,
    }
    for what, values in (
        ("accelerometerAcceleration{}(G)", -walk.acc / G),
        ("motionRotationRate{}(rad/s)", walk.gyr),
        ("motionUserAcceleration{}(G)", -walk.lin / G),
        ("motionGravity{}(G)", -walk.grav / G),
        ("motionMagneticField{}(µT)", walk.mag),
    ):
        columns |= {what.format(a): values[:, i] for i, a in enumerate("XYZ")}
    columns["motionTimestamp_sinceReboot(s)"] = boot
    columns["activity(txt)"] = ["walking"] * walk.n_samples
    columns["altimeterPressure(kPa)"] = 100 + walk.seconds / 10
    columns["label(N)"] = [0] * walk.n_samples if labels is None else labels
    return table(columns, delimiter)


def physics_toolbox_text(walk, n_silent=0, delimiter=","):
    """Physics Toolbox: 0 before a sensor has reported, and for those missing."""
    columns = {"time": walk.seconds}
    is_there = (np.arange(walk.n_samples) >= n_silent)[:, None]
    for what, values in (
        ("gF", walk.acc / G),
        ("a", walk.lin),
        ("w", walk.gyr),
        ("B", walk.mag),
    ):
        columns |= {
            f"{what}{a}": (values * is_there)[:, i] for i, a in enumerate("xyz")
        }
    held = [_newest(walk, s) for s in walk.seconds]
    columns |= {
        "p": 1000 + walk.seconds,
        "Azimuth": walk.seconds,
        "Latitude": [f[1] for f in held],
        "Longitude": [f[2] for f in held],
        "Speed (m/s)": [f[4] for f in held],
    }
    return table(columns, delimiter)


def physics_toolbox_by_report(walk, rates_hz=(15.0, 50.0, 16.0), minus="-"):
    """Physics Toolbox, several sensors at once: a row whenever one of them reports.

    A blank line comes first, commas stand before fractions, a delimiter ends each
    line, and some languages have a minus sign of their own.
    """
    parts = [walk.acc / G, walk.lin, walk.gyr]
    reports = sorted(
        (second, part)
        for part, rate_hz in enumerate(rates_hz)
        for second in np.arange(0.03 + 0.002 * part, walk.seconds[-1], 1 / rate_hz)
    )
    held = np.zeros((3, 3))
    lines = ["", "time;gFx;gFy;gFz;ax;ay;az;wx;wy;wz;"]
    for second, part in reports:
        held[part] = [np.interp(second, walk.seconds, axis) for axis in parts[part].T]
        numbers = [f"{second:.6f}", *(f"{value:.4f}" for value in held.ravel())]
        lines.append(";".join(numbers).replace(".", ",").replace("-", minus) + ";")
    return "\n".join(lines) + "\n"


def physics_toolbox_ios_text(walk):
    """Physics Toolbox for iOS: dates, Apple's sign, and gFTotal as the norm."""
    columns = {"time": [f"{_date(n):%Y-%m-%d %H:%M:%S.%f}"[:-2] for n in walk.ns]}
    columns |= {f"gF{a}": -walk.acc[:, i] / G for i, a in enumerate("xyz")}
    columns["gFTotal"] = np.linalg.norm(walk.acc, axis=1) / G
    return table(columns)


def hyper_imu_text(walk, has_stamps=True, sampling_ms=10):
    """HyperIMU: remarks that start with ``@``, then a table."""
    columns = {"timestamp": walk.ns // 10**6} if has_stamps else {}
    for sensor, values in (
        ("MPL_Gyroscope", walk.gyr),
        ("MPL_Accelerometer", walk.acc),
        ("MPL_Magnetic_Field", walk.mag),
        ("MPL_Orientation", walk.mag),
        ("MPL_Linear_Acceleration", walk.lin),
        ("MPL_Gravity", walk.grav),
    ):
        columns |= {f"{sensor}.{a}": values[:, i] for i, a in enumerate("xyz")}
    head = "@ HyperIMU - ianovir - 2017\n@ Date: Sat Nov 11 15:39:03 GMT+01:00 2017, "
    return f"{head}Sampling Time: {sampling_ms}ms\n\n{table(columns)}"


def matlab_mobile_files(walk, form="%d-%b-%Y %H:%M:%S.%f"):
    """Timetables of MATLAB Mobile as CSV."""
    stamps = [_date(n).strftime(form) for n in walk.ns]
    if form.endswith("%f"):
        stamps = [stamp[:-3] for stamp in stamps]
    files = {}
    for name, values in (
        ("Acceleration", walk.acc),
        ("AngularVelocity", walk.gyr),
        ("MagneticField", walk.mag),
    ):
        columns = {"Timestamp": stamps}
        columns |= {a: values[:, i] for i, a in enumerate("XYZ")}
        files[f"{name}.csv"] = table(columns)
    since, lat, lon, alt, speed, course, hacc = np.array(walk.fixes).T
    times = [_date(walk.start_ns + s * 1e9).strftime(form) for s in since]
    files["Position.csv"] = table(
        {
            "Timestamp": times,
            "latitude": lat,
            "longitude": lon,
            "altitude": alt,
            "speed": speed,
            "course": course,
            "hacc": hacc,
        }
    )
    return files


def core_motion_text(walk, time="timestamp", rename=str):
    """Write CMDeviceMotion: parts of the acceleration in g, Apple's sign."""
    times = {
        "timestamp": 9000.25 + walk.seconds,
        "timeIntervalSince1970": walk.ns / 1e9,
        None: walk.seconds,
    }[time]
    columns = {"" if time is None else rename(time): times}
    if time is None:
        columns = {"row": np.arange(walk.n_samples)}
    for what, values in (
        ("attitude.{}", walk.lin),
        ("gravity.{}", -walk.grav / G),
        ("rotationRate.{}", walk.gyr),
        ("userAcceleration.{}", -walk.lin / G),
        ("magneticField.{}", walk.mag),
    ):
        columns |= {rename(what.format(a)): values[:, i] for i, a in enumerate("xyz")}
    return table(columns)
