"""``sensorhar video train`` and ``evaluate``: there and back with a tiny C3D."""

import json

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.cli._video_data import ClipPlan, kind_of, load_examples
from sensorhar.cli._video_options import GroupChoice
from sensorhar.video import COCO, Clips
from tests.video.conftest import encode, moving_bar
from tests.video.test_read_poses_kinect import msr

BAR = moving_bar(12, 32, 40)
TINY = ("--width", "0.03", "--frames", "8", "--size", "16", "--epochs", "1")


@pytest.fixture(scope="module")
def av():
    return pytest.importorskip(
        "av", reason='PyAV is not installed: pip install "sensorhar[video]"'
    )


@pytest.fixture(scope="module")
def videos(av, tmp_path_factory):
    """Two labels by two people, each twice, one folder a label."""
    folder = tmp_path_factory.mktemp("videos")
    for label in ("dark", "light"):
        (folder / label).mkdir()
        for person in ("anna", "ben"):
            for take in range(2):
                frames = BAR // 4 + (150 if label == "light" else 0) + take
                encode(av, folder / label / f"{person}_{take}.mp4", frames)
    return folder


def load(data, **plan):
    return load_examples(data, ClipPlan(**plan), say=lambda text: None, quiet=True)


def test_labels_are_folders_and_groups_files(videos):
    clips = load(videos, n_frames=4, size=16)
    assert clips.shape == (8, 4, 16, 16, 3)
    assert clips.classes == ("dark", "light")
    assert len(set(clips.groups)) == 8
    by = load(videos, n_frames=4, size=16, group=GroupChoice.PERSON)
    assert sorted(set(by.groups)) == ["anna", "ben"]
    by = load(videos, n_frames=4, size=16, group=GroupChoice.FOLDER)
    assert sorted(set(by.groups)) == ["dark", "light"]


def test_labels_of_a_table(videos, tmp_path):
    names = [path.relative_to(videos).as_posix() for path in videos.rglob("*.mp4")]
    table = tmp_path / "labels.csv"
    rows = [f"{name},{'ab'['light' in name]},{name[-9:-6]}" for name in names]
    table.write_text("\n".join(["file,label,group", *rows]))
    clips = load(videos, labels=table, n_frames=2, size=8)
    assert clips.classes == ("a", "b")
    assert len(set(clips.groups)) < 8  # those of the table
    classes = tmp_path / "classes.txt"
    classes.write_text("a\nc\n")
    with pytest.raises(ValueError, match="labels must be among 'a', 'c'; light/"):
        load(videos, labels=table, classes=classes)


def test_a_list_with_two_parts(videos, tmp_path):
    table = tmp_path / "labels.csv"
    rows = [
        f"{path.name if label == 'dark' else f'light/{path.name}'},{label},{part}"
        for label, part in (("dark", "train"), ("light", "train"))
        for path in sorted((videos / label).iterdir())[:2]
    ]
    rows += [f"{label}/ben_0.mp4,{label},test" for label in ("dark", "light")]
    rows = [row.replace("anna_0.mp4,dark", "dark/anna_0.mp4,dark") for row in rows]
    rows = [row.replace("anna_1.mp4,dark", "dark/anna_1.mp4,dark") for row in rows]
    table.write_text("\n".join(["file,label,split", *rows]))
    train, test = load(videos, labels=table, n_frames=2, size=8)
    assert (len(train), len(test)) == (4, 2)
    codes = tmp_path / "list.txt"
    codes.write_text("dark/anna_0.mp4 0\nlight/anna_0.mp4 1\n")
    names = tmp_path / "classes.txt"
    names.write_text("night\nday\n")
    clips = load(videos, labels=codes, classes=names, n_frames=2, size=8)
    assert clips.y.tolist() == ["night", "day"]
    untrimmed = tmp_path / "anet.json"
    rows = [{"segment": [1, 3], "label": "run"}]
    untrimmed.write_text(json.dumps({"v": {"duration": 9, "annotations": rows}}))
    with pytest.raises(
        ValueError, match="--labels must list clips with one label each"
    ):
        load(videos, labels=untrimmed)


def test_skeletons(tmp_path):
    for name in ("a01_s01_e01", "a02_s02_e01"):
        msr(tmp_path, f"{name}_skeleton3D.txt", n_frames=20)
    poses = load(tmp_path, n_frames=8, rate_hz=15, centre="hip_center")
    assert poses.classes == ("high arm wave", "horizontal arm wave")
    assert sorted(set(poses.groups)) == ["1", "2"]
    with pytest.raises(ValueError, match="--size is for videos; .* holds skeletons"):
        load(tmp_path, size=16)
    folder = tmp_path / "coco" / "sit"
    folder.mkdir(parents=True)
    points = [{"image_id": i, "keypoints": [1.0, 2.0, 0.9] * 17} for i in range(9)]
    (folder / "anna_1.json").write_text(json.dumps(points))
    poses = load(folder.parent, n_frames=4, source_rate_hz=10)
    assert (poses.y.tolist(), poses.spec.skeleton) == (["sit"], COCO)
    assert poses.groups.tolist() == ["sit/anna_1.json"]


def test_what_a_path_holds(videos, tmp_path):
    assert kind_of(videos) == "video"
    assert kind_of(videos / "dark" / "anna_0.mp4") == "video"
    assert kind_of(msr(tmp_path)) == "poses"
    (tmp_path / "list.csv").write_text("file,label\n")
    assert kind_of(tmp_path / "list.csv") == "list"
    assert kind_of(tmp_path) == "poses"
    (tmp_path / "x.png").write_bytes(b"")
    assert kind_of(tmp_path) == "video"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["DATA", "--model", "nothing"], "got 'nothing'"),
        (["DATA", "--model", "cnn,lstm"], "--model must be one name; got 'cnn,lstm'"),
        (
            ["DATA", "--model", "cnn", "--frames", "0"],
            "--frames must be a whole number",
        ),
        (["DATA", "--model", "cnn", "--rate", "0"], "--rate must be above 0 Hz; got 0"),
        (["gone", "--model", "cnn"], "gone must be there; there is none in"),
        (["DATA", "--model", "cnn", "--labels", "no.csv"], "no.csv must be there"),
        (
            ["DATA/dark", "--model", "cnn"],
            "lie in no folders that could be their labels",
        ),
        (
            ["DATA/dark/anna_0.mp4", "--model", "cnn"],
            "is a file; DATA must be a folder",
        ),
        (["DATA", "--model", "cnn", "--centre", "head"], "--centre is for skeletons"),
        (
            ["DATA", "--model", "cnn", "--width", "0", *TINY[2:]],
            "--width must be above",
        ),
        (
            ["DATA", "--model", "features-linear", "--width", "0.5", *TINY[2:-2]],
            "--width means nothing to FeatureLinearClassifier; got 0.5",
        ),
    ],
)
def test_train_refuses(words, line, videos, tmp_path, refused):
    out = tmp_path / "out.sensorhar"
    given = [word.replace("DATA", str(videos)) for word in words]
    assert line in refused("video", "train", *given, "--out", out)
    assert not out.exists()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (
            ["--cv", "official"],
            "--cv official needs --labels of a list with a training",
        ),
        (["--cv", "kfold"], "--cv must be official"),
        (["--seeds", "0"], "--seeds must be a whole number from 1; got 0"),
    ],
)
def test_evaluate_refuses(words, line, videos, refused):
    assert line in refused("video", "evaluate", videos, "--model", "cnn", *words)


class Silent:
    """A classifier that learns nothing, and notes what it was given."""

    def __init__(self):
        self.given = {"width": None, "batch_size": 128}
        self.history_ = {"loss": [1.0, 0.5]}

    def get_params(self, deep=True):
        return self.given

    def set_params(self, **changed):
        self.given.update(changed)

    def fit(self, examples):
        self.examples = examples
        self.classes_ = np.array(examples.classes)

    def save(self, path, overwrite):
        path.write_text(f"{overwrite}")


@pytest.fixture
def silent(monkeypatch):
    """Return the classifier that train builds, and what it was asked for."""
    clf = Silent()
    for command in ("train", "evaluate"):
        monkeypatch.setattr(
            f"sensorhar.cli.video_{command}.build",
            lambda name, **options: clf.given.update(name=name, **options) or clf,
        )
        monkeypatch.setattr(
            f"sensorhar.cli.video_{command}.check_models",
            lambda names, epochs: names.split(","),
        )
    return clf


def test_train_builds_fits_and_saves(silent, videos, tmp_path, run, refused):
    out = tmp_path / "light.sensorhar"
    words = ["video", "train", videos, "--model", "c3d", "--out", out, *TINY]
    result = run(
        *words,
        *("--rate", "10", "--sampling", "windows", "--seed", "3", "--frames", "4"),
    )
    assert result.code == 0
    assert result.out == (
        f"{out}: Silent of 4 frames of 16 x 16 at 10 Hz of red, green, blue, 2 labels, "
        "trained on 8 clips\n"
    )
    assert silent.given["name"] == "c3d"
    assert (silent.given["width"], silent.given["seed"]) == (0.03, 3)
    assert f"Next: sensorhar video predict {out} FILE" in result.err
    assert "exists" in refused(*words)
    facts = json.loads(run(*words, "--force", "--json", "--quiet", "--batch", "2").out)
    assert (facts["n_clips"], facts["n_epochs"], facts["skipped"]) == (8, 2, [])
    assert silent.given["batch_size"] == 2
    assert out.read_text() == "True"


@pytest.mark.filterwarnings("default::sensorhar.errors.SensorharWarning")
def test_train_skips_broken_files(silent, videos, tmp_path, run):
    for path in videos.rglob("*.mp4"):
        copy = tmp_path / "videos" / path.relative_to(videos)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (tmp_path / "videos" / "dark" / "broken.mp4").write_text("no video" * 99)
    words = ["video", "train", tmp_path / "videos", "--model", "c3d", *TINY, "--json"]
    result = run(*words, "--out", tmp_path / "x", "--on-error", "skip")
    (skipped,) = json.loads(result.out)["skipped"]
    assert skipped["file"] == "dark/broken.mp4"
    assert "must be a video" in skipped["reason"]
    assert "1 of 9 videos are skipped" in result.err


def test_only_the_training_part_of_a_list(silent, videos, tmp_path, run):
    table = tmp_path / "labels.csv"
    rows = ["dark/ben_0,dark,train", "light/ben_0,light,train", "dark/ben_1,dark,test"]
    rows = [row.replace(",", ".mp4,", 1) for row in rows]
    table.write_text("\n".join(["file,label,split", *rows]))
    words = ["video", "train", videos, "--labels", table, "--model", "c3d", *TINY]
    result = run(*words, "--out", tmp_path / "x")
    assert "Take the training part; the test part stays unseen." in result.err
    assert len(silent.examples) == 2


@pytest.mark.slow
def test_there_and_back(videos, tmp_path, run):
    out = tmp_path / "light.sensorhar"
    words = ["video", "train", videos, "--model", "c3d", "--out", out, *TINY]
    result = run(*words, "--group", "person", "--batch", "4", "--json")
    assert result.code == 0
    facts = json.loads(result.out)
    assert (facts["n_clips"], facts["n_groups"]) == (8, 2)
    assert facts["labels"] == ["dark", "light"]
    assert "Train c3d." in result.err
    clf = sh.load(out)
    assert (clf.width, clf.batch_size, clf.random_state) == (0.03, 4, 0)
    assert clf.spec_.shape == (8, 16, 16, 3)
    video = videos / "light" / "ben_1.mp4"
    said = run("video", "predict", out, video, "--json", "--quiet")
    assert {one["label"] for one in json.loads(said.out)["files"][0]["labels"]} == {
        *("dark", "light"),
    }
    sheet = tmp_path / "sheet.png"
    assert run("video", "render", out, video, "--out", sheet, "--quiet").code == 0


@pytest.mark.slow
def test_scores(videos, tmp_path, run):
    report = tmp_path / "report"
    words = ["video", "evaluate", videos, "--model", "c3d", "--group", "person", *TINY]
    result = run(*words, "--report", report)
    assert result.code == 0
    assert "leave one subject out" in result.out
    assert "majority" in result.out
    assert sorted(path.name for path in report.iterdir()) == [
        *("report.html", "report.json", "report.md"),
    ]
    assert isinstance(sh.Report.from_json(report / "report.json"), sh.Report)


def test_a_sensor_classifier_refuses_clips():
    clips = Clips.from_array(np.zeros((4, 4, 6, 6, 3), np.uint8), y=list("abab"))
    with pytest.raises(ValueError, match="FeatureLinearClassifier"):
        sh.FeatureLinearClassifier().fit(clips)
