"""Tables, durations, and the check that nothing is overwritten."""

import pytest

from sensorhar._words import say_duration
from sensorhar.cli._say import check_free, print_table


def test_numbers_stand_to_the_right(capsys):
    print_table(("label", "s"), [("walking [m/s^2]", "12"), ("sit", "-")])
    assert capsys.readouterr().out == (
        "label             s\nwalking [m/s^2]  12\nsit               -\n"
    )


def test_a_table_may_be_empty(capsys):
    print_table(("start s", "label"), [])
    assert capsys.readouterr().out == "start s  label\n"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(2.5, "2.5 s"), (59.9, "59.9 s"), (60, "1 min 0 s"), (7325, "2 h 2 min")],
)
def test_duration(seconds, words):
    assert say_duration(seconds) == words


def test_check_free(tmp_path):
    there = tmp_path / "there"
    there.touch()
    check_free(None, tmp_path / "new", force=False)
    check_free(there, force=True)
    with pytest.raises(FileExistsError, match="there exists. Choose another name, or"):
        check_free(there, force=False)
    with pytest.raises(IsADirectoryError, match="is a folder; a file name is needed"):
        check_free(tmp_path, force=True)
    with pytest.raises(FileNotFoundError, match="there is no folder .*no. Make it"):
        check_free(tmp_path / "no" / "x", force=False)
