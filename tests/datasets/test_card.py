"""Cards tell what one should know, to people and to programs."""

import json
from dataclasses import replace

import pytest

from sensorhar.datasets import cards, cards_table, load


@pytest.mark.parametrize("name", list(cards()))
def test_ways_to_print(name):
    card = cards()[name]
    assert card.name == name
    text = str(card)
    assert text.startswith(f"{card.title} ({name})\n")
    words = " ".join(text.split())
    checksum = card.sha256 or "not known; the content is checked instead"
    for part in (card.citation, card.licence, card.protocol, *card.traps, checksum):
        assert part in words
    lines = [line for line in text.splitlines() if "http" not in line]
    assert max(map(len, lines)) <= 104  # the checksum alone is longer than 88
    assert all(line == line.rstrip() for line in lines)
    markdown = card.to_markdown()
    assert markdown.startswith(f"## {card.title} (`{name}`)\n")
    assert all(f"  - {trap}" in markdown for trap in card.traps)
    again = json.loads(json.dumps(card.to_dict()))
    assert tuple(again["subjects"]) == card.subjects


def test_unknown_checksum_is_said():
    card = replace(cards()["hapt"], sha256=None, size_bytes=None)
    assert "not known; the content is checked instead" in str(card)


def test_table():
    rows = cards_table().splitlines()
    assert len(rows) == 2 + len(cards())
    assert {row.count("|") for row in rows} == {9}
    (uci,) = [row for row in rows if "`uci-har`" in row]
    assert "| 10,299 windows | 30 | 6 | 50 Hz | waist |" in uci


def test_refused_cards():
    card = cards()["hapt"]
    with pytest.raises(
        ValueError, match="holds must be one of 'recordings', 'windows'"
    ):
        replace(card, holds="clips")
    with pytest.raises(ValueError, match="one unit for each of its 6 channels; got 1"):
        replace(card, units=("m/s^2",))


def test_load_by_name(tmp_path):
    with pytest.raises(
        ValueError, match="name must be one of 'basic-motions', .* more; got 'x"
    ):
        load("x")
    with pytest.raises(ValueError, match="data set 'hapt' must lie in a folder"):
        load("hapt", data_dir=tmp_path, download=False)
