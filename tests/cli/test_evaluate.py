"""``sensorhar evaluate``."""

import json

import pytest

import sensorhar as sh
from sensorhar.cli.evaluate import _check_cv


def test_report_and_json(folder, tmp_path, run, refused):
    report, scores = tmp_path / "report", tmp_path / "scores.json"
    words = [
        *("evaluate", folder, "--model", "features-linear", "--cv", "loso"),
        *("--report", report, "--json", scores),
    ]
    result = run(*words)
    assert result.code == 0
    assert result.out.startswith("sensorhar report\n")
    assert "features-linear" in result.out
    assert "majority" in result.out
    assert "Written: " in result.err
    assert sorted(path.name for path in report.iterdir()) == [
        *("report.html", "report.json", "report.md"),
    ]
    found = sh.Report.from_json(scores)
    assert found.names == ("features-linear", "majority")
    assert json.loads(scores.read_text()) == json.loads(
        (report / "report.json").read_text()
    )

    scores.unlink()
    (report / "report.md").write_text("mine")
    (report / "report.html").unlink()
    (report / "report.json").unlink()
    assert "report.md exists" in refused(*words)
    assert (report / "report.md").read_text() == "mine"
    assert not scores.exists()


def test_force_replaces(folder, tmp_path, run):
    scores = tmp_path / "scores.json"
    scores.write_text("old")
    words = ["evaluate", folder, "--model", "features-linear", "--json", scores]
    assert run(*words, "--force", "--quiet").code == 0
    assert sh.Report.from_json(scores).n_splits == 3


def test_leaks_are_marked(folder, run):
    result = run(
        *("evaluate", folder, "--model", "features-linear"),
        *("--cv", "random-leaky", "--quiet"),
    )
    assert result.code == 0
    assert result.out.startswith("LEAKY")
    assert result.err == ""


def test_default_split_is_by_person(folder, run):
    result = run("evaluate", folder, "--model", "features-linear")
    assert "leave one subject out" in result.out
    assert "features-linear: loso." in result.err


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["simulated", "--model", "gru"], "got 'gru'"),
        (["simulated", "--model", "cnn", "--cv", "kfold"], "--cv must be official"),
        (["simulated", "--model", "cnn", "--cv", "group-"], "got 'group-'"),
        (["simulated", "--model", "cnn", "--cv", "official"], "such as uci-har; got"),
        (["simulated", "--model", "cnn", "--seeds", "0"], "--seeds must be a whole"),
        (["uci-har", "--model", "cnn", "--rate", "20"], "which cannot be cut anew"),
        (["nobody", "--model", "cnn"], "there is no 'nobody' in"),
    ],
)
def test_wrong_words_are_found_before_training(words, line, refused):
    assert line in refused("evaluate", *words)


def test_a_file_is_no_folder_for_a_report(folder, tmp_path, refused):
    path = tmp_path / "report"
    path.touch()
    line = refused("evaluate", folder, "--model", "features-linear", "--report", path)
    assert "is a file; --report needs a folder" in line


def test_too_few_people_for_the_folds(folder, refused):
    line = refused("evaluate", folder, "--model", "features-linear", "--cv", "5")
    assert "5 folds of subjects need at least 5 subjects" in line


def test_words_for_splits():
    assert _check_cv(None, "simulated") is None
    assert _check_cv("4", "simulated") == 4
    assert _check_cv("group-4", "simulated") == "group-4"
    assert _check_cv("random-leaky-10", "simulated") == "random-leaky-10"
    assert _check_cv("official", "uci-har") == "official"


@pytest.mark.slow
def test_official_split_of_uci_har(real_data, monkeypatch, run):
    monkeypatch.setenv("SENSORHAR_DATA", str(real_data))
    result = run("evaluate", "uci-har", "--model", "features-linear")
    assert "official split" in result.out
    assert "2947 windows" in result.out
