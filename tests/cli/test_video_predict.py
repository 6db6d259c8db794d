"""``sensorhar video predict`` and ``render``, by a classifier that sees brightness."""

import csv
import json

import pytest

import sensorhar as sh
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.data.pose_spec import PoseSpec
from sensorhar.video import KINECT, scan_video
from tests.video.conftest import encode, moving_bar
from tests.video.test_predict_timeline import Level
from tests.video.test_read_poses_kinect import msr

BAR = moving_bar()
SPEC = ClipSpec(6, 16, 16, rate_hz=25)


@pytest.fixture(scope="module")
def av():
    return pytest.importorskip(
        "av", reason='PyAV is not installed: pip install "sensorhar[video]"'
    )


@pytest.fixture
def video(av, tmp_path):
    return encode(av, tmp_path / "bar.mp4", BAR)


@pytest.fixture
def use(monkeypatch, tmp_path):
    """Return a function that lets MODEL be a classifier, and returns its file."""

    def use_this(clf):
        for command in ("predict", "render"):
            name = f"sensorhar.cli.video_{command}.load_model"
            monkeypatch.setattr(name, lambda path: clf)
        path = tmp_path / "level.sensorhar"
        path.touch()
        return path

    return use_this


@pytest.fixture
def model(use):
    return use(Level(SPEC, highest=0.8))


def test_events_as_text(model, video, run):
    result = run("video", "predict", model, video, "--step-s", "0.12")
    assert result.code == 0
    first, header, *rows = result.out.splitlines()
    assert first.startswith(f"{video}: high 5")
    assert header.split() == ["start", "s", "stop", "s", "label", "score"]
    assert [row.split()[2] for row in rows] == ["low", "high"]
    assert rows[-1].split()[1] == "0.96"
    assert f"Look at {video}." in result.err
    quiet = run("video", "predict", model, video, "--quiet", "--top", "1")
    assert quiet.err == ""
    assert "," not in quiet.out.splitlines()[0]


def test_events_as_a_table(model, video, tmp_path, run, refused):
    out = tmp_path / "events.csv"
    words = ["video", "predict", model, video, video.parent / "bar.mp4", "--out", out]
    result = run(*words, "--step", "0.12")
    assert result.out.splitlines()[-1] == f"{out}: 2 events"
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["label"] for row in rows] == ["low", "high"]
    assert {row["file"] for row in rows} == {str(video)}
    events = sh.read_events(out)
    assert list(events.labels) == ["low", "high"]
    assert "events.csv exists" in refused(*words)


def test_probabilities_as_json(av, model, video, tmp_path, run):
    other = encode(av, tmp_path / "dark.mp4", BAR[:8])
    out = tmp_path / "line.json"
    words = ["video", "predict", model, video, other, "--out", out, "--json"]
    printed = json.loads(run(*words, "--top", "1", "--quiet").out)
    assert printed == json.loads(out.read_text())
    assert [one["file"] for one in printed["files"]] == [str(video), str(other)]
    clips = printed["files"][0]["clips"]
    assert [clip["start_s"] for clip in clips] == pytest.approx([0, 0.24, 0.48, 0.72])
    assert [list(clip["probability"]) for clip in clips] == [
        *(["low"], ["low"], ["high"], ["high"]),
    ]
    assert printed["files"][1]["events"][0]["label"] == "low"
    assert "file  " in run("video", "predict", model, video, other).out


def test_broken_files_can_be_skipped(model, video, tmp_path, run, refused):
    broken = tmp_path / "broken.mp4"
    broken.write_text("no video" * 99)
    words = ["video", "predict", model, broken, video]
    assert "broken.mp4 must be a video" in refused(*words)
    result = run(*words, "--on-error", "skip")
    assert result.code == 0
    assert "Skipped: broken.mp4 must be a video" in result.err
    line = refused("video", "predict", model, broken, "--on-error", "skip")
    assert "none of 1 files can be read" in line


def test_a_length_for_clips_that_were_spread(use, video, run):
    path = use(Level(ClipSpec(4, 16, 16), highest=0.8))
    whole = run("video", "predict", path, video, "--json", "--quiet")
    assert len(json.loads(whole.out)["files"][0]["clips"]) == 1
    words = ["--length-s", "0.24", "--step-s", "0.24", "--json", "--quiet"]
    parts = run("video", "predict", path, video, *words)
    assert len(json.loads(parts.out)["files"][0]["clips"]) == 4


def test_skeletons(use, tmp_path, run, refused):
    model = use(Level(PoseSpec(10, KINECT, rate_hz=15), highest=9.0))
    path = msr(tmp_path, n_frames=30)
    result = run("video", "predict", model, path)
    assert result.code == 0
    assert "low" in result.out
    line = refused("video", "render", model, path, "--out", tmp_path / "a.mp4")
    assert "must have been trained on videos to be drawn onto one" in line


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["MODEL", "gone.mp4"], "gone.mp4 must be a file"),
        (["gone.sensorhar", "VIDEO"], "gone.sensorhar must be a file"),
        (["MODEL", "VIDEO", "--out", "a.txt"], "--out must end in .csv or .json"),
        (
            ["MODEL", "VIDEO", "--top", "0"],
            "--top must be a whole number from 1; got 0",
        ),
        (["MODEL", "VIDEO", "--step-s", "0"], "step_s must be a number of s above 0"),
        (["MODEL", "VIDEO", "--length-s", "1"], "length_s must be left out"),
    ],
)
def test_predict_refuses(words, line, model, video, refused):
    table = {"MODEL": model, "VIDEO": video}
    given = [table.get(word, word) for word in words]
    assert line in refused("video", "predict", *given)


def test_render_mp4_gif_and_png(model, video, tmp_path, run, refused):
    for ending in ("mp4", "gif", "png"):
        out = tmp_path / f"out.{ending}"
        words = ["video", "render", model, video, "--out", out, "--step-s", "0.12"]
        result = run(*words)
        assert result.code == 0
        assert result.out == f"{out}: 2 events in 0.96 s\n"
        assert f"Draw {out}." in result.err
        assert f"out.{ending} exists" in refused(*words)
    assert run(*words[:5], tmp_path / "out.mp4", "--force", "--quiet").code == 0
    assert scan_video(tmp_path / "out.mp4").n_frames == 24
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    line = refused("video", "render", model, video, "--out", tmp_path / "a.avi")
    assert "--out must end in .mp4, .gif, .png; got 'a.avi'" in line
