"""Tables line up, continue below themselves, and escape Markdown."""

from sensorhar.evaluation.table import Table

TABLE = Table(
    "Counts",
    ("name", *(f"column {i}" for i in range(12))),
    tuple((f"row {r}", *(str(r * 12 + i) for i in range(12))) for r in range(5)),
    "A note.",
)


def test_a_wide_table_continues_below_itself():
    lines = TABLE.to_text().splitlines()
    assert max(map(len, lines)) <= 88
    assert sum(line.startswith("  name") for line in lines) == 2
    assert sum(line.startswith("  row 3") for line in lines) == 2
    assert lines[-1] == "  A note."


def test_every_cell_is_shown_once():
    words = TABLE.to_text(width=30).split()
    for i in range(60):
        assert (
            words.count(str(i))
            == 1
            + (i < 12) * words.count("column") // 12
            + (i < 5) * words.count("row") // 5
        )


def test_long_tables_say_how_many_rows_are_left_out():
    text = TABLE.to_text(n_rows=2)
    assert "... and 3 more" in text
    assert "row 2" not in text


def test_numbers_are_aligned_to_the_right():
    table = Table("t", ("a", "b"), (("x", "1"), ("y", "100")))
    assert table.to_text().splitlines()[1:] == [
        *("  a    b", "  -  ---", "  x    1", "  y  100")
    ]


def test_markdown_escapes_bars():
    table = Table("t", ("a", "b"), (("x|y", "1"),), "note")
    assert table.to_markdown() == (
        "## t\n\n| a | b |\n| --- | ---: |\n| x\\|y | 1 |\n\nnote"
    )
