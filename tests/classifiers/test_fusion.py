"""Modalities fused late and early, one of them missing, and a student of one."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.classifiers._joined import Joined
from sensorhar.classifiers._lesson import Lesson
from sensorhar.data.modalities import Modalities
from sensorhar.errors import SpecMismatchError
from sensorhar.testing._case import separable_windows
from sensorhar.video import Poses, Skeleton

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning",
    "ignore:Even though the .*functions_eagerly",
)

QUICK = {"batch_size": 16, "learning_rate": 1e-2, "verbose": 0, "random_state": 0}


@pytest.fixture(autouse=True)
def eagerly():
    """Tracing costs more than the few steps of these tests."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


@pytest.fixture(scope="module")
def both():
    """Windows tell rest from motion at ease; poses tell swing from shake."""
    windows = separable_windows()
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.1, (len(windows), 6, 2, 2))
    values[windows.y == "swing", :, 0, 0] += 1
    poses = Poses.from_array(
        values,
        skeleton=Skeleton(("hip", "hand"), ((0, 1),)),
        y=windows.y,
        groups=windows.groups,
    )
    rows = {"sensor": np.arange(144), "pose": np.arange(144)}
    rows["pose"] = np.where(np.arange(144) % 5 == 0, -1, rows["pose"])
    return Modalities({"sensor": windows, "pose": poses}, rows=rows)


@pytest.fixture(scope="module")
def parts(both):
    is_held = np.isin(both.groups.astype(str), ["s4", "s5"])
    return both[~is_held], both[is_held]


def late(**parameters):
    members = [
        ("sensor", sh.FeatureLinearClassifier()),
        ("pose", sh.FeatureForestClassifier(n_trees=10, random_state=0)),
    ]
    return sh.ScoreFusionClassifier(members, **parameters)


def early(**parameters):
    members = [
        ("sensor", sh.CNNClassifier(filters=(8,), kernel_size=5)),
        ("pose", sh.MLPClassifier(units=(8,))),
    ]
    settings = {"units": 8, "epochs": 12, "dropout": 0.1, **QUICK, **parameters}
    return sh.FeatureFusionClassifier(members, **settings)


def student(**parameters):
    settings = {"filters": (8, 8), "kernel_size": 5, "dropout": 0.1, "epochs": 20}
    return sh.CNNClassifier(**{**settings, **QUICK, **parameters})


def test_scores_are_fused_as_declared(parts):
    train, held = parts
    alone = {
        name: clf.fit(train[name], train[name].y).predict_proba(held[name])
        for name, clf in late().estimators
    }
    there = held.has("pose")
    sensor, pose = alone["sensor"], np.ones_like(alone["sensor"])
    pose[there] = alone["pose"]
    fused = late().fit(train)
    expected = np.where(there[:, None], (sensor + pose) / 2, sensor)
    np.testing.assert_allclose(fused.predict_proba(held), expected, rtol=1e-6)
    sensor, pose = np.maximum(sensor, 1e-7), np.maximum(pose, 1e-7)
    fused.set_params(fusion="logits_sum", weights=[1, 2])
    product = sensor * np.where(there[:, None], pose**2, 1)
    product /= product.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(fused.predict_proba(held), product, atol=1e-6)
    fused.set_params(fusion="logits_mean", weights=None)
    product = np.where(there[:, None], np.sqrt(sensor * pose), sensor)
    product /= product.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(fused.predict_proba(held), product, atol=1e-6)


def test_late_fusion_does_without(parts, tmp_path):
    train, held = parts
    clf = late().fit(train)
    assert clf.score(held) > 0.9
    assert clf.modalities_ == ("sensor", "pose")
    alone = held.only("sensor")
    np.testing.assert_allclose(
        clf.predict_proba(alone), clf.estimators_[0].predict_proba(held["sensor"])
    )
    again = sh.load(clf.save(tmp_path / "fused.sensorhar"))
    np.testing.assert_array_equal(again.predict_proba(held), clf.predict_proba(held))
    assert again.get_params()["pose__n_trees"] == 10


def test_early_fusion_does_without(parts, tmp_path):
    train, held = parts
    clf = early().fit(train)
    assert clf.score(held) > 0.9
    proba = clf.predict_proba(held)
    again = sh.load(clf.save(tmp_path / "fused.sensorhar"))
    np.testing.assert_allclose(again.predict_proba(held), proba, atol=1e-6)
    assert clf.predict_proba(held.only("pose")).shape == (held.has("pose").sum(), 3)
    lacking = np.flatnonzero(~held.has("pose"))
    sensor = held[lacking].only("sensor")
    np.testing.assert_allclose(clf.predict_proba(sensor), proba[lacking], atol=1e-6)


def test_modalities_are_left_out_but_never_all(parts):
    train, _ = parts
    clf = early(modality_dropout=0.9, epochs=1).fit(train)
    joined = Joined(train, clf._members())
    batch = joined[np.arange(96)]
    dropped = clf._augment()(batch, np.random.default_rng(0))
    before, after = (np.concatenate(b[1::2], axis=1) for b in (batch, dropped))
    assert (after <= before).all()
    assert after.any(axis=1).all()
    assert after.mean() < 0.7 * before.mean()
    assert [a.shape for a in batch] == [(96, 32, 3), (96, 1), (96, 6, 2, 2), (96, 1)]
    assert not batch[2][0].any()  # zeros where there is no pose


def test_evaluate_takes_modalities(both):
    report = sh.evaluate(late(), both, cv="group-3", progress=False)
    assert report["ScoreFusionClassifier"].score("accuracy").mean > 0.9
    assert "144 modalities of 6 subjects" in str(report)


def test_who_was_fitted_on_modalities_wants_them(parts):
    train, held = parts
    clf = late().fit(train)
    with pytest.raises(
        SpecMismatchError, match="Modalities of 'pose', 'sensor'; got W"
    ):
        clf.predict(held["sensor"])
    voting = sh.ScoreFusionClassifier(
        [("a", sh.FeatureLinearClassifier()), ("b", sh.FeatureLinearClassifier())]
    ).fit(train["sensor"])
    with pytest.raises(SpecMismatchError, match="examples of one kind; got Modalities"):
        voting.predict(held)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"estimators": []}, r"needs estimators, a list of \(name, classifier\)"),
        ({"estimators": "cnn"}, r"needs estimators, a list of \(name, classifier\)"),
        (
            {"estimators": [("a", sh.FeatureLinearClassifier())] * 2},
            "estimators must have names that differ; got",
        ),
        (
            {"estimators": [("smell", sh.FeatureLinearClassifier())]},
            r"'smell' is none of \['sensor', 'pose'\]",
        ),
        ({"fusion": "max"}, "fusion must be"),
        ({"weights": [1]}, "weights must be 2 numbers from 0"),
    ],
)
def test_late_fusion_refuses(parts, changes, message):
    with pytest.raises(ValueError, match=message):
        sh.ScoreFusionClassifier(
            changes.pop("estimators", late().estimators), **changes
        ).fit(parts[0])


def test_moments_without_a_member_that_counts_are_refused(parts):
    train, held = parts
    clf = late(weights=[0, 1]).fit(train)
    with pytest.raises(ValueError, match="with none that counts. Leave them out"):
        clf.predict(held)


def test_early_fusion_refuses(parts):
    train, _ = parts
    wanted = "must be network classifiers, to be joined as one network; 'sensor' is Fea"
    with pytest.raises(ValueError, match=wanted):
        early().set_params(sensor=sh.FeatureLinearClassifier()).fit(train)
    with pytest.raises(ValueError, match=r"modality_dropout must be a share in \[0, 1"):
        early(modality_dropout=1).fit(train)
    smell = sh.FeatureFusionClassifier([("smell", student())], **QUICK)
    with pytest.raises(ValueError, match="'smell' is none of"):
        smell.fit(train)


def test_a_student_of_one_modality(parts, tmp_path):
    train, held = parts
    clf = sh.DistilledClassifier(late(), student(), modality="sensor").fit(train)
    assert clf.lesson_.shape == (96, 3)
    proba = clf.predict_proba(held)
    np.testing.assert_array_equal(clf.predict_proba(held["sensor"]), proba)
    assert clf.score(held) > 0.8
    again = sh.load(clf.save(tmp_path / "student.sensorhar"))
    np.testing.assert_allclose(again.predict_proba(held["sensor"]), proba, atol=1e-6)


def test_the_teacher_speaks_of_subjects_unknown_to_it(parts):
    """A teacher that knows subjects by heart has nothing to say of others."""
    train, _ = parts
    windows = train["sensor"]

    class ByHeart(sh.FeatureLinearClassifier):
        def _learn(self, training):
            super()._learn(training)
            self.known = set(training.groups)

        def predict_proba(self, X):
            assert not self.known & set(X.groups)
            return super().predict_proba(X)

    rocket = sh.MiniRocketClassifier(n_features=168, random_state=0)
    clf = sh.DistilledClassifier(ByHeart(), rocket).fit(windows)
    np.testing.assert_allclose(clf.lesson_.sum(axis=1), 1)


def test_a_rocket_as_student_follows_its_teacher(parts):
    """With all the weight on a teacher that is wrong, the student is wrong alike."""
    train, held = parts
    windows, other = train["sensor"], held["sensor"]
    turned = {"rest": "shake", "shake": "swing", "swing": "rest"}

    class Liar(sh.FeatureLinearClassifier):
        def _estimate(self, numbers):
            return np.roll(super()._estimate(numbers), 1, axis=1)

    rocket = sh.MiniRocketClassifier(n_features=168, random_state=0)
    clf = sh.DistilledClassifier(Liar(), rocket, share=1).fit(windows)
    assert np.mean(clf.predict(other) == [turned[label] for label in other.y]) > 0.9
    clf.set_params(share=0).fit(windows)
    assert clf.score(other) > 0.9


def test_the_loss_of_a_lesson():
    """Against the formula written out, and 0 gain where the teacher is silent."""
    p = np.array([[0.7, 0.2, 0.1], [0.2, 0.5, 0.3]])
    said = np.array([[0.6, 0.3, 0.1], [0.0, 0.0, 0.0]])
    lesson = Lesson(said, temperature=2.0, share=0.25)

    def softened(q):
        return q**0.5 / (q**0.5).sum()

    targets = lesson.targets(np.array([0, 2]))
    np.testing.assert_allclose(targets[0], [1, 0, 0, *softened(said[0])], rtol=1e-6)
    np.testing.assert_array_equal(targets[1], [0, 0, 1, 0, 0, 0])
    got = np.asarray(lesson.loss().call(targets, p.astype(np.float32)))
    gentle = -(softened(said[0]) * np.log(softened(p[0]))).sum()
    expected = [-0.75 * np.log(0.7) + 0.25 * 4 * gentle, -0.75 * np.log(0.3)]
    np.testing.assert_allclose(got, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"student": sh.FeatureLinearClassifier()}, "student must be a network or a M"),
        (
            {"teacher": None},
            "teacher must be a classifier with predict_proba; got None",
        ),
        ({"modality": None}, r"modality must say what the student sees, one of \['sen"),
        ({"temperature": 0}, "temperature must be above 0; got 0"),
        ({"share": 1.5}, r"share must lie in \[0, 1\]; got 1.5"),
        ({"n_folds": 1}, "n_folds must be a whole number from 2; got 1"),
    ],
)
def test_distillation_refuses(parts, changes, message):
    settings = {"teacher": late(), "student": student(), "modality": "sensor"}
    with pytest.raises(ValueError, match=message):
        sh.DistilledClassifier(**{**settings, **changes}).fit(parts[0])


def test_a_student_needs_its_modality(parts):
    train, held = parts
    rocket = sh.MiniRocketClassifier(n_features=168, random_state=0)
    clf = sh.DistilledClassifier(late(), rocket, modality="pose").fit(train)
    with pytest.raises(ValueError, match="the student needs 'pose'; 10 of 48 moments"):
        clf.predict(held)
    assert clf.score(held["pose"]) > 0.5


def test_members_of_other_libraries_are_not_saved(parts, tmp_path):
    from sklearn.dummy import DummyClassifier

    train, _ = parts
    clf = sh.ScoreFusionClassifier([("dummy", DummyClassifier())]).fit(train["sensor"])
    with pytest.raises(
        ValueError, match="a file holds classifiers of sensorhar; 'dumm"
    ):
        clf.save(tmp_path / "dummy.sensorhar")
    assert not list(tmp_path.iterdir())
