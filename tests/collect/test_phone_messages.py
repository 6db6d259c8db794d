"""Whatever a page says, it is a message or a bad message, never a crash."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.collect._phone_messages import (
    WIRE,
    BadMessageError,
    Batch,
    Rows,
    decode,
    parse,
    snake_word,
    to_sensor,
)
from sensorhar.collect._phone_server import PageServer
from sensorhar.collect.phone import PhoneSource
from tests.collect._fake_page import FakePage, page_ms

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([*WIRE, "batch", 2**70, 1e308, -1]),
    lambda part: (
        st.lists(part, max_size=5)
        | st.dictionaries(
            st.text(max_size=6) | st.sampled_from(["first", "rows"]), part
        )
    ),
    max_leaves=8,
)
FIELDS = ["number", "now_ms", "streams", "labels", "battery", "phone", "session"]
MESSAGES = st.fixed_dictionaries(
    {"type": st.sampled_from(["hello", "pong", "batch", "other"])},
    optional=dict.fromkeys([*FIELDS, "first", "platform", "agent"], JSON),
)


def rows(wire, values, time_s=0.0):
    values = np.atleast_2d(np.asarray(values, dtype=float))
    return Rows(wire, 0, np.full(len(values), time_s), values, 0)


def batch(**fields):
    return {"type": "batch", "number": 0, "now_ms": 1000.0, **fields}


def acc(*flat, first=0):
    return batch(streams={"accelerometer": {"first": first, "rows": list(flat)}})


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60) | JSON.map(json.dumps))
def test_any_text_is_decoded_or_bad(text):
    try:
        found = decode(text)
    except BadMessageError:
        return
    assert isinstance(found, dict)


@settings(max_examples=60, deadline=None)
@given(MESSAGES)
def test_any_message_is_parsed_or_bad(message):
    try:
        parse(message)
    except BadMessageError:
        return


@settings(max_examples=25, deadline=None)
@given(st.lists(MESSAGES, max_size=4), st.integers(0, 3))
def test_a_source_survives_any_messages(messages, number):
    source = PhoneSource(token="a")
    session = source._greet(FakePage("").hello())
    for _ in range(6):
        for message in session.take_outgoing(session.heard_s + 100):
            if message["type"] == "ping":
                pong = {"type": "pong", "number": message["number"]}
                source._receive(session, {**pong, "now_ms": page_ms()})
    assert session.is_welcome
    for message in messages:
        message = {"number": session.next + number % 2, **message}
        message.setdefault("now_ms", page_ms())
        try:
            source._receive(session, message)
        except BadMessageError:
            continue
    for chunk in source._queue:
        assert np.isfinite(chunk.time_s).all()
    source.state()
    assert len(source.events) >= 0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3), min_size=1))
def test_what_a_page_sends_is_what_is_read(table):
    flat = [x for row in table for x in (900.0, *row)]
    found = parse(decode(json.dumps(acc(*flat))))
    assert isinstance(found, Batch)
    (part,) = found.rows
    np.testing.assert_array_equal(part.values, table)
    assert np.all(part.time_s == 0.9)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ({"type": "x", "now_ms": 1}, "type must be hello, pong or batch; got 'x'"),
        ({"type": "pong", "number": 1}, "now_ms must be a number; got None"),
        ({"type": "pong", "now_ms": True}, "now_ms must be a number; got True"),
        ({"type": "pong", "now_ms": 10**400}, "now_ms must be a number; got 1000"),
        ({"type": "pong", "now_ms": 1}, "number must be a count; got None"),
        ({"type": "hello", "phone": "a b"}, "phone must be one word; got 'a b'"),
        (batch(number=-1), "number must be a count; got -1"),
        (batch(streams=[]), "streams must be an object"),
        (batch(streams={"x": {}}), "no sensor is called 'x'"),
        (batch(streams={"gps": 1}), "gps must be an object with rows"),
        (acc(1, 2, 3), "accelerometer must have rows of 4 numbers"),
        (acc(1, 2, 3, "4"), "accelerometer must have numbers or null only"),
        (acc(1, 2, 3, True), "accelerometer must have numbers or null only"),
        (acc(1, 2, 3, 10**400), "accelerometer has a number out of range"),
        (acc(first="x"), "first must be a count; got 'x'"),
        (batch(labels={}), "labels must be a list of at most 1000"),
        (batch(labels=[[1]]), r"a label must be \[time in ms, word\]"),
        (batch(labels=[[1, 2]]), "label must be text; got 2"),
        (batch(labels=[[9e9, "x"]]), "a label's time is 9e"),
        (batch(battery=2), "battery must lie in 0 to 1; got 2"),
    ],
)
def test_bad_messages_say_what_is_wrong(message, words):
    with pytest.raises(BadMessageError, match=words):
        parse(message)


@pytest.mark.parametrize("text", ["", "[1]", "[" * 100_000, '{"a": NaN}', "{'a': 1}"])
def test_bad_text_says_so(text):
    with pytest.raises(BadMessageError, match="a message must be"):
        decode(text)


def test_rows_that_cannot_be_are_left_out():
    flat = [900, 1, 2, 3, 5000, 1, 2, 3, -1e12, 1, 2, 3, 900, None, None, None]
    (part,) = parse(acc(*flat, 900, 1e300, 0, 0, 950, None, 0, 0, None, 1, 1, 1)).rows
    assert part.n_bad == 5
    assert part.time_s.tolist() == [0.9, 0.95]
    np.testing.assert_array_equal(part.values, [[1, 2, 3], [np.nan, 0, 0]])


def test_units_and_signs():
    kind, values = to_sensor(rows("accelerometer", [1, 2, -9.8]), "ios")
    assert (kind, values.tolist()) == ("accelerometer", [[-1, -2, 9.8]])
    _, values = to_sensor(rows("accelerometer", [1, 2, 9.8]), "android")
    assert values.tolist() == [[1, 2, 9.8]]
    for platform in ("ios", "android", "other"):
        kind, values = to_sensor(rows("rotation_rate", [180, 90, 0]), platform)
        assert kind == "gyroscope"
        np.testing.assert_allclose(values, [[np.pi, np.pi / 2, 0]])
    kind, values = to_sensor(rows("gyroscope", [1, 2, 3]), "android")
    assert (kind, values.tolist()) == ("gyroscope", [[1, 2, 3]])
    kind, values = to_sensor(rows("orientation", [0, 0, 0, 2.0]), "android")
    assert np.isnan(values).all()  # no turn has this length
    _, values = to_sensor(rows("orientation", [0, 0, 0, 0]), "android")
    assert np.isnan(values).all()
    _, values = to_sensor(rows("orientation", [0.6, 0, 0, 0.81]), "android")
    assert np.linalg.norm(values) == pytest.approx(1)


def test_angles_turn_as_the_browser_defines_them():
    """W3C DeviceOrientation: R = Rz(alpha) Rx(beta) Ry(gamma)."""
    from scipy.spatial.transform import Rotation

    rng = np.random.default_rng(0)
    angles = rng.uniform([0, -180, -90], [360, 180, 90], (50, 3))
    kind, values = to_sensor(rows("euler", angles), "ios")
    assert kind == "orientation"
    expected = Rotation.from_euler("ZXY", angles, degrees=True)
    got = Rotation.from_quat(values[:, [1, 2, 3, 0]])
    assert np.max((got * expected.inv()).magnitude()) < 1e-12


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("Walking Upstairs", "walking_upstairs"),
        ("", ""),
        ("?!", ""),
        ("Größe", "größe"),
    ],
)
def test_labels_are_snake_words(typed, word):
    assert snake_word(typed) == word
    assert len(snake_word("word " * 50)) <= 40


def test_a_server_that_never_opened_closes():
    import asyncio

    asyncio.run(PageServer("a", None, None).close())
