"""Parts of a set are asked for by name, and what is missing is said."""

from dataclasses import replace

import pytest

import sensorhar as sh
from sensorhar.datasets._parts import check_whole, choose_subjects
from sensorhar.datasets.hapt import CARD as HAPT
from sensorhar.errors import DataError
from tests.conftest import make_recording

CARD = replace(HAPT, subjects=("1", "2", "10"), n_recordings=4)


def test_choice():
    assert choose_subjects(CARD, None) == ("1", "2", "10")
    assert choose_subjects(CARD, ["10", "1", "1"]) == ("1", "10")
    assert choose_subjects(CARD, [2]) == ("2",)
    assert choose_subjects(CARD, "10") == ("10",)


@pytest.mark.parametrize(("subjects", "got"), [(["3"], "'3'"), ([], "none")])
def test_refused(subjects, got):
    message = rf"subjects of 'hapt' must be some of 1, 2, 10; got {got}\."
    with pytest.raises(ValueError, match=message):
        choose_subjects(CARD, subjects)


def test_whole():
    recordings = [make_recording(None, subject=s) for s in ("1", "2", "10", "10")]
    assert isinstance(recordings[0], sh.Recording)
    check_whole(CARD, recordings, None)
    check_whole(CARD, recordings[:1], ["1"])
    check_whole(replace(CARD, n_recordings=None), recordings[:3], None)
    with pytest.raises(DataError, match="3 subjects; those of '1' are missing"):
        check_whole(CARD, recordings[1:], None)
    with pytest.raises(DataError, match="hapt must have 4 recordings; got 3. These ar"):
        check_whole(CARD, recordings[:3], None)
