"""Recording from the command line: files, labels, signals, keys, the screen."""

import asyncio
import contextlib
import os
import re
import select
import signal
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

import sensorhar as sh
from sensorhar.cli import collect as commands
from sensorhar.cli._keys import listening, press, say_keys
from sensorhar.cli._screen import Screen, draw
from sensorhar.collect.ble_scan import FoundSensor
from sensorhar.collect.protocol import parse_protocol
from sensorhar.collect.recorder_state import RecorderState
from sensorhar.collect.source import Source, SourceState, StreamState
from sensorhar.io import read_events
from sensorhar.io.log import read_log, scan_log
from sensorhar.testing import FakePhone

FAST = ("--activities", "walk 3 s, sit 2 s", "--speed", "inf")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_log_without_an_ending_of_another_format(run, here):
    result = run("collect", "simulate", *FAST, "--out", "a.sensorlog")
    assert result.code == 0
    assert result.out.startswith("a.sensorlog: <Recording 'a' of simulated")
    assert result.err == "Record to a.sensorlog. Ctrl-C ends it.\n"
    assert scan_log("a.sensorlog").is_whole


def test_without_out_the_name_is_the_time(run, here):
    result = run("collect", "simulate", *FAST, "--quiet", "--subject", "anna")
    assert result.err == ""
    (path,) = here.iterdir()
    assert path.name.startswith("recording-20")
    assert read_log(path).subject == "anna"


@pytest.mark.parametrize("ending", ["npz", "csv", "parquet", "xdf"])
def test_other_formats_are_written_at_the_end(run, here, ending):
    if ending == "parquet":
        pytest.importorskip("pyarrow", reason="the extra scale is not installed")
    result = run("collect", "simulate", *FAST, "--out", f"a.{ending}")
    assert result.code == 0
    assert (here / f"a.{ending}").is_file()
    assert "Beside it: a.sensorlog" in result.err
    if ending == "npz":
        assert sh.read("a.npz").events.labels.tolist() == list(
            read_log("a.sensorlog").events.labels
        )
    if ending == "csv":
        assert read_events("a_labels.csv") == read_log("a.sensorlog").events


def test_losses_are_said(run, here):
    result = run("collect", "simulate", *FAST, "--loss", "0.2", "--out", "a.sensorlog")
    line = r"^acc_x: lost \d+, gaps \d+, without readings \d\.\d\d s$"
    assert re.search(line, result.err, re.MULTILINE)


def test_a_recording_is_played_again_bit_for_bit(run, here, folder):
    first = next(folder.glob("*.npz"))
    words = ["--speed", "inf", "--chunk", "0.5", "--out", "again.npz"]
    assert run("collect", "replay", first, *words).code == 0
    true, again = sh.read(first), sh.read("again.npz")
    for mine, other in zip(again.streams, true.streams, strict=True):
        np.testing.assert_array_equal(mine.values, other.values)
        np.testing.assert_array_equal(mine.time_s, other.time_s)
    assert again.subject == true.subject


def test_protocol_label_and_duration(run, here):
    (here / "plan.txt").write_text("walk 2 s\nsit 1 s\n")
    words = [*FAST, "--out", "a.sensorlog", "--force"]
    run("collect", "simulate", "--protocol", "plan.txt", *words)
    assert {"walk", "sit"} <= set(read_log("a.sensorlog").events.labels)
    # The person does it all again until time is over.
    run("collect", "simulate", "--label", "jumping", "--duration", "20", *words)
    recording = read_log("a.sensorlog")
    assert recording.duration_s == pytest.approx(20, abs=0.1)
    assert "jumping" in recording.events.labels


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["simulate", "--duration", "-1"], "duration_s must be a number of s above 0"),
        (["simulate", "--protocol", "walk"], "a step must be words and a duration"),
        (["simulate", "--keys", "a,b,c,d,e,f,g,h,i,j"], "--keys must be at most 9"),
        (["simulate", "--out", "there/a"], "there is no folder there"),
        (["simulate", "--loss", "2"], "loss must be a share in [0, 1); got 2.0"),
        (["replay", "nothing.npz"], "read needs a file"),
        (["ble"], "--profile must say how the device's bytes are read; got none"),
        (["ble", "--name", "x"], "`sensorhar collect ble --scan` lists devices"),
        (
            ["ble", "--name", "x", "--profile", "a", "--profile", "b"],
            "--profile must be said once, or once for each of 1 devices; got 2.",
        ),
    ],
)
def test_wrong_words(refused, here, words, line):
    assert line in refused("collect", *words)
    assert not list(here.iterdir())


def test_nothing_is_overwritten(refused, run, here):
    (here / "a.sensorlog").write_text("mine")
    words = ["collect", "simulate", *FAST, "--out", "a.npz"]
    assert "a.sensorlog exists" in refused(*words)
    assert (here / "a.sensorlog").read_text() == "mine"
    assert run(*words, "--force").code == 0


class FakeSource(Source):
    """Send one chunk; remembers how it was made."""

    made: list = []  # noqa: RUF012

    def __init__(self, *words, **options):
        super().__init__()
        self.name = f"fake{len(self.made)}"
        self.made.append((words, options))

    async def _open(self):
        times = np.arange(10) / 100
        self._put(sh.Stream.of_sensor("gyroscope", np.ones((10, 3)), times))
        self._end()

    async def _close(self):
        pass

    def state(self):
        return SourceState(self.name, True)

    def how_to_connect(self):
        return "scan the code"


@pytest.fixture
def fakes(monkeypatch):
    """Stand in for the sources of other rooms."""
    monkeypatch.setattr(FakeSource, "made", [])
    for room, name in (("ble", "BleSource"), ("phone", "PhoneSource")):
        module = SimpleNamespace(**{name: FakeSource})
        monkeypatch.setitem(sys.modules, f"sensorhar.collect.{room}", module)
    return FakeSource.made


def test_bluetooth_devices_get_what_was_said(run, here, fakes):
    words = ["--name", "A", "--address", "B", "--place", "wrist", "--place", "ankle"]
    result = run("collect", "ble", *words, "--profile", "p", "--out", "a.sensorlog")
    assert result.code == 0
    common = {"service": None, "profile": "p"}
    assert [options for _, options in fakes] == [
        {"name": "A", "place": "wrist", **common},
        {"address": "B", "place": "ankle", **common},
    ]
    assert len(read_log("a.sensorlog").streams) == 2


def test_a_device_by_its_service(run, here, fakes):
    words = ["--service", "180D", "--profile", "heart_rate", "--out", "a.sensorlog"]
    assert run("collect", "ble", *words).code == 0
    assert fakes == [((), {"service": "180D", "profile": "heart_rate", "place": ""})]


def test_a_phone_is_told_how_to_connect(run, here, fakes):
    words = ["--port", "9000", "--host", "127.0.0.1", "--place", "wrist"]
    result = run("collect", "phone", *words, "--keys", "Walk fast,sit", "--out", "a.x")
    assert result.code == 0
    assert "scan the code" in result.err
    assert fakes == [
        (
            (9000,),
            {
                "host": "127.0.0.1",
                "certificate": None,
                "place": "wrist",
                "labels": ["walk_fast", "sit"],
            },
        )
    ]


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(here, number):
    words = ["collect", "simulate", "--out", "a.npz"]
    with subprocess.Popen(
        [sys.executable, "-m", "sensorhar", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr.readline().startswith("Record to a.sensorlog.")
        log = here / "a.sensorlog"
        while not (log.exists() and log.stat().st_size > 3000):
            assert process.poll() is None
        process.send_signal(number)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert out.startswith("a.npz: <Recording")
    assert scan_log(log).is_whole
    assert sh.read("a.npz").events is not None


@pytest.mark.slow  # three programs' worth of imports
@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_a_phone_from_the_command_line_to_the_file(here):
    pytest.importorskip("aiohttp", reason="the extra phone is not installed")
    pq = pytest.importorskip("pyarrow.parquet", reason="the extra scale is missing")
    made = sh.simulate_recordings(1, minutes_per_activity=0.1, activities=["walking"])
    words = ["--port", "0", "--host", "127.0.0.1", "--out", "a.parquet"]
    with subprocess.Popen(
        [sys.executable, "-m", "sensorhar", "collect", "phone", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        for line in process.stderr:
            if address := re.search(r"https://\S+", line):
                break

        async def wear():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(3):
                    await FakePhone(made[0]).wear(address[0])
            await asyncio.sleep(0.25)  # TLS takes its leave

        asyncio.run(wear())
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert out.startswith("a.parquet: <Recording")
    table = pq.read_table("a.parquet").to_pandas()
    assert {"acc_x", "gyr_z", "lat_deg"} <= {*table.columns}
    assert len(table) > 100


def test_keys():
    done = []
    recorder = SimpleNamespace(
        label=lambda label: done.append(label),
        mark=lambda text: done.append(f"mark {text}"),
        stop=lambda: done.append("stop"),
    )
    for key in "120m?9q":
        press(key, ["walking", "sitting"], recorder)
    assert done == ["walking", "sitting", None, "mark key m", "stop"]
    assert say_keys(["walking"]) == "1 walking   0 no label   m mark   q end"


@pytest.mark.skipif(os.name == "nt", reason="terminals differ there")
def test_keys_of_a_terminal_come_at_once():
    import pty

    ours, theirs = pty.openpty()
    done = []
    recorder = SimpleNamespace(label=done.append)

    async def act():
        with listening(["walking"], recorder, theirs) as is_listening:
            assert is_listening
            os.write(ours, b"1")
            while not done:
                await asyncio.sleep(0.001)

    try:
        asyncio.run(asyncio.wait_for(act(), 10))
    finally:
        os.close(ours)
        os.close(theirs)
    assert done == ["walking"]


def test_without_a_terminal_there_are_no_keys():
    async def act():
        with listening([], SimpleNamespace()) as is_listening:
            return is_listening

    assert asyncio.run(act()) is False


def state(**options):
    streams = (StreamState("acc_x", 49.96, 1234, 5, 6, 7, 8),)
    sources = (SourceState("polar", True, streams, 83.0, 9),)
    return RecorderState(
        **{
            "elapsed_s": 61.0,
            "label": "walking",
            "moment": None,
            "sources": sources,
            "n_samples": 1234,
            "n_gaps": 2,
            "gap_s": 3.5,
            "problem": "no room on the disk",
            **options,
        }
    )


def text_of(picture):
    console = Console(width=100, record=True, file=open(os.devnull, "w"))  # noqa
    console.print(picture)
    console.file.close()
    return console.export_text()


def test_the_screen_shows_what_matters():
    text = text_of(draw(state(), title="recording to a", keys="q end"))
    for word in (
        *("recording to a", "1 min 1 s", "walking", "polar: connected, battery 83 %"),
        *("50.0", "1234", "9 chunks dropped", "2 gaps, 3.5 s together"),
        *("no room on the disk", "q end"),
    ):
        assert word in text
    row = next(line for line in text.splitlines() if "acc_x" in line)
    assert row.split() == ["acc_x", "50.0", "1234", "5", "6", "7", "8"]


def test_the_screen_counts_down_and_waits():
    moment = parse_protocol("walk 60 s, sit 60 s").at(20)
    text = text_of(draw(state(moment=moment), title="a"))
    assert "walk 40 s, then sit (1 of 2)" in text
    text = text_of(draw(state(n_samples=0, label="", n_gaps=0, problem=""), title="a"))
    assert "no reading yet" in text
    assert "no label" in text


def test_the_screen_is_for_terminals_only(capsys):
    for is_quiet, said in ((False, "recording to a\nscan this\n"), (True, "")):
        screen = Screen("recording to a", is_quiet=is_quiet)
        with screen.shown():
            screen.show(state())
            screen.say("scan this")
        assert capsys.readouterr().err == said


def test_the_screen_says_one_gap():
    text = text_of(draw(state(n_gaps=1, gap_s=0.2389), title="a"))
    assert "1 gap, 0.2 s together" in text


@pytest.mark.skipif(os.name == "nt", reason="terminals differ there")
def test_on_a_terminal_all_is_seen_from_the_first_second(here):
    """Run it as a person does: see it, press a key, end it with another."""
    import pty

    ours, theirs = pty.openpty()
    words = ["collect", "simulate", "--keys", "walking,sitting", "--out", "a.csv"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sensorhar", *words],
        preexec_fn=lambda: os.login_tty(theirs),
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    try:
        for wanted, key in (
            (b"acc_x", b"1"),
            (b"walking", b"q"),
            (b"_labels.csv", b""),
        ):
            seen = b""
            while wanted not in seen.replace(b"1 walking", b""):
                assert select.select([ours], [], [], 60)[0], seen
                seen += os.read(ours, 65536)
            os.write(ours, key)
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert "walking" in read_log("a.sensorlog").events.labels


def test_examples_are_not_broken_over_lines():
    lines = commands.EXAMPLES.splitlines()
    assert lines[0] == "Examples:"
    assert all(line.startswith("sensorhar collect") for line in lines[1:])
    assert all(len(line) <= 78 for line in lines)


def test_what_is_in_reach_is_listed(run, monkeypatch):
    pulse = "0000180D-0000-1000-8000-00805F9B34FB"
    found = [
        FoundSensor("Polar H10 8F2A", "A0:01", -51.0, (pulse,)),
        FoundSensor("Bangle.js 4f2a", "A0:02", -70.0, ()),
        FoundSensor("", "A0:03", None, ()),
    ]

    async def scan(*, duration_s):
        return found

    monkeypatch.setattr("sensorhar.collect.ble_scan.scan", scan)
    result = run("collect", "ble", "--scan")
    assert result.code == 0
    assert result.err == "Looking around for 5 s.\n"
    _, polar, bangle, nameless = map(str.split, result.out.splitlines())
    assert polar[:5] == ["A0:01", "-51", "Polar", "H10", "8F2A"]
    assert polar[5:] == ["polar_h10", "polar_oh1", "polar_verity", "heart_rate"]
    assert bangle == ["A0:02", "-70", "Bangle.js", "4f2a", "banglejs"]
    assert nameless == ["A0:03", "-", "-", "-"]
    found.clear()
    assert run("collect", "ble", "--scan").err.endswith(
        "No Bluetooth sensor is in reach.\n"
    )


def test_without_a_name_the_profile_tells_what_to_look_for(run, here, fakes):
    assert run("collect", "ble", "--profile", "p", "--out", "a.sensorlog").code == 0
    assert fakes == [((), {"service": None, "profile": "p", "place": ""})]
