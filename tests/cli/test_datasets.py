"""``sensorhar datasets``."""

import json

import pytest

from sensorhar.datasets import cards


@pytest.fixture
def nothing_here(tmp_path, monkeypatch):
    """Return an empty folder in place of the caches of this machine."""
    monkeypatch.delenv("SENSORHAR_DATA", raising=False)
    monkeypatch.setenv("SENSORHAR_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture
def imitated(nothing_here):
    """Return a folder that looks as if it held UCI HAR."""
    card = cards()["uci-har"]
    place = nothing_here / "data" / card.folder
    (place / card.landmark).mkdir(parents=True)
    return place


def test_list(nothing_here, run):
    result = run("datasets", "list")
    names = [line.split()[0] for line in result.out.splitlines()[1:]]
    assert names == list(cards())
    assert all(line.rstrip().endswith("no") for line in result.out.splitlines()[1:])


def test_list_says_where(imitated, run):
    result = run("datasets", "list", "--data-dir", imitated.parent, "--json")
    places = {card["name"]: card["place"] for card in json.loads(result.out)}
    assert places["uci-har"] == str(imitated)
    assert places["hapt"] is None


def test_show(nothing_here, run):
    result = run("datasets", "show", "uci-har")
    assert str(cards()["uci-har"]) in result.out
    assert result.out.endswith("sensorhar datasets fetch uci-har\n")
    card = json.loads(run("datasets", "show", "uci-har", "--json").out)
    assert card["rate_hz"] == 50
    assert card["place"] is None


def test_show_says_where(imitated, run):
    result = run("datasets", "show", "uci-har", "--data-dir", imitated.parent)
    assert result.out.endswith(f"On this machine: {imitated}\n")


def test_fetch_leaves_what_is_here(imitated, run):
    words = ["datasets", "fetch", "uci-har", "--data-dir", imitated.parent]
    assert run(*words).out == f"uci-har is already in {imitated}\n"
    assert json.loads(run(*words, "--json").out) == {
        "name": "uci-har",
        "place": str(imitated),
        "is_new": False,
    }


def test_fetch(nothing_here, run, monkeypatch):
    asked = []

    def fetch(card, *, data_dir, download=True, progress=True):
        if not download:
            from sensorhar.errors import DataError

            raise DataError("not here")
        asked.append((card.name, data_dir))
        return nothing_here / "new"

    monkeypatch.setattr("sensorhar.datasets.find_or_fetch", fetch)
    result = run("datasets", "fetch", "hapt", "--data-dir", nothing_here / "a b")
    assert result.out == f"hapt is now in {nothing_here / 'new'}\n"
    assert asked == [("hapt", nothing_here / "a b")]
    assert f"Next: SENSORHAR_DATA='{nothing_here / 'a b'}' sensorhar" in result.err


@pytest.mark.parametrize("command", ["show", "fetch"])
def test_unknown_set(command, refused):
    line = refused("datasets", command, "imagenet")
    assert "NAME must be one of 'basic-motions', 'capture-24'" in line
    assert "got 'imagenet'" in line
