"""Evaluation trains clones on the right people and counts what they say."""

import numpy as np
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import sensorhar as sh
from sensorhar.evaluation.run import Run


def flatten(windows):
    return np.asarray(windows).reshape(len(windows), -1)


def test_scores_of_people_are_known(level, make_windows_of):
    # Level says what is written in the window: anna 4 of 4, ben 3 of 4, cleo 1 of 4.
    y = ["sit", "walk", "sit", "walk"] * 3
    readings = [0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1]
    who = np.repeat(["anna", "ben", "cleo"], 4)
    report = sh.evaluate(level, make_windows_of(readings, y, who), progress=False)
    result = report["Level"]
    assert result.per_subject() == {"anna": 1.0, "ben": 0.75, "cleo": 0.25}
    assert result.worst_subject() == ("cleo", 0.25)
    assert result.score("accuracy").mean == pytest.approx(8 / 12)
    assert result.confusion.tolist() == [[4, 2], [2, 4]]
    assert report.subjects == ("anna", "ben", "cleo")


def test_majority_stands_in_every_report(nearest, make_people):
    report = sh.evaluate(nearest, make_people(), progress=False)
    assert report.names == ("Nearest", "majority")
    assert report["majority"].score("balanced_accuracy").mean == 0.5


def test_ones_own_majority_is_kept(make_people):
    own = {"majority": DummyClassifier(strategy="constant", constant="walk")}
    report = sh.evaluate(own, make_people(), progress=False)
    assert report.names == ("majority",)
    assert report["majority"].estimator.startswith("DummyClassifier(constant='walk'")


def test_equal_seeds_give_equal_reports(nearest, make_people):
    nearest.set_params(noise=0.5)
    windows = make_people()
    first, same = (
        sh.evaluate(nearest, windows, seeds=3, progress=False).to_dict()
        for _ in range(2)
    )
    for fields in (first, same):
        for result in fields["classifiers"]:
            del result["fit_s"]
    assert repr(first) == repr(same)


def test_seeds_reach_the_classifier_and_spread_the_scores(nearest, make_people):
    nearest.set_params(noise=1.5)
    report = sh.evaluate(nearest, make_people(), seeds=(3, 7, 11), progress=False)
    score = report["Nearest"].score()
    assert report["Nearest"].seeds == (3, 7, 11)
    assert len(set(score.per_seed)) > 1
    assert score.sd == pytest.approx(np.std(score.per_seed, ddof=1))
    alone = sh.evaluate(nearest, make_people(), seeds=[7], progress=False)
    assert alone["Nearest"].score().mean == score.per_seed[1]


def test_a_classifier_without_seed_is_trained_once(level, make_people):
    report = sh.evaluate(level, make_people(), seeds=5, progress=False)
    assert report["Level"].seeds == (0,)
    assert report.notes == ("trained once, for no seed changes them: Level",)


def test_classifiers_stay_unfitted_and_clones_get_their_groups(
    nearest, make_people, monkeypatch
):
    seen = []
    kind = type(nearest)
    monkeypatch.setattr(
        kind, "fit", lambda self, X, y=None, groups=None: seen.append((self, groups, X))
    )
    monkeypatch.setattr(kind, "predict", lambda self, X: X.y)
    monkeypatch.delattr(kind, "predict_proba")
    windows = make_people()
    report = sh.evaluate(nearest, windows, progress=False)
    assert not hasattr(nearest, "classes_")
    assert report["Nearest"].score("accuracy").mean == 1
    for (clone, groups, train), who in zip(seen, report.subjects, strict=True):
        assert clone is not nearest
        assert clone.random_state == 0
        assert clone.verbose == 0
        assert who not in groups
        assert isinstance(train, sh.Windows)


def test_predictions_line_up_with_the_windows(nearest, make_people):
    windows = make_people()
    report = sh.evaluate(nearest, windows, cv=3, seeds=2, progress=False)
    frame = report.predictions("Nearest")
    assert len(frame) == 2 * len(windows)
    one = frame[frame.seed == 1].set_index("window").sort_index()
    assert one.label.tolist() == windows.y.tolist()
    assert one.subject.tolist() == windows.groups.tolist()
    assert one.start_s.tolist() == windows.start_s.tolist()
    right = (one.label == one.prediction).mean()
    assert right == pytest.approx(report["Nearest"].score("accuracy").per_seed[1])
    assert one.score.between(0.5, 1).all()
    assert report.predictions("majority").score.eq(1).all()


def test_null_is_scored_in_and_out(level, make_windows_of):
    y = ["sit", "walk", "null", "null"] * 2
    readings = [0, 1, 0, 2, 0, 2, 2, 2]
    windows = make_windows_of(readings, y, list("aaaabbbb"), null_label="null")
    result = sh.evaluate(level, windows, progress=False)["Level"]
    assert result.score("accuracy").mean == pytest.approx(6 / 8)
    # Without null: 4 windows, one walk taken for null is still missed, and the null
    # taken for sit costs nothing.
    assert result.score("accuracy", without_null=True).mean == pytest.approx(3 / 4)
    wanted = (1 + 2 / 3) / 2
    assert result.score(without_null=True).mean == pytest.approx(wanted)


def test_official_scores_the_test_part_only(nearest, make_people):
    windows = make_people(4)
    parts = windows[:36], windows[36:]
    report = sh.evaluate(nearest, parts, cv="official", progress=False)
    assert report.subjects == ("p4",)
    assert report.n_splits == 1
    assert int(report["Nearest"].counts.sum()) == 12
    assert np.isnan(report["Nearest"].score().low)


def test_a_leaky_report_is_marked(nearest, make_people):
    report = sh.evaluate(nearest, make_people(), cv="random-leaky", progress=False)
    assert report.is_leaky
    assert "LEAKY" in report.protocol


def test_pipelines_and_searches_work(make_people):
    table = FunctionTransformer(flatten)
    forest = RandomForestClassifier(n_estimators=5)
    pipeline = make_pipeline(table, forest)
    search = GridSearchCV(
        pipeline,
        {"randomforestclassifier__max_depth": [2, 4]},
        cv=LeaveOneGroupOut(),
    )
    report = sh.evaluate(
        {"pipeline": pipeline, "search": search},
        make_people(),
        cv="group-2",
        progress=False,
    )
    assert report["search"].score().mean > 0.8
    assert report["pipeline"].probability.shape == (1, 48, 2)


def test_a_table_learner_is_told_what_it_needs(make_people):
    forest = RandomForestClassifier(n_estimators=5)
    with pytest.raises(ValueError, match="'RandomForestClassifier' takes a 2-D table"):
        sh.evaluate(forest, make_people(), progress=False)


def test_other_errors_of_fit_pass_through(nearest, make_people, monkeypatch):
    def fit(self, X, y=None):
        raise ValueError("out of wool")

    monkeypatch.setattr(type(nearest), "fit", fit)
    with pytest.raises(ValueError, match="^out of wool$"):
        sh.evaluate(nearest, make_people(), progress=False)


def test_names_are_told_apart(nearest, level, make_people):
    windows = make_people()
    report = sh.evaluate([nearest, level, nearest], windows, progress=False)
    assert report.names == ("Nearest 1", "Level", "Nearest 2", "majority")
    report = sh.evaluate([nearest, level], windows, names=["a", "b"], progress=False)
    assert report.names == ("a", "b", "majority")


def test_names_that_repeat_are_refused(nearest, level, make_people):
    with pytest.raises(ValueError, match=r"names must differ and be 2.*\['a', 'a'\]"):
        sh.evaluate([nearest, level], make_people(), names=["a", "a"])


@pytest.mark.parametrize("bad", ["cnn", 3, DummyClassifier])
def test_what_is_no_estimator_is_refused(bad, make_people):
    with pytest.raises(ValueError, match="must be estimators with fit, predict"):
        sh.evaluate(bad, make_people())


def test_no_classifier_is_refused(make_people):
    with pytest.raises(ValueError, match="at least one classifier; got none"):
        sh.evaluate([], make_people())


@pytest.mark.parametrize("seeds", [0, -1, True, [], [1, 1], [0.5], "3", 2.0])
def test_impossible_seeds_are_refused(seeds, nearest, make_people):
    with pytest.raises(ValueError, match="seeds must be a number of seeds"):
        sh.evaluate(nearest, make_people(), seeds=seeds)


def test_windows_without_labels_are_refused(nearest, make_people):
    windows = make_people()
    with pytest.raises(ValueError, match="got windows without labels.*with_events"):
        sh.evaluate(nearest, windows.with_labels(None))


def test_windows_partly_labelled_are_refused(nearest, make_people):
    windows = make_people()
    y = np.where(np.arange(48) < 5, None, windows.y)
    with pytest.raises(ValueError, match="got 5 of 48 without.*null='drop'"):
        sh.evaluate(nearest, windows.with_labels(y))


def test_a_single_label_is_refused(nearest, make_people):
    windows = make_people()
    with pytest.raises(ValueError, match="at least two labels; got only 'sit'"):
        sh.evaluate(nearest, windows[windows.y == "sit"])


def test_a_label_missing_from_training_is_noted(nearest, make_windows_of):
    y = ["sit", "walk", "sit", "walk", "sit", "null"]
    windows = make_windows_of([0, 1, 0, 1, 0, 2], y, list("aabbcc"))
    report = sh.evaluate(nearest, windows, progress=False)
    assert report.notes == ("'null' is missing from the training part of 1 split",)
    assert report["Nearest"].per_class()["null"]["recall"] == 0


def test_training_curves_are_kept(nearest, make_people):
    report = sh.evaluate(nearest, make_people(), seeds=2, progress=False)
    histories = report["Nearest"].histories
    assert [(h.seed, h.split) for h in histories] == [
        (seed, split) for seed in (0, 1) for split in range(4)
    ]
    assert histories[0].curves == {"loss": (2.0, 1.0), "val_loss": (2.5, 1.5)}


def test_versions_and_times_are_kept(report):
    assert {"sensorhar", "python", "numpy", "scikit-learn"} <= set(report.versions)
    assert report["noisy"].fit_s.shape == (2, 4)
    assert (report["noisy"].fit_s > 0).all()


def test_the_data_are_described(report):
    assert report.data == (
        "48 windows of 4 subjects, 3 labels; 2 s each, one every 1 s; 20 timepoints at "
        "10 Hz of acc_x, acc_y, acc_z [m/s^2]"
    )


def test_progress_counts_every_fit(nearest, make_people, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")  # rich takes the pipe for a terminal
    fits = []
    real = Run.fit
    monkeypatch.setattr(
        Run, "fit", lambda self, *where: (fits.append(where), real(self, *where))
    )
    sh.evaluate(nearest, make_people(), seeds=2)
    assert len(fits) == 2 * 4 + 4


def test_nothing_is_printed_where_no_one_looks(nearest, make_people, capfd):
    sh.evaluate(nearest, make_people())
    assert capfd.readouterr() == ("", "")


def test_a_label_from_elsewhere_is_refused(level, make_windows_of):
    windows = make_windows_of([0, 1, 2, 0], ["sit", "walk"] * 2, list("aabb"))
    with pytest.raises(ValueError, match="'Level' must predict labels.*got 'null'"):
        sh.evaluate(level, windows, progress=False)
