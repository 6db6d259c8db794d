"""The page needs nothing beside itself and says what the report says."""

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from sensorhar.plot import html_report, page

OPEN = {"meta", "img", "source", "line", "circle"}  # elements that are never closed


class Reader(HTMLParser):
    """Collect text, pictures and links; check that elements nest."""

    def __init__(self):
        super().__init__()
        self.stack, self.text, self.sources, self.links = [], [], [], []
        self.alts = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.sources += [named[key] for key in ("src", "srcset") if key in named]
        self.links += [named["href"]] if "href" in named else []
        if tag == "img":
            self.alts.append(named["alt"])
        if tag not in OPEN:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def read(path):
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    assert not reader.stack
    return reader


@pytest.fixture(scope="module")
def path(report, tmp_path_factory):
    return html_report(report, tmp_path_factory.mktemp("page") / "report.html")


def test_it_is_self_contained(path):
    reader = read(path)
    assert not reader.links
    assert all(s.startswith("data:image/png;base64,") for s in reader.sources)
    for source in reader.sources:
        assert base64.b64decode(source.split(",")[1]).startswith(b"\x89PNG")
    style = path.read_text("utf-8").split("<style>")[1].split("</style>")[0]
    assert not re.search(r"url\(|@import|http", style)


def test_pictures_come_for_light_and_dark_and_have_words(path):
    reader = read(path)
    assert reader.alts == [
        "Confusion matrix of cnn",
        "Confusion matrix of worse",
        "Accuracy of cnn on each subject",
        "Training curves of cnn",
        "The window of median liveliness of each label, on equal axes",
    ]
    assert len(reader.sources) == 2 * len(reader.alts)
    assert len(set(reader.sources)) == len(reader.sources)


def test_it_says_what_the_report_says(path, report):
    words = " ".join(read(path).text)
    for expected in (
        "cnn reaches macro F1",
        "Leave one subject out.",
        "accuracy on ben & co",
        "Scores with '<null>'",
        "Scores without '<null>'",
        f"{report.best.score().mean:.3f}",
        "hash 0123456789ab",
        "majority()",
    ):
        assert expected in words
    assert "LEAKY" not in words


def test_names_are_escaped(path):
    page = path.read_text("utf-8")
    assert "<null>" not in page
    assert "&lt;null&gt;" in page
    assert "ben &amp; co" in page


def test_the_best_row_is_marked_once(path):
    page = path.read_text("utf-8")
    assert page.count('<tr class="best">') == 1
    assert '<tr class="best"><th scope="row">cnn</th>' in page


def test_leaky_stands_at_the_top_and_on_every_table(leaky, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "_figure", lambda draw, words: "")
    text = html_report(leaky, tmp_path / "report.html").read_text("utf-8")
    assert "<title>LEAKY" in text
    assert '<p class="leaky">LEAKY: ' in text
    assert text.count("<caption>LEAKY</caption>") == text.count("<table>")
    assert all("LEAKY" in heading for heading in re.findall(r"<h[12]>.*?</h", text))
    assert "people it has not seen" not in text


def test_equal_reports_are_equal_files(report, path, tmp_path):
    again = html_report(report, tmp_path / "report.html")
    assert again.read_bytes() == path.read_bytes()


def test_a_report_from_a_file_makes_the_same_page(report, path, tmp_path):
    back = type(report).from_json(report.to_json(tmp_path / "report.json"))
    again = html_report(back, tmp_path / "report.html").read_text("utf-8")
    assert read(path).alts == read(tmp_path / "report.html").alts
    assert len(again) > 10_000


def test_bare_reports_leave_sections_out(report, tmp_path):
    bare = replace(report, results=(replace(report.best, histories=()),), examples=())
    alts = read(html_report(bare, tmp_path / "report.html")).alts
    assert alts == ["Confusion matrix of cnn", "Accuracy of cnn on each subject"]


def test_a_file_is_not_replaced_unasked(report, tmp_path):
    path = tmp_path / "report.html"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match=r"report\.html exists"):
        html_report(report, path)
    assert path.read_text() == "mine"
