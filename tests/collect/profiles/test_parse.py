"""Files of one's own, and messages about their mistakes."""

import copy
import struct
import tomllib

import numpy as np
import pytest

from sensorhar.collect.profiles import load_profile, profile_path
from sensorhar.collect.profiles._parse import parse_profile
from sensorhar.errors import DataError
from sensorhar.units import STANDARD_GRAVITY

MINE = """
service = "19b10000-e8f2-537e-4f6c-d104768a1214"

[[characteristic]]
uuid = "19B10001-e8f2-537e-4f6c-d104768a1214"
layout = "<H3h"
fields = ["n", "x", "y", "z"]
sequence = "n"

[[characteristic.sensor]]
kind = "accelerometer"
fields = ["x", "y", "z"]
unit = "mg"
"""


@pytest.fixture
def mine(tmp_path):
    """Return a function that writes a profile and loads it."""

    def load(text=MINE, **fields):
        path = tmp_path / "mine.toml"
        path.write_text(text, "utf-8")
        return load_profile(path, **fields)

    return load


def test_ones_own_file(mine, tmp_path):
    profile = mine()
    assert profile.name == "mine"
    assert profile.battery_uuid is None
    assert profile.characteristics[0].uuid.startswith("19b10001")
    decoder = profile.characteristics[0].make_decoder()
    (acc,) = decoder.decode(struct.pack("<H3h", 9, 0, 0, 1000))
    assert (acc.sequence, acc.values.tolist()) == (9, [[0, 0, STANDARD_GRAVITY]])
    assert load_profile(str(tmp_path / "mine.toml")).name == "mine"


def test_axes_are_turned(mine):
    """The device's y points where our x should, its x against our y."""
    text = MINE + 'axes = ["y", "-x", "z"]\nscale = [1, 2, 3]\n'
    decoder = mine(text).characteristics[0].make_decoder()
    packet = struct.pack("<H3h", 0, 100, 200, 300)
    (acc,) = decoder.decode(packet)
    np.testing.assert_allclose(acc.values[0] / STANDARD_GRAVITY, [0.4, -0.1, 0.9])
    assert decoder.encode([acc]) == [packet]


def test_gps_and_pressure_of_ones_own(mine):
    text = """
service = "180a"
[[characteristic]]
uuid = "fff1"
layout = "<2iI"
fields = ["lat", "lon", "p"]
[[characteristic.sensor]]
kind = "gps"
fields = ["lat", "lon", "", "", "", ""]
scale = [1e-7, 1e-7, 1, 1, 1, 1]
[[characteristic.sensor]]
kind = "barometer"
fields = ["p"]
unit = "hPa"
scale = 0.01
"""
    decoder = mine(text).characteristics[0].make_decoder()
    packet = struct.pack("<2iI", 491_000_000, 86_000_000, 101_325)
    gps, pressure = decoder.decode(packet)
    np.testing.assert_allclose(gps.values[0, :3], [49.1, 8.6, np.nan])
    np.testing.assert_allclose(pressure.values, [[101_325]])


def change(old, new):
    """Return the profile with a part of it changed."""
    assert old in MINE
    return MINE.replace(old, new)


def instead(*lines):
    """Return the profile with other lines in place of the sequence."""
    return change('sequence = "n"', "\n".join(lines))


def with_top(line):
    return f"{line}\n{MINE}"


XYZ = '["x", "y", "z"]\nunit'
HEADER = 'header = "<HI"\nheader_fields = ["m", "t"]\nsamples_per_packet = "any"'
HEART = '[[characteristic]]\nuuid = "2a37"\ndecoder = "heart_rate"\n'
COMMAND = '[{ uuid = "2a37", %s }]'
WRONG = [
    ("service = ", "mine.toml: a profile must be TOML in UTF-8; got a file that"),
    ("", "mine.toml: service must be a list of texts; it is missing"),
    ('service = "180d"', r"characteristic must be one or .*\]\]; it is missing"),
    (change("19B10001-", "XYZ"), "1: uuid must be a UUID of 4 or .*; got 'XYZe8f2"),
    (change("19b10000-", ""), "mine.toml: service must be a UUID of 4 or 36"),
    (change("H3h", "H3z"), "mine.toml, characteristic 1, layout: .*got '<H3z'"),
    (change('layout = "<H3h"', ""), "1: layout must be a layout, such as '<3h'; it is"),
    (
        change('"<H3h"\nfields = ["n", "x", "y", "z"]', '"<"\nfields = [""]'),
        "layout '<' has 0 numbers and must have as many names; got 1",
    ),
    (change('["n", "x",', '["n",'), "as many names; got 3: n, y, z"),
    (change('["n", "x",', '["n", "y",'), "fields must be different names; got"),
    (change(XYZ, '["x", "q"]\nunit'), "fields must be names out of n, x, y, z; got"),
    (change(XYZ, '["x", "y"]\nunit'), "must be 3 names, for acc_x, acc_y, acc_z; got"),
    (change('"accelerometer"', '"acc"'), "sensor 1: kind must be one of .*; got 'acc'"),
    (change('kind = "accelerometer"', ""), "kind must be one of .*; it is missing"),
    (change('"mg"', '"mgs"'), "sensor 1: unit must be one of m/s.*; got 'mgs'"),
    (change('"mg"', '"uT"'), "unit of the accelerometer, which is kept in m/s.2; got"),
    (change('"mg"', '["mg", "g"]'), "unit must be one unit, or a list of 3; got"),
    (MINE + "scale = 0", "scale must be a number other than 0, or a list of 3; got 0"),
    (MINE + "scale = [1, 2]", r"or a list of 3; got \[1, 2\]"),
    (MINE + 'axes = ["x", "x", "z"]', r"axes must be x, y and z in .*; got \['x', 'x'"),
    (MINE + 'has_gravity = "yes"', "has_gravity must be true or false; got 'yes'"),
    (MINE + "scal = 2", "keys must be among .*; got 'scal'. Did you mean 'scale'"),
    (with_top('serviec = "1"'), "got 'serviec'. Did you mean 'service'"),
    (instead("columns = 3"), "characteristic 1: keys must be .*; got 'columns'"),
    (instead('sequence = "q"'), "must be the name of an integer field; got 'q'"),
    (instead('time = "n"'), "tick_s must be the unit of .* as time is 'n'; it is miss"),
    (instead("tick_s = 0.1"), "tick_s must be left out, as time is None; got 0.1"),
    (instead('time = "n"', "tick_s = -1"), "tick_s must be a number above 0; got -1"),
    (
        instead('time = "n"', "tick_s = 1", "time_bits = 65"),
        "time_bits must be a whole number from 1 to 64; got 65",
    ),
    (instead('rate_hz = "fast"'), "rate_hz must be a number above 0; got 'fast'"),
    (instead("samples_per_packet = 0"), "number from 1 to 512, or 'any'; got 0"),
    (instead('samples_per_packet = "all"'), "or 'any'; got 'all'"),
    (
        instead('sequence = "n"', "samples_per_packet = 4"),
        "sequence must be among header_fields where samples are several; got 'n'",
    ),
    (
        instead(HEADER, 'time = "t"', "tick_s = 1", 'time_of = "first"'),
        "must be 'last', unless time is in the header and rate_hz is given; got",
    ),
    (instead('time_of = "next"'), "time_of must be one of 'first', 'last'; got 'next'"),
    (
        instead('header = "B"', 'header_fields = ["x"]'),
        "header_fields must be other names than fields, not 'x'; got",
    ),
    (instead('tag = "0x01"'), 'tag must be bytes as text, such as "01 a0"; got \'0x01'),
    (instead("trailing = 1"), "trailing must be true or false; got 1"),
    (MINE + MINE[MINE.index("[[") :], "2: characteristics of the same .*; got '', ''"),
    (instead('decoder = "pmd"'), "decoder must be one of .*; got 'pmd'"),
    ('service = "180d"\n' + HEART * 2, "may share a uuid; got decoder 'heart_rate'"),
    (with_top('start = [{ uuid = "2a37" }]'), "1: one of hex, text and .*; got none"),
    (
        with_top("start = " + COMMAND % 'hex = "01", text = "a"'),
        "start 1: one of hex, text and script must say what to write; got hex, text",
    ),
    (with_top("stop = " + COMMAND % 'hex = "1"'), "stop 1: hex must be bytes as text"),
    (with_top("stop = " + COMMAND % 'text = ""'), "stop 1: text must be text; got ''"),
    (with_top('start = "01"'), "start must be one or several tables, .*; got '01'"),
    (MINE[: MINE.index("[[characteristic.s")], "1: sensor must be one or .* missing"),
    (change('"accelerometer"', '"derived"'), "names must be a list of texts; it is"),
    (
        change('"accelerometer"', '"derived"') + 'names = ["a", "b"]',
        "names must be 3 different names, one for each field; got",
    ),
]


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_mistakes_are_named(mine, text, message):
    with pytest.raises(DataError, match=message):
        mine(text)


LINES = """
service = "180a"
[[characteristic]]
uuid = "fff1"
decoder = "lines"
columns = ["t", "x", "y", "z"]
{}
[[characteristic.sensor]]
kind = "gyroscope"
fields = ["x", "y", "z"]
unit = "deg/s"
"""
OTHER = 'service = "180a"\n[[characteristic]]\nuuid = "fff1"\ndecoder = "{}"\n'
POLAR = OTHER.format("polar")
MOVESENSE = OTHER.format("movesense")
WRONG_DECODERS = [
    (LINES.replace('"t", "x", ', '"y", "x", '), "columns must be different names; got"),
    (LINES.format('time = "q"'), "time must be one of the columns t, x, y, z; got 'q'"),
    (LINES.format('time = "t"'), "tick_s must be the unit of the time"),
    (LINES.format('layout = "<3h"'), "keys must be among .*; got 'layout'"),
    (
        MOVESENSE + 'sensors = ["ecg"]',
        "sensors must be different ones of accelerometer, gyroscope, magnetometer; got",
    ),
    (
        MOVESENSE + 'sensors = ["gyroscope"]\nrate_hz = 104',
        "n_samples must be a number above 0; it is missing",
    ),
    (
        MOVESENSE + 'sensors = ["gyroscope"]\nn_samples = 8',
        "rate_hz must be a number above 0; it is missing",
    ),
    (POLAR + "rates_hz = 52", r"rates_hz must be a table, \[rates_hz\]; got 52"),
    (POLAR + "rates_hz = { ecg = 130 }", "rates_hz: keys must be .*; got 'ecg'"),
    (POLAR + "factors = { gyroscope = 0 }", "gyroscope must be a number above 0; got"),
]


@pytest.mark.parametrize(("text", "message"), WRONG_DECODERS)
def test_mistakes_with_decoders_are_named(mine, text, message):
    text = text.replace("{}\n", "")
    with pytest.raises(DataError, match=message):
        mine(text)


ODD = [None, "", "x", 0, -1, 1e308, float("nan"), 10**400, True]
ODD += [[], [[]], {}, [{}], ["x"]]


def spots(value, path=()):
    """Yield the path to every value of a profile."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from spots(inner, (*path, key))


@pytest.mark.parametrize(
    "name", ["arduino_nano33", "puckjs", "polar_verity", "movesense"]
)
def test_any_value_in_any_place_is_refused_or_taken(name, checks):
    """No value of a file leads to another error than DataError, then or later."""
    content = tomllib.loads(profile_path(name).read_text("utf-8"))
    n_refused = 0
    for path in spots(content):
        for odd in ODD:
            changed = copy.deepcopy(content)
            inner = changed
            for key in path[:-1]:
                inner = inner[key]
            if odd is None:
                del inner[path[-1]]
            else:
                inner[path[-1]] = odd
            try:
                profile = parse_profile(changed, "mine.toml", "mine", "")
            except DataError as error:
                assert str(error).startswith("mine.toml")  # noqa: PT017
                n_refused += 1
                continue
            packets = [bytes(30), b"H,1,1,1,1,1,1,1,1\n"]
            for each in profile.characteristics:
                checks.survives(each.make_decoder(), packets)
    assert n_refused > 100
