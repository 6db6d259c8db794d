"""A report prints, is written, read back, and never hides a leak."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.evaluation import Report
from sensorhar.evaluation.result import Result


@pytest.fixture
def leaky(report):
    return replace(report, is_leaky=True, protocol="LEAKY: random windows in 5 folds")


def test_text_fits_the_terminal_and_tells_all(report):
    text = str(report)
    assert max(map(len, text.splitlines())) <= 88
    for words in (
        "leave one subject out",
        "Scores with 'null'",
        "Scores without 'null'",
        "F1 of each label",
        "Confusion of calm",
        "Accuracy on each subject",
        "majority",
        report.split_hash,
        "seeds 0, 1",
        "scikit-learn",
    ):
        assert words in text
    assert "LEAKY" not in text


def test_numbers_in_the_text_are_those_of_the_result(report):
    row = next(line for line in str(report).splitlines() if "noisy" in line)
    score = report["noisy"].score()
    assert f"{score.mean:.3f} ±{score.sd:.3f}  {score.low:.3f}-{score.high:.3f}" in row


def test_long_names_and_many_classifiers_still_fit(report):
    name = "a-classifier-with-quite-a-long-name"
    results = tuple(replace(report.best, name=f"{name}-{i}") for i in range(9))
    text = str(replace(report, results=results))
    assert max(map(len, text.splitlines())) <= 88


def test_the_best_has_the_highest_macro_f1(report):
    scores = {result.name: result.score().mean for result in report}
    assert report.best.name == max(scores, key=scores.get)
    assert f"best {report.best.name}: macro F1" in repr(report)


def test_leaky_stands_in_the_header_and_every_table(leaky, tmp_path):
    text = str(leaky)
    assert text.startswith("LEAKY sensorhar report\n")
    assert "scores are flattered" in text
    assert repr(leaky).startswith("<LEAKY Report")
    assert all(table.title.startswith("LEAKY - ") for table in leaky.tables())
    page = leaky.to_markdown(tmp_path / "report.md").read_text("utf-8")
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert len(headings) == 1 + 4 + 3
    assert all("LEAKY" in heading for heading in headings)
    fields = json.loads(leaky.to_json(tmp_path / "report.json").read_text("utf-8"))
    assert fields["is_leaky"]
    assert fields["warning"].startswith("LEAKY")


def test_json_comes_back_the_same(report, tmp_path):
    path = report.to_json(tmp_path / "report.json")
    assert "NaN" not in path.read_text("utf-8")
    back = Report.from_json(path)
    assert repr(back.to_dict()) == repr(report.to_dict())
    assert str(back) == str(report)
    assert json.loads(path.read_text("utf-8"))["best"] == report.best.name


def test_markdown_holds_every_confusion(report, tmp_path):
    page = report.to_markdown(tmp_path / "report.md").read_text("utf-8")
    for name in report.names:
        assert f"## Confusion of {name}" in page
    assert "- **protocol**: leave one subject out" in page
    widths = {
        line.count("|")
        for line in page.split("## F1 of each label")[1].split("##")[0].splitlines()
        if line.startswith("|")
    }
    assert widths == {2 + len(report.names) + 1}


def test_save_writes_both_and_overwrites_nothing(report, tmp_path):
    folder = tmp_path / "new" / "folder"
    paths = report.save(folder)
    assert [path.name for path in paths] == ["report.json", "report.md"]
    paths[1].write_text("mine")
    paths[0].unlink()
    with pytest.raises(FileExistsError, match=r"report\.md exists.*overwrite=True"):
        report.save(folder)
    assert not paths[0].exists()
    report.save(folder, overwrite=True)
    assert paths[1].read_text("utf-8").startswith("# sensorhar report")


@pytest.mark.parametrize("name", ["to_json", "to_markdown"])
def test_a_file_is_not_replaced_unasked(report, tmp_path, name):
    path = tmp_path / "report"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="report exists. Choose another name"):
        getattr(report, name)(path)
    assert path.read_text() == "mine"


def test_predictions_are_written_as_csv(report, tmp_path):
    report.predictions().to_csv(tmp_path / "predictions.csv", index=False)
    lines = (tmp_path / "predictions.csv").read_text().splitlines()
    assert lines[0] == (
        "seed,split,window,subject,recording,start_s,label,prediction,score"
    )
    assert len(lines) - 1 == len(report.best.seeds) * 48


def test_predictions_do_not_come_back_from_a_file(report):
    back = Report.from_dict(report.to_dict())
    with pytest.raises(ValueError, match="predictions stay with the report"):
        back.predictions()


def test_an_unknown_classifier_is_told_the_names(report):
    with pytest.raises(
        ValueError, match="one of 'calm', 'majority', 'noisy'; got 'cnn"
    ):
        report["cnn"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "must be JSON written by report.to_json; it cannot be read"),
        ("[1, 2]", "got JSON of something else"),
        ('{"a": 1}', "got JSON of something else"),
        ('{"format": "sensorhar report", "version": 99}', "has version 99; .*Upgrade"),
    ],
)
def test_another_file_is_refused(tmp_path, text, words):
    path = tmp_path / "report.json"
    path.write_text(text)
    with pytest.raises(sh.errors.DataError, match=words):
        Report.from_json(path)


def test_one_subject_and_one_seed_have_dashes(tmp_path):
    counts = np.array([[[[9, 1], [0, 10]]]])
    result = Result(
        "toy", "Toy()", ("a", "b"), ("anna",), (0,), counts, np.ones((1, 1))
    )
    report = Report(
        (result,), "official", "20 windows", ("a", "b"), ("anna",), 1, "0", {}
    )
    row = next(line for line in str(report).splitlines() if line.startswith("  toy"))
    assert re.split(r"\s{2,}", row.strip())[:3] == ["toy", "0.950", "-"]
    assert Report.from_json(report.to_json(tmp_path / "r.json")).best.name == "toy"
