"""What the site makes at build: the data set table, changes, and figures."""

import re

from sphinx_gallery.scrapers import figure_rst

DPI = 130  # sharp on screens of high density


def scrape_figures(block, block_vars, gallery_conf):
    """Save the figures a tutorial's cell has newly made.

    Plots of the library keep out of pyplot, so its list of figures does not know
    them; they are found among the tutorial's names instead.
    """
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    del block
    names = block_vars["example_globals"]
    shown = names.setdefault("__shown_figures__", [])
    pictures = []
    for name, value in list(names.items()):
        figure = value.figure if isinstance(value, Axes) else value
        if not isinstance(figure, Figure) or any(figure is old for old in shown):
            continue
        path = next(block_vars["image_path_iterator"])
        figure.savefig(path, dpi=DPI)
        shown.append(figure)
        called = name.removesuffix("_figure").replace("_", " ")
        pictures.append(figure_rst([path], gallery_conf["src_dir"], called))
    return "\n".join(pictures)


def markdown_to_rst(text):
    """Turn the Markdown of the changelog into reStructuredText.

    Only what a changelog holds: headings, lists, code and links.
    """
    lines = []
    for line in text.splitlines():
        heading = re.fullmatch(r"(##+) \[?(.+?)\]?( - .+)?", line)
        if heading:
            title = heading[2] + (heading[3] or "")
            mark = "-" if heading[1] == "##" else "~"
            lines += ["", title, mark * len(title), ""]
        else:
            line = re.sub(r"`([^`]+)`", r"``\1``", line)
            lines.append(re.sub(r"\[([^\]]+)\]\((\S+)\)", r"`\1 <\2>`__", line))
    return "\n".join(lines)


def data_set_table():
    """Return the table of data sets, one row a card, as reStructuredText."""
    from sensorhar.datasets import cards

    head = ("name", "what", "holds", "people", "activities", "rate", "place")
    rows = [head]
    for card in cards().values():
        rows.append(
            (
                f"``{card.name}``",
                f"`{card.title} <{card.address}>`__",
                card.amount,
                str(len(card.subjects)),
                str(len(card.activities)),
                card.rate,
                ", ".join(card.places),
            )
        )
    lines = [".. list-table::", "   :header-rows: 1", ""]
    for row in rows:
        lines.append(f"   * - {row[0]}")
        lines += [f"     - {cell}" for cell in row[1:]]
    return "\n".join(lines)
