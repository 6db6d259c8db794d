"""The report of an evaluation: what was scored, how, and how far to trust it."""

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from sensorhar._checks import check_choice
from sensorhar.errors import DataError
from sensorhar.evaluation.example import Example
from sensorhar.evaluation.result import Result, Scored
from sensorhar.evaluation.table import WIDTH, Table
from sensorhar.evaluation.tables import (
    class_table,
    confusion_table,
    number,
    score_table,
    subject_table,
)
from sensorhar.evaluation.write import json_text, write_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Report"]

FORMAT = "sensorhar report"
VERSION = 1
WARNING = (
    "LEAKY: training and test share people or samples, so these scores are flattered. "
    "Do not compare them with others."
)
N_SUBJECTS_SHOWN = 8  # in print(report); files list all


@dataclass(frozen=True, eq=False, repr=False)
class Report:
    """What :func:`sensorhar.evaluate` found. Print it, or write it to files.

    Parameters
    ----------
    results : tuple of Result
        One for each classifier; ``report["cnn"]`` gives it by name.
    protocol, data : str
        How the windows were split, and what they are, in words.
    labels, subjects : tuple of str
        What and who was tested.
    n_splits : int
        Number of fits for each seed.
    split_hash : str
        Twelve hex digits; equal digits mean equal windows, labels and splits.
    versions : dict of str to str
        Versions of the packages that took part.
    null_label : str or None, default=None
        The label that means "none of the activities".
    is_leaky : bool, default=False
        Whether the split was a leaky one, asked for by name.
    notes : tuple of str, default=()
        What a reader should know besides.
    examples : tuple of Example, default=()
        A typical window of each label.
    scored : Scored or None, default=None
        The test windows; None in a report read from a file.

    See Also
    --------
    sensorhar.plot.html_report : the report as a web page with plots.

    Examples
    --------
    >>> import numpy as np
    >>> result = Result("toy", "Toy()", ("sit", "walk"), ("anna", "ben"), (0,),
    ...     np.array([[[[9, 1], [0, 10]], [[5, 5], [0, 10]]]]), np.array([[0.1, 0.1]]))
    >>> report = Report((result,), "leave one subject out", "40 windows",
    ...     ("sit", "walk"), ("anna", "ben"), 2, "0123456789ab", {})
    >>> report
    <Report of 1 classifier | best toy: macro F1 0.847 [0.733, 0.950] | 2 subjects>
    """

    results: tuple[Result, ...]
    protocol: str
    data: str
    labels: tuple[str, ...]
    subjects: tuple[str, ...]
    n_splits: int
    split_hash: str
    versions: Mapping[str, str]
    null_label: str | None = None
    is_leaky: bool = False
    notes: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()
    scored: Scored | None = field(default=None)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the classifiers."""
        return tuple(result.name for result in self.results)

    @property
    def best(self) -> Result:
        """The classifier with the highest macro F1; the first of equals."""
        return max(self.results, key=lambda result: result.score().mean)

    @property
    def has_null(self) -> bool:
        """Whether some windows are of the null class."""
        return self.null_label in self.labels

    @property
    def warning(self) -> str:
        """What must stand above every score of a leaky report; else empty."""
        return WARNING if self.is_leaky else ""

    def tables(self) -> tuple[Table, ...]:
        """Return all tables but the confusion matrices, for any way of showing them."""
        tables = [score_table(self)]
        if self.has_null:
            tables.append(score_table(self, without_null=True))
        return (*tables, class_table(self), subject_table(self))

    def predictions(self, name: str | None = None) -> "pd.DataFrame":
        """Return what one classifier said of each test window.

        Parameters
        ----------
        name : str or None, default=None
            Which classifier; None takes the best.

        Returns
        -------
        DataFrame
            One row for each seed and test window: seed, split, window, subject,
            recording, start_s, label, prediction, and score, the probability of the
            prediction (NaN without one). ``to_csv`` writes it.

        Raises
        ------
        ValueError
            When there is no such classifier, or the report was read from a file.
        """
        import pandas as pd

        result = self.best if name is None else self[name]
        if self.scored is None or result.predicted is None:
            raise ValueError(
                "predictions stay with the report that evaluate returned; got one "
                "read from a file. Evaluate again, or keep predictions() as CSV."
            )
        parts = []
        for i, seed in enumerate(result.seeds):
            code = result.predicted[i]
            score = np.full(len(code), np.nan)
            if result.probability is not None:
                score = result.probability[i, np.arange(len(code)), code]
            said = np.array(self.labels, dtype=object)[code]
            columns = {"seed": seed, **self.scored._asdict()}
            parts.append(pd.DataFrame({**columns, "prediction": said, "score": score}))
        return pd.concat(parts, ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the single predictions as plain JSON values."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "is_leaky": self.is_leaky,
            "warning": self.warning,
            "protocol": self.protocol,
            "data": self.data,
            "labels": list(self.labels),
            "null_label": self.null_label,
            "subjects": list(self.subjects),
            "n_splits": self.n_splits,
            "split_hash": self.split_hash,
            "versions": dict(self.versions),
            "notes": list(self.notes),
            "best": self.best.name,
            "classifiers": [result.to_dict() for result in self.results],
            "examples": [example.to_dict() for example in self.examples],
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Build a report from what ``to_dict`` returned, without predictions."""
        labels, subjects = tuple(fields["labels"]), tuple(fields["subjects"])
        return cls(
            results=tuple(
                Result.from_dict(
                    result,
                    labels=labels,
                    subjects=subjects,
                    null_label=fields["null_label"],
                )
                for result in fields["classifiers"]
            ),
            protocol=fields["protocol"],
            data=fields["data"],
            labels=labels,
            subjects=subjects,
            n_splits=fields["n_splits"],
            split_hash=fields["split_hash"],
            versions=dict(fields["versions"]),
            null_label=fields["null_label"],
            is_leaky=fields["is_leaky"],
            notes=tuple(fields["notes"]),
            examples=tuple(Example.from_dict(e) for e in fields["examples"]),
        )

    def to_json(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write :meth:`to_dict` as JSON; NaN becomes null.

        Parameters
        ----------
        path : str or Path
            File to write.
        overwrite : bool, default=False
            Whether a file of that name may be replaced.

        Returns
        -------
        Path
            Where it lies.

        Raises
        ------
        FileExistsError
            When the file exists and must not be replaced.
        """
        return write_text(path, json_text(self.to_dict()), overwrite=overwrite)

    @classmethod
    def from_json(cls, path: str | Path) -> Self:
        """Read a report that :meth:`to_json` wrote.

        Parameters
        ----------
        path : str or Path
            File to read.

        Returns
        -------
        Report
            The same scores, without single predictions.

        Raises
        ------
        DataError
            When the file is not such a report, or of a newer version.
        """
        path = Path(path)
        try:
            fields = json.loads(path.read_text("utf-8"))
        except ValueError as error:
            raise DataError(
                f"{path.name} must be JSON written by report.to_json; it cannot be "
                f"read ({error})."
            ) from error
        if not isinstance(fields, dict) or fields.get("format") != FORMAT:
            raise DataError(
                f"{path.name} must be JSON written by report.to_json; got JSON of "
                "something else."
            )
        if fields["version"] > VERSION:
            raise DataError(
                f"{path.name} has version {fields['version']!r}; this sensorhar reads "
                f"up to {VERSION}. Upgrade it."
            )
        return cls.from_dict(fields)

    def to_markdown(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write all tables, with the confusion of every classifier, as Markdown.

        Parameters
        ----------
        path : str or Path
            File to write.
        overwrite : bool, default=False
            Whether a file of that name may be replaced.

        Returns
        -------
        Path
            Where it lies.

        Raises
        ------
        FileExistsError
            When the file exists and must not be replaced.
        """
        tables = [*self.tables(), *(confusion_table(self, r) for r in self.results)]
        lines = [f"# {self._title()}", ""]
        if self.is_leaky:
            lines += [f"**{self.warning}**", ""]
        lines += [f"- **{name}**: {words}" for name, words in self.facts()]
        parts = ["\n".join(lines), *(table.to_markdown() for table in tables)]
        return write_text(path, "\n\n".join(parts) + "\n", overwrite=overwrite)

    def save(self, folder: str | Path, *, overwrite: bool = False) -> tuple[Path, ...]:
        """Write ``report.json`` and ``report.md`` into a folder.

        :func:`sensorhar.plot.html_report` writes the page with plots.

        Parameters
        ----------
        folder : str or Path
            Made when missing.
        overwrite : bool, default=False
            Whether files of these names may be replaced.

        Returns
        -------
        tuple of Path
            What was written.

        Raises
        ------
        FileExistsError
            When a file exists and must not be replaced; then nothing is written.
        """
        folder = Path(folder)
        paths = folder / "report.json", folder / "report.md"
        for path in paths:
            if path.exists() and not overwrite:
                write_text(path, "", overwrite=False)  # raises the one message
        folder.mkdir(parents=True, exist_ok=True)
        return (
            self.to_json(paths[0], overwrite=overwrite),
            self.to_markdown(paths[1], overwrite=overwrite),
        )

    def facts(self) -> tuple[tuple[str, str], ...]:
        """Return what must stand beside the scores, as (name, words)."""
        seeds = sorted({seed for result in self.results for seed in result.seeds})
        versions = ", ".join(f"{name} {v}" for name, v in self.versions.items())
        facts = [
            ("protocol", self.protocol),
            ("data", self.data),
            ("best", f"{self.best.name}, {_headline(self.best)}"),
            ("seeds", ", ".join(map(str, seeds))),
            ("splits", f"{self.n_splits}, hash {self.split_hash}"),
            ("versions", versions),
            *(("note", note) for note in self.notes),
        ]
        return tuple((name, words) for name, words in facts if words)

    def _title(self) -> str:
        return "LEAKY sensorhar report" if self.is_leaky else "sensorhar report"

    def __getitem__(self, name: str) -> Result:
        check_choice(name, "classifier", self.names)
        return self.results[self.names.index(name)]

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results)

    def __str__(self) -> str:
        title = self._title()
        lines = [title, "=" * len(title)]
        if self.is_leaky:
            lines += [*textwrap.wrap(self.warning, WIDTH), ""]
        facts = dict(self.facts())
        for name in ("protocol", "data", "best"):
            wrapped = textwrap.wrap(facts[name], WIDTH - 10)
            lines += [f"{name if i == 0 else '':10}{w}" for i, w in enumerate(wrapped)]
        parts = ["\n".join(lines)]
        *first, subjects = self.tables()
        parts += [table.to_text() for table in first]
        parts.append(confusion_table(self, self.best).to_text())
        parts.append(subjects.to_text(n_rows=N_SUBJECTS_SHOWN))
        rest = [f"{n}: {w}" for n, w in self.facts() if n not in facts or n == "note"]
        last = [n for n in ("seeds", "splits", "versions") if n in facts]
        tail = " | ".join(f"{n} {facts[n]}" for n in last)
        rest.append(tail)
        parts.append("\n".join(w for r in rest for w in textwrap.wrap(r, WIDTH)))
        return "\n\n".join(parts)

    def __repr__(self) -> str:
        leaky = "LEAKY " * self.is_leaky
        n, people = len(self.results), len(self.subjects)
        return (
            f"<{leaky}Report of {n} classifier{'s' * (n != 1)} | best "
            f"{self.best.name}: {_headline(self.best)} | {people} "
            f"subject{'s' * (people != 1)}>"
        )


def _headline(result: Result) -> str:
    score = result.score()
    return f"macro F1 {number(score.mean)} [{number(score.low)}, {number(score.high)}]"
