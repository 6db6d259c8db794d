"""The tables of a report hold its numbers."""

from sensorhar.evaluation.tables import (
    _letter,
    class_table,
    confusion_table,
    number,
    score_table,
    subject_table,
)


def test_confusion_is_labelled_by_letters(report):
    table = confusion_table(report, report["noisy"])
    assert table.header == ("truth \\ predicted", "a", "b", "c")
    assert [row[0] for row in table.rows] == ["a null", "b sit", "c walk"]
    assert [[int(cell) for cell in row[1:]] for row in table.rows] == (
        report["noisy"].confusion.tolist()
    )
    assert table.title.endswith("summed over 2 seeds")


def test_subjects_stand_hardest_first(report):
    table = subject_table(report)
    column = table.header.index(report.best.name)
    scores = [float(row[column]) for row in table.rows]
    assert scores == sorted(scores)
    assert {row[0] for row in table.rows} == set(report.subjects)
    assert all(row[1] == "12" for row in table.rows)


def test_f1_of_labels_is_that_of_the_result(report):
    table = class_table(report)
    wanted = report.results[0].per_class()["sit"]["f1"]
    assert table.rows[1][:3] == ("sit", "16", number(wanted))


def test_the_worst_subject_belongs_to_all_windows(report):
    assert score_table(report).header[-1] == "worst"
    assert score_table(report, without_null=True).header[-1] == "weighted"


def test_letters_go_on_after_z():
    assert [_letter(i) for i in (0, 25, 26, 27, 51, 52)] == [
        *("a", "z", "aa", "ab", "az", "ba")
    ]
