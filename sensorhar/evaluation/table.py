"""A titled table of words, written as plain text or Markdown."""

from dataclasses import dataclass

__all__ = ["WIDTH", "Table"]

WIDTH = 88  # columns of a terminal line
GAP = "  "


@dataclass(frozen=True)
class Table:
    """Rows of words under a title; the first column names the row.

    Parameters
    ----------
    title : str
        What is shown.
    header : tuple of str
        Heading of each column.
    rows : tuple of tuple of str
        Cells, as many in each row as headings.
    note : str, default=""
        A sentence below it.

    Examples
    --------
    >>> table = Table("Scores", ("classifier", "accuracy"), (("cnn", "0.91"),))
    >>> print(table.to_text())
    Scores
      classifier  accuracy
      ----------  --------
      cnn             0.91
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def to_text(self, *, n_rows: int | None = None, width: int = WIDTH) -> str:
        """Return the table as lines of plain text.

        Parameters
        ----------
        n_rows : int or None, default=None
            Rows to show at most; a line says how many more there are.
        width : int, default=88
            Longest line; a wider table is continued below itself.

        Returns
        -------
        str
            Lines without a final newline.
        """
        rows = self.rows[:n_rows]
        sizes = [
            max(len(row[i]) for row in (self.header, *rows))
            for i in range(len(self.header))
        ]
        lines = [self.title]
        for columns in self._blocks(sizes, width):
            block = [[row[i] for i in columns] for row in (self.header, *rows)]
            block.insert(1, ["-" * sizes[i] for i in columns])
            if len(lines) > 1:
                lines.append("")
            for name, *cells in block:
                padded = [
                    cell.rjust(sizes[i])
                    for i, cell in zip(columns[1:], cells, strict=True)
                ]
                line = GAP.join(["", name.ljust(sizes[0]), *padded])
                lines.append(line.rstrip())
        if len(rows) < len(self.rows):
            lines.append(f"  ... and {len(self.rows) - len(rows)} more")
        if self.note:
            lines.append(f"  {self.note}")
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Return the table in Markdown, under a heading of second rank."""
        alignment = ["---", *["---:"] * (len(self.header) - 1)]
        lines = [f"## {self.title}", ""]
        for row in (self.header, alignment, *self.rows):
            cells = [cell.replace("|", "\\|") for cell in row]
            lines.append(f"| {' | '.join(cells)} |")
        if self.note:
            lines += ["", self.note]
        return "\n".join(lines)

    def _blocks(self, sizes: list[int], width: int) -> list[list[int]]:
        """Group the columns into blocks that fit; each starts with the first."""
        blocks = [[0]]
        for i in range(1, len(sizes)):
            taken = sum(sizes[j] + len(GAP) for j in (*blocks[-1], i))
            if taken > width and len(blocks[-1]) > 1:
                blocks.append([0])
            blocks[-1].append(i)
        return blocks
