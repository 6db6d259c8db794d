"""Fisher vectors against the gradient they stand for, and what they must not see."""

import numpy as np
import pytest
from scipy.special import logsumexp
from sklearn.exceptions import NotFittedError

from sensorhar.classifiers.fisher import FisherVector


def sets(*sizes, n_columns=6, seed=0):
    rng = np.random.default_rng(seed)
    spread = np.linspace(1, 3, n_columns)
    return [rng.normal(0, spread, (size, n_columns)) for size in sizes]


@pytest.fixture(scope="module")
def plain():
    """Return a vocabulary of four Gaussians and all columns, without normalisation."""
    fisher = FisherVector(4, share=1, normalise=False, random_state=0)
    return fisher.fit(sets(300, 200))


def mean_log_likelihood(rows, weights, centres, spreads):
    """Of a mixture of Gaussians with diagonal covariances, written out."""
    parts = -0.5 * ((rows[:, None] - centres) / spreads) ** 2
    parts -= np.log(spreads) + 0.5 * np.log(2 * np.pi)
    return logsumexp(parts.sum(axis=2) + np.log(weights), axis=1).mean()


def test_vectors_are_the_gradient(plain):
    """Of the mean log-likelihood, by differences; scaled by the Fisher information.

    It is w_k / sigma^2 for a mean and 2 w_k / sigma^2 for a spread (Sanchez et al.
    2013, appendix A), whose roots divide the gradient.
    """
    (rows,) = sets(50, seed=1)
    reduced = (rows - plain.mean_) @ plain.components_.T
    centres, spreads, weights = plain.centres_, plain.spreads_, plain.weights_
    step = 1e-5
    gradient = np.zeros((2, *centres.shape))
    for k, column in np.ndindex(centres.shape):
        for which in range(2):
            values = []
            for sign in (1, -1):
                moved = [centres.copy(), spreads.copy()]
                moved[which][k, column] += sign * step
                values.append(mean_log_likelihood(reduced, weights, *moved))
            gradient[which, k, column] = (values[0] - values[1]) / (2 * step)
    root = np.sqrt(weights)[:, None]
    gradient[0] *= spreads / root
    gradient[1] *= spreads / (np.sqrt(2) * root)
    np.testing.assert_allclose(plain.transform([rows])[0], gradient.ravel(), atol=1e-7)


def test_weights_are_the_gradient_too(plain):
    """Of the log of each weight, all divided by their sum: gamma_k - w_k."""
    (rows,) = sets(50, seed=1)
    fisher = FisherVector(
        4, share=1, normalise=False, with_weights=True, random_state=0
    )
    fisher.fit(sets(300, 200))
    reduced = (rows - plain.mean_) @ plain.components_.T
    gradient = np.zeros(4)
    for k in range(4):
        values = []
        for sign in (1, -1):
            log_weights = np.log(plain.weights_)
            log_weights[k] += sign * 1e-5
            weights = np.exp(log_weights) / np.exp(log_weights).sum()
            values.append(
                mean_log_likelihood(reduced, weights, plain.centres_, plain.spreads_)
            )
        gradient[k] = (values[0] - values[1]) / 2e-5
    found = fisher.transform([rows])[0]
    np.testing.assert_allclose(found[:-4], plain.transform([rows])[0])
    np.testing.assert_allclose(
        found[-4:], gradient / np.sqrt(plain.weights_), atol=1e-7
    )


def test_length_is_2kd():
    found = FisherVector(3, random_state=0).fit_transform(sets(40, 30, n_columns=10))
    assert found.shape == (2, 2 * 3 * 5)  # half of the columns are kept
    assert FisherVector().n_gaussians == 256


def test_what_the_mixture_gives_is_about_zero(plain):
    """Its own descriptors ask for no change: the vector falls as 1 / sqrt(n)."""
    rng = np.random.default_rng(0)
    lengths = []
    for n in (400, 40_000):
        which = rng.choice(4, n, p=plain.weights_)
        drawn = rng.normal(plain.centres_[which], plain.spreads_[which])
        rows = drawn @ np.linalg.inv(plain.components_.T) + plain.mean_
        vector = plain.transform([rows])[0]
        lengths.append(np.linalg.norm(vector))
        # Each entry has variance of at most about 1 / n.
        assert np.abs(vector).max() < 5 / np.sqrt(n)
    assert lengths[1] < 0.2 * lengths[0]
    other = plain.transform([rows + 1.0])[0]
    assert np.linalg.norm(other) > 10 * lengths[1]


def test_order_and_company_do_not_count(plain):
    one, two = sets(30, 20, seed=2)
    found = plain.transform([one, two])
    again = plain.transform([two, one[::-1]])
    np.testing.assert_allclose(again[::-1], found, atol=1e-12)
    np.testing.assert_allclose(plain.transform([one])[0], found[0], atol=1e-12)


def test_a_repeated_set_is_the_same(plain):
    """Vectors are means, so that long videos do not have long vectors."""
    (rows,) = sets(30, seed=2)
    twice = np.concatenate([rows, rows])
    found = plain.transform([rows, twice])
    np.testing.assert_allclose(found[0], found[1], atol=1e-12)


def test_chunks_do_not_show(plain, monkeypatch):
    many = sets(*[7] * 20, seed=3)
    whole = plain.transform(many)
    monkeypatch.setattr("sensorhar.classifiers.fisher.CHUNK", 16)
    np.testing.assert_allclose(plain.transform(many), whole, atol=1e-12)
    stacked = plain.transform(np.stack(many))
    np.testing.assert_allclose(stacked, whole, atol=1e-12)


def test_normalised_vectors():
    """Signed roots, then length 1 (Perronnin et al. 2010)."""
    given = sets(60, 40)
    raw = FisherVector(4, normalise=False, random_state=0).fit(given)
    improved = FisherVector(4, random_state=0).fit(given)
    roots = np.sign(raw.transform(given)) * np.sqrt(np.abs(raw.transform(given)))
    expected = roots / np.linalg.norm(roots, axis=1, keepdims=True)
    np.testing.assert_allclose(improved.transform(given), expected, atol=1e-12)


def test_empty_sets_are_zero():
    fisher = FisherVector(2, random_state=0).fit(sets(40))
    found = fisher.transform([np.zeros((0, 6)), *sets(5)])
    assert (found[0] == 0).all()
    assert np.linalg.norm(found[1]) == pytest.approx(1)
    fisher = FisherVector(2, with_weights=True, random_state=0).fit(sets(40))
    assert (fisher.transform([np.zeros((0, 6))]) == 0).all()


def test_principal_components():
    """The columns that vary most are kept."""
    rng = np.random.default_rng(0)
    rows = rng.normal(0, [0.1, 5, 0.2, 9], (500, 4))
    fisher = FisherVector(2, random_state=0).fit([rows])
    np.testing.assert_allclose(
        np.abs(fisher.components_), [[0, 0, 0, 1], [0, 1, 0, 0]], atol=0.05
    )
    assert fisher.components_.max(axis=1).min() > 0.9  # the sign is fixed


def test_seed_and_sample():
    given = sets(400, 300)
    settings = {"max_samples": 100, "random_state": 3}
    first, second = (FisherVector(4, **settings).fit(given) for _ in range(2))
    np.testing.assert_array_equal(first.transform(given), second.transform(given))


def test_fewer_descriptors_than_gaussians():
    fisher = FisherVector(64, random_state=0).fit(sets(3))
    assert fisher.transform(sets(5)).shape == (1, 2 * 3 * 3)
    same = FisherVector(4, random_state=0).fit([np.ones((20, 4))])
    assert np.isfinite(same.transform([np.ones((5, 4)), np.zeros((5, 4))])).all()


@pytest.mark.parametrize(
    ("settings", "given", "message"),
    [
        ({"n_gaussians": 0}, sets(9), "must be at least 1; got 0 and 256000"),
        ({"max_samples": 0}, sets(9), "must be at least 1; got 256 and 0"),
        ({"share": 0}, sets(9), r"share must lie in \(0, 1\]; got 0"),
        ({}, [], "at least one descriptor; got none in 0 sets"),
        ({}, [np.zeros((0, 4))] * 2, "at least one descriptor; got none in 2 sets"),
        ({}, [np.zeros((3, 4)), np.zeros((3, 5))], r"got shapes \[\(3, 4\), \(3, 5\)"),
        ({}, [np.zeros(4)], r"shape \(n_descriptors, n_columns\).*got shapes \[\(4,\)"),
    ],
)
def test_fit_is_checked(settings, given, message):
    with pytest.raises(ValueError, match=message):
        FisherVector(**settings).fit(given)


def test_transform_is_checked(plain):
    with pytest.raises(ValueError, match=r"shape \(n_descriptors, 6\), all .*\(3, 4\)"):
        plain.transform([np.zeros((3, 4))])
    with pytest.raises(NotFittedError, match="is not fitted yet"):
        FisherVector().transform(sets(4))
