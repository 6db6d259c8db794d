"""``sensorhar train`` and ``sensorhar predict``: there and back."""

import json

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.cli.predict import label_recording


def test_there_and_back(folder, tmp_path, run):
    out = tmp_path / "walker.sensorhar"
    trained = run(
        *("train", folder, "--model", "features-linear", "--out", out, "--json"),
        *("--length", "2", "--overlap", "0.5", "--rate", "50"),
        *("--channels", "acc_x,acc_y,acc_z", "--seed", "3"),
    )
    assert trained.code == 0
    facts = json.loads(trained.out)
    assert facts["labels"] == ["running", "standing", "walking"]
    assert facts["spec"]["n_timepoints"] == 100
    assert facts["n_subjects"] == 3
    assert "Train features-linear." in trained.err
    clf = sh.load(out)
    assert clf.random_state == 3
    assert clf.spec_.channel_names == ("acc_x", "acc_y", "acc_z")

    recording, said = folder / "person01-01.npz", tmp_path / "said.csv"
    predicted = run("predict", out, recording, "--out", said, "--json")
    assert predicted.code == 0
    events = sh.read_events(said)
    document = json.loads(predicted.out)
    assert document["out"] == str(said)
    assert [event["label"] for event in document["events"]] == list(events.labels)
    truth = sh.read(recording).events
    right_s = sum(
        events.select([t.label]).crop(t.start_s, t.stop_s).duration_s.sum()
        for t in truth
    )
    assert right_s / truth.duration_s.sum() > 0.8
    assert np.nanmin(events.score) > 0
    assert np.nanmax(events.score) <= 1


def test_truth_does_not_choose_the_windows(people, model):
    clf = sh.load(model)
    with_truth = label_recording(clf, people[2])
    assert with_truth == label_recording(clf, people[2].with_events(None))
    assert with_truth.start_s[0] == pytest.approx(people[2].start_s, abs=0.1)


def test_step_and_text(model, folder, run):
    result = run("predict", model, folder / "carla_walk.csv", "--step", "0.5")
    assert result.out.splitlines()[0].split() == [
        *("start", "s", "stop", "s", "label", "score"),
    ]
    assert "walking" in result.out
    assert "labelled" in result.err
    quiet = run("predict", model, folder / "carla_walk.csv", "--quiet")
    assert quiet.err == ""


def test_nothing_is_overwritten(folder, model, tmp_path, run, refused):
    out = tmp_path / "mine"
    out.write_text("mine")
    words = ["train", folder, "--model", "features-linear", "--out", out]
    assert f"{out} exists. Choose another name, or pass --force." in refused(*words)
    assert "exists" in refused(
        "predict", model, folder / "carla_walk.csv", "--out", out
    )
    assert out.read_text() == "mine"
    assert run(*words, "--force", "--quiet").code == 0
    assert sh.load(out).classes_.tolist() == ["running", "standing", "walking"]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--model", "cnn,lstm"], "--model must be one name; got 'cnn,lstm'"),
        (["--model", "gru"], "got 'gru'"),
        (["--model", "minirocket", "--epochs", "3"], "means nothing to minirocket"),
        (["--model", "cnn", "--overlap", "1"], "--overlap must be a share"),
    ],
)
def test_wrong_words_are_found_before_anything_is_read(words, line, tmp_path, refused):
    out = tmp_path / "out"
    assert line in refused("train", tmp_path, *words, "--out", out)
    assert not out.exists()


def test_unknown_data(tmp_path, refused):
    line = refused("train", "nobody", "--model", "cnn", "--out", tmp_path / "out")
    assert "there is no 'nobody' in" in line


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["no.sensorhar", "RECORDING"], "no.sensorhar must be a file"),
        (["MODEL", "no.csv"], "no.csv must be a file"),
        (["RECORDING", "RECORDING"], "must be a classifier saved by sensorhar"),
        (["MODEL", "RECORDING", "--step", "0"], "--step must be above 0 s; got 0"),
    ],
)
def test_predict_refuses(words, line, model, folder, refused):
    table = {"MODEL": model, "RECORDING": folder / "carla_walk.csv"}
    assert line in refused("predict", *(table.get(word, word) for word in words))


def test_predict_refuses_windows(model, separable, tmp_path, refused):
    path = separable.save(tmp_path / "windows.npz")
    assert "must be a recording; it holds windows" in refused("predict", model, path)


def test_predict_refuses_models_of_bare_arrays(separable, folder, tmp_path, refused):
    clf = sh.FeatureLinearClassifier().fit(np.asarray(separable), separable.y)
    path = clf.save(tmp_path / "bare.sensorhar")
    line = refused("predict", path, folder / "carla_walk.csv")
    assert "must know the windows it was trained on" in line


def test_predict_refuses_recordings_of_other_sensors(model, tmp_path, refused):
    time_s = np.arange(500) / 50
    gyr = sh.Stream.of_sensor("gyroscope", np.zeros((500, 3)), time_s)
    path = sh.Recording([gyr], name="bike").save(tmp_path / "bike")
    assert "got 'acc_x'" in refused("predict", model, path)
