"""Scripts of what to do count down, and become the truth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorhar.collect.protocol import Step, parse_protocol


def test_steps():
    protocol = parse_protocol("Walk 60 s, sit 1.5 min; walk upstairs 1 h\npause 5s")
    assert protocol.steps == (
        Step("walk", 60),
        Step("sit", 90),
        Step("walk_upstairs", 3600),
        Step("", 5),
    )
    assert protocol.length_s == 3755


def test_repeats_and_remarks():
    text = "# warm up\npause 3 s  # get ready\n2 x (walk 10 s, sit 5 s)\nstand 1 s"
    labels = [step.label for step in parse_protocol(text).steps]
    assert labels == ["", "walk", "sit", "walk", "sit", "stand"]


def test_countdown():
    protocol = parse_protocol("walk 60 s, pause 10 s, sit 5 s")
    said = [str(protocol.at(t)) for t in (0, 59.5, 60, 70, 75, 1e9)]
    assert said == [
        "walk 60 s, then pause (1 of 3)",
        "walk 0 s, then pause (1 of 3)",
        "pause 10 s, then sit (2 of 3)",
        "sit 5 s, then the end (3 of 3)",
        "done",
        "done",
    ]
    assert protocol.at(75).is_over
    assert not protocol.at(74.9).is_over


def test_truth_is_exact():
    events = parse_protocol("walk 60 s, pause 10 s, sit 5 s").events(0.25)
    assert [tuple(event)[:3] for event in events] == [
        (0.25, 60.25, "walk"),
        (70.25, 75.25, "sit"),
    ]
    assert len(parse_protocol("pause 5 s").events()) == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 100)), min_size=1))
def test_moments_agree_with_the_truth(rows):
    protocol = parse_protocol(", ".join(f"{label} {n} s" for label, n in rows))
    for event in protocol.events():
        middle = (event.start_s + event.stop_s) / 2
        assert protocol.at(middle).label == event.label
        assert protocol.at(event.start_s).left_s == pytest.approx(
            event.stop_s - event.start_s
        )


@pytest.mark.parametrize("text", ["walk", "60 s", "walk 60", "walk 0 s", "walk 5 days"])
def test_wrong_steps(text):
    with pytest.raises(ValueError, match=r"words and a duration above 0 .* got '.*"):
        parse_protocol(text)


def test_wrong_protocols():
    with pytest.raises(ValueError, match=r"1 to 10000 steps; got 0"):
        parse_protocol(" # nothing")
    with pytest.raises(ValueError, match=r"at most 10000 steps"):
        parse_protocol("99999999 x (walk 1 s)")
    with pytest.raises(ValueError, match=r"1 to 10000 steps"):
        parse_protocol("9999 x (2 x (walk a very long way that never ends 1 s))")
