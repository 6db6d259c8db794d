"""phyphox's remote access, from a fake after its RemoteServer.java."""

import asyncio
import json
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sensorhar.collect.phyphox as module
from sensorhar.collect._phyphox_buffers import Input, Pauses, Seen, find_inputs, spread
from sensorhar.collect.phyphox import PhyphoxSource

web = pytest.importorskip("aiohttp.web", reason="the extra 'phone' is not installed")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("sensorhar.collect._reconnect.FIRST_S", 0.02)


ACC = {
    "source": "accelerometer",
    "outputs": [{"x": "accX"}, {"y": "accY"}, {"z": "accZ"}, {"t": "acc_time"}],
}
GPS = {
    "source": "location",
    "outputs": [{"lat": "lat"}, {"lon": "lon"}, {"v": "v"}, {"t": "loc_t"}],
}


def digits(value):
    """Write a number as the app does, in eight digits."""
    return None if math.isnan(value) else float(f"{value:.7e}")


class FakePhyphox:
    """An experiment that samples as time goes on."""

    def __init__(self, rate_hz=100.0, inputs=(ACC,), zero_s=0.0):
        self.rate_hz, self.inputs, self.zero_s = rate_hz, inputs, zero_s
        self.asked, self.answers, self.session = [], {}, "s1"
        self.buffers = {}
        self.clear()

    def clear(self):
        self.events = []
        self.n_taken = 0
        self.measuring = False
        for one in self.inputs:
            for output in one["outputs"]:
                self.buffers[next(iter(output.values()))] = []

    def start(self):
        if not self.measuring:
            self.began_at, self.began_s = time.monotonic(), self.experiment_s()
            self.events.append(("START", self.began_s, time.time()))
            self.measuring = True

    def pause(self):
        self.sample()
        self.began_s = self.experiment_s()
        self.measuring = False
        self.events.append(("PAUSE", self.began_s, time.time()))

    def experiment_s(self):
        if self.measuring:
            return self.began_s + time.monotonic() - self.began_at
        return self.began_s if self.events else self.zero_s

    def sample(self):
        while (self.zero_s + self.n_taken / self.rate_hz) < self.experiment_s():
            at = self.zero_s + self.n_taken / self.rate_hz
            row = {"acc_time": at, "accX": self.n_taken, "accY": 0.5, "accZ": 9.8}
            if self.n_taken % 10 == 0:
                row |= {"loc_t": at, "lat": 52.5, "lon": 13.4, "v": -1.0}
            for name, value in row.items():
                if name in self.buffers:
                    self.buffers[name].append(value)
            self.n_taken += 1

    async def __aenter__(self):
        app = web.Application()
        app.router.add_get("/{tail:.*}", self.answer)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()
        self.address = f"127.0.0.1:{self.runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_):
        await self.runner.cleanup()

    async def answer(self, request):
        self.asked.append(request.path_qs)
        if self.answers.get(request.path):
            made = self.answers[request.path].pop(0)
            return made if not isinstance(made, str) else web.Response(text=made)
        if request.path == "/config":
            return web.json_response({"title": "Test", "inputs": list(self.inputs)})
        if request.path == "/control":
            self.start()
            return web.json_response({"result": True})
        if request.path == "/time":
            keys = ("event", "experimentTime", "systemTime")
            return web.json_response(
                [dict(zip(keys, event, strict=True)) for event in self.events]
            )
        self.sample()
        found = {
            name: self.select(name, value)
            for name, value in request.query.items()
            if name in self.buffers
        }
        status = {"session": self.session, "measuring": self.measuring}
        return web.json_response({"buffer": found, "status": status})

    def select(self, name, value):
        data = self.buffers[name]
        if not value:
            last = [digits(data[-1])] if data else [None]
            return {"size": 0, "updateMode": "single", "buffer": last}
        threshold, _, reference = value.partition("|")
        low = -math.inf
        if value != "full":
            low = float(threshold)
            low += 10 ** math.floor(math.log10(abs(low) / 1e7)) if low else 0
        kept = [
            digits(v)
            for v, ref in zip(data, self.buffers[reference or name], strict=True)
            if not ref <= low
        ]
        return {"size": 0, "updateMode": "partial", "buffer": kept}


def fetch(fake, steps, **settings):
    """Poll a fake while steps (seconds to wait, or calls) are done."""

    async def run():
        async with fake:
            source = PhyphoxSource(fake.address, **({"poll_s": 0.02} | settings))
            async with source:
                for step in steps:
                    if callable(step):
                        step()
                    else:
                        await asyncio.sleep(step)
                state = source.state()
                source.stop()
                chunks = [chunk async for chunk in source]
                return chunks, source.take_markers(), state, source

    return asyncio.run(run())


def joined(chunks, name="acc_x"):
    parts = [chunk for chunk in chunks if chunk.channel_names[0] == name]
    return (
        np.concatenate([part.time_s for part in parts]),
        np.concatenate([part.values for part in parts]),
    )


def test_every_value_once():
    fake = FakePhyphox(rate_hz=200, inputs=(ACC, GPS))
    chunks, markers, state, _ = fetch(fake, [0.45], from_start=True)
    time_s, values = joined(chunks)
    assert values[:, 0].tolist() == list(range(len(values)))
    assert len(values) > 50
    assert np.diff(time_s)[20:] == pytest.approx(1 / 200, abs=0.003)
    assert joined(chunks, "lat_deg")[1][0] == pytest.approx(
        [52.5, 13.4, np.nan, np.nan, np.nan, np.nan], nan_ok=True
    )
    acc = state.streams[0]
    assert (acc.name, acc.n_lost, acc.n_duplicates) == ("acc_x", 0, 0)
    assert markers[0].text.startswith("connected to 127.0.0.1")
    assert fake.asked[0] == "/config"
    assert sum("/control?cmd=start" in path for path in fake.asked) == 1


@pytest.mark.parametrize("zero_s", [999.9, 12_000.0])
def test_rounded_times_lose_and_repeat_nothing(zero_s):
    fake = FakePhyphox(rate_hz=2000, zero_s=zero_s)
    fake.start()
    time.sleep(0.02)
    chunks, _, state, _ = fetch(fake, [0.3], from_start=True)
    time_s, values = joined(chunks)
    assert values[:, 0].tolist() == list(range(len(values)))
    assert len(values) > 400
    assert (np.diff(time_s) > 0).all()
    assert state.streams[0].n_duplicates == 0


def test_it_begins_now_unless_asked_otherwise():
    fake = FakePhyphox()
    fake.start()
    fake.began_at -= 5  # it has run for a while
    chunks, _, _, _ = fetch(fake, [0.3])
    values = joined(chunks)[1]
    assert 495 < values[0, 0] < 530
    assert not any("acc_time=full" in path for path in fake.asked)


def test_a_pause_is_a_gap():
    fake = FakePhyphox()
    steps = [0.25, fake.pause, 0.25, fake.start, 0.2]
    chunks, _, _, _ = fetch(fake, steps, from_start=True)
    time_s, values = joined(chunks)
    assert values[:, 0].tolist() == list(range(len(values)))
    at = int(np.argmax(np.diff(time_s)))
    assert 15 < at < 40
    assert np.diff(time_s)[at] == pytest.approx(0.25, abs=0.1)


def restart(fake, session):
    fake.clear()
    fake.session = session
    fake.start()


@pytest.mark.parametrize("session", ["s1", "s2"])
def test_begun_anew(session, monkeypatch):
    monkeypatch.setattr(module, "TIME_EVERY_S", 0.1)
    fake = FakePhyphox()
    steps = [0.2, fake.pause, 0.05, lambda: restart(fake, session), 0.35]
    chunks, markers, _, _ = fetch(fake, steps, from_start=True)
    time_s, values = joined(chunks)
    assert (np.diff(time_s) > 0).all()
    at = int(np.argmin(np.diff(values[:, 0])))
    assert values[at + 1 :, 0].tolist() == list(range(len(values) - at - 1))
    assert len(values) - at > 15
    assert any("begun anew" in marker.text for marker in markers)


def test_another_experiment():
    fake = FakePhyphox()
    gyro = {
        "source": "gyroscope",
        "outputs": [{"x": "gx"}, {"y": "gy"}, {"z": "gz"}, {"t": "gt"}],
    }

    def switch():
        fake.inputs, fake.buffers = (gyro,), {}
        restart(fake, "s2")
        fake.buffers |= {"gt": [0.0, 0.01], "gx": [1, 2], "gy": [0, 0], "gz": [0, 0]}

    chunks, _, _, _ = fetch(fake, [0.2, switch, 0.3], from_start=True)
    assert joined(chunks, "gyr_x")[1][:, 0].tolist() == [1, 2]


BAD = [
    ("/config", "no json"),
    ("/config", "[]"),
    ("/config", '{"inputs": [{"source": "light", "outputs": []}]}'),
    ("/get", "no json"),
    ("/get", "[1]"),
    ("/get", "{" * 10_000),
    ("/get", '{"buffer": 1, "status": {}}'),
    ("/get", '{"buffer": {"acc_time": 1}, "status": 2}'),
]


@pytest.mark.parametrize(("path", "text"), BAD, ids=range(len(BAD)))
def test_bad_answers_are_counted(path, text):
    fake = FakePhyphox()
    fake.answers[path] = [text]
    chunks, _, _, source = fetch(fake, [0.2], from_start=True)
    assert source.n_bad == 1
    assert joined(chunks)[1][:, 0].tolist() == list(range(len(joined(chunks)[0])))


def test_a_bad_buffer_among_good_ones():
    fake = FakePhyphox(inputs=(ACC, GPS))
    good = {name: {"buffer": []} for name in ("acc_time", "accX", "accY", "accZ", "v")}
    bad = {name: {"buffer": 7} for name in ("loc_t", "lat", "lon")}
    status = {"session": "s1", "measuring": True}
    fake.answers["/get"] = [json.dumps({"buffer": good | bad, "status": status})]
    chunks, _, _, source = fetch(fake, [0.25], from_start=True)
    assert source.n_bad == 1
    assert len(joined(chunks)[0]) > 10


def test_an_answer_too_large(monkeypatch):
    monkeypatch.setattr(module, "MAX_ANSWER_BYTES", 1000)
    fake = FakePhyphox()
    fake.answers["/config"] = ["x" * 5000]
    _, _, state, source = fetch(fake, [0.2])
    assert source.n_bad == 1
    assert state.is_connected


def test_an_old_version_without_time():
    fake = FakePhyphox()
    fake.answers["/time"] = [web.Response(status=404) for _ in range(5)]
    chunks, _, _, _ = fetch(fake, [0.3], from_start=True)
    assert np.diff(joined(chunks)[0])[10:] == pytest.approx(0.01, abs=0.006)


def test_a_phone_that_goes_away():
    async def run():
        fake = FakePhyphox()
        async with fake:
            source = PhyphoxSource(fake.address, poll_s=0.02)
            await source.__aenter__()
            await asyncio.sleep(0.2)
            assert source.state().is_connected
        await asyncio.sleep(0.2)
        assert not source.state().is_connected
        texts = [marker.text for marker in source.take_markers()]
        assert any(text.startswith("lost 127.0.0.1") for text in texts)
        await source.__aexit__(None, None, None)

    asyncio.run(run())


def test_sensors_of_a_config():
    pressure = {"source": "pressure", "outputs": [{"x": "p"}, {"t": "pt"}]}
    half = {"source": "gravity", "outputs": [{"x": "gx"}, {"t": "gt"}]}
    odd = [7, {}, {"source": 5}, {"source": "gravity", "outputs": [3]}, half]
    found = find_inputs({"inputs": [ACC, ACC, GPS, pressure, *odd]})
    assert [one.kind for one in found] == ["accelerometer", "gps", "barometer"]
    assert found[1].buffers == ("loc_t", "lat", "lon", "v")
    answer = {"p": {"buffer": [1013.25, None]}, "pt": {"buffer": [1.0, 2.0, 3.0]}}
    times, values = found[2].rows(answer)
    assert times.tolist() == [1.0, 2.0]
    assert values[0, 0] == pytest.approx(101_325)
    assert found[2].rows({"p": {"buffer": [1]}}) is None


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.floats()
        | st.text(max_size=5)
        | st.just("START"),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["inputs", "source", "outputs", "event", "buffer", "t", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_whatever_is_answered_nothing_is_raised(answer):
    find_inputs(answer)
    Pauses.of(answer)
    if isinstance(answer, dict):
        Input("barometer", "t", ("x",)).rows(answer)


def test_stretches_of_an_experiment():
    events = [
        {"event": "START", "experimentTime": 0.0, "systemTime": 1e9},
        {"event": "PAUSE", "experimentTime": 5.0, "systemTime": 1e9 + 5},
        {"event": "START", "experimentTime": 5.0, "systemTime": 1e9 + 100},
    ]
    found = Pauses.of(events).real_ns(np.array([0.0, 4.0, 6.5])) - 10**18
    assert found.tolist() == [0, 4 * 10**9, 101_500_000_000]
    assert Pauses.of([]) is None
    assert Pauses.of([{"event": "START", "experimentTime": "x"}]) is None


def test_times_rounded_to_one_are_spread():
    times = np.array([20_000.001, 20_000.001, 20_000.002])
    assert spread(times) - times == pytest.approx([0, 0.0005, 0], abs=1e-9)
    later = spread(times[1:], n_before=2)
    assert later[0] - times[0] == pytest.approx(0.001 * 2 / 3, abs=1e-9)
    assert spread(np.array([0.0, 0.0])).tolist() == [0.0, 0.0]


def test_what_has_been_seen_is_left_out():
    seen = Seen(20_000.001, 2)
    assert 20_000.001 - 0.0021 < seen.since_s < 20_000.001 - 0.0019
    times = np.array([20_000.0, 20_000.001, 20_000.001, 20_000.001, 20_000.002])
    assert seen.is_new(times).tolist() == [False, False, False, True, True]
    assert seen.and_then(times[3:4]) == Seen(20_000.001, 3)
    assert seen.and_then(times[3:]) == Seen(20_000.002, 1)


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="address must be host:port"):
        PhyphoxSource("phone")
    with pytest.raises(ValueError, match="poll_s must be a number of s above 0"):
        PhyphoxSource("a:80", poll_s=0)
