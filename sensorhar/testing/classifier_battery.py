"""The battery that every classifier passes, and yours may."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sensorhar._words import listing
from sensorhar.testing._case import ClassifierCase
from sensorhar.testing._contract_checks import CONTRACT_CHECKS
from sensorhar.testing._file_checks import FILE_CHECKS
from sensorhar.testing._fit_checks import FIT_CHECKS
from sensorhar.testing._network_checks import NETWORK_CHECKS
from sensorhar.testing._refusal_checks import REFUSAL_CHECKS

__all__ = ["CLASSIFIER_CHECKS", "ClassifierCase", "check_classifier"]

Check = Callable[[ClassifierCase], None]

#: All checks, in order. Each takes a :class:`ClassifierCase` and raises an
#: ``AssertionError`` that says what is wrong; give them to ``pytest.mark.parametrize``.
CLASSIFIER_CHECKS: tuple[Check, ...] = (
    *CONTRACT_CHECKS,
    *REFUSAL_CHECKS,
    *FILE_CHECKS,
    *FIT_CHECKS,
    *NETWORK_CHECKS,
)


def check_classifier(
    estimator_factory: Callable[[], Any],
    *,
    checks: Iterable[Check] | None = None,
    skip: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Check that a classifier keeps the contract of this library.

    Parameters
    ----------
    estimator_factory : callable
        Returns a new classifier that is not fitted, with quick settings that learn
        three easy activities from 96 windows of 32 samples, quiet (``verbose=0``) and
        with a fixed ``random_state``.
    checks : iterable of callables or None, default=None
        Checks to run; None runs ``CLASSIFIER_CHECKS``.
    skip : mapping of str to str or None, default=None
        Names of checks to leave out, each with the reason.

    Returns
    -------
    tuple of str
        Names of the checks that ran; all passed.

    Raises
    ------
    AssertionError
        By the first check that fails; a note names the check.
    ValueError
        When ``skip`` names no check, or gives no reason.

    Examples
    --------
    >>> from sensorhar import FeatureForestClassifier
    >>> from sensorhar.testing import CLASSIFIER_CHECKS, check_classifier
    >>> def make():
    ...     return FeatureForestClassifier(n_trees=20, random_state=0)
    >>> check_classifier(make, checks=CLASSIFIER_CHECKS[:2])
    ('check_constructor_only_assigns', 'check_parameters')
    """
    chosen = tuple(CLASSIFIER_CHECKS if checks is None else checks)
    left_out = dict(skip or {})
    unknown = set(left_out) - {check.__name__ for check in chosen}
    if unknown:
        raise ValueError(
            f"skip must name checks that would run; got {listing(unknown)}. See "
            "sensorhar.testing.CLASSIFIER_CHECKS."
        )
    silent = [name for name, reason in left_out.items() if not str(reason).strip()]
    if silent:
        raise ValueError(
            f"skip must give a reason for each check; got none for {listing(silent)}."
        )
    case = ClassifierCase(estimator_factory)
    ran = []
    for check in chosen:
        if check.__name__ in left_out:
            continue
        try:
            check(case)
        except AssertionError as error:
            error.add_note(f"in {check.__name__}: {check.__doc__}")
            raise
        ran.append(check.__name__)
    return tuple(ran)
