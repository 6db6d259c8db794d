"""What one should know of a data set before using it."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sensorhar._checks import check_choice

__all__ = ["Card"]


@dataclass(frozen=True)
class Card:
    """The facts of one data set; it prints as a person would like to read them.

    Attributes
    ----------
    name : str
        Name used in commands, such as ``"uci-har"``.
    title : str
        Its own title.
    holds : {"windows", "recordings"}
        What the loader returns.
    licence, citation : str
        What its authors ask for.
    address : str
        Web page that describes it.
    url : str or None
        Archive that is downloaded; None when it cannot be fetched by a program.
    sha256 : str or None
        Checksum of that archive; None when it is not known, and the content is
        checked instead.
    size_bytes : int or None
        Size of that archive.
    folder : str
        Folder of the set within ``SENSORHAR_DATA`` and the cache.
    inner_folder : str
        Folder within that, if its files lie one deeper.
    landmark : str
        File or folder by which the set is recognised.
    rate_hz : float
        Samples per second.
    channels : tuple of str
        Channel names as loaded.
    units : tuple of str
        Their SI units as loaded.
    places : tuple of str
        Where on the body.
    subjects : tuple of str
        Who took part.
    activities : tuple of str
        Labels as loaded.
    how_to_get : str
        What a person does to get the files when there is no ``url``.
    rate_varies : bool
        Whether recordings run at different rates; ``rate_hz`` is then the fastest.
    n_windows, n_recordings : int or None
        How much there is; None where it was not counted.
    protocol : str
        The official way to split it.
    traps : tuple of str
        What has misled people.
    tried_on_real_files : bool
        Whether the loader was run on the published files, not only on imitations.

    Examples
    --------
    >>> import sensorhar as sh
    >>> sh.datasets.cards()["uci-har"].rate_hz
    50.0
    """

    name: str
    title: str
    holds: Literal["windows", "recordings"]
    licence: str
    citation: str
    address: str
    url: str | None
    sha256: str | None
    size_bytes: int | None
    folder: str
    inner_folder: str
    landmark: str
    rate_hz: float
    channels: tuple[str, ...]
    units: tuple[str, ...]
    places: tuple[str, ...]
    subjects: tuple[str, ...]
    activities: tuple[str, ...]
    protocol: str
    traps: tuple[str, ...]
    tried_on_real_files: bool
    n_windows: int | None = None
    n_recordings: int | None = None
    how_to_get: str = ""
    rate_varies: bool = False

    def __post_init__(self) -> None:
        check_choice(self.holds, "holds", ["windows", "recordings"])
        if len(self.units) != len(self.channels):
            raise ValueError(
                f"card {self.name!r} must state one unit for each of its "
                f"{len(self.channels)} channels; got {len(self.units)}."
            )
        if self.url is None and not self.how_to_get:
            raise ValueError(
                f"card {self.name!r} must say how to get the files when it has no "
                "url; got how_to_get=''."
            )

    @property
    def amount(self) -> str:
        """How much there is, in words: "61 recordings", or "recordings" uncounted."""
        count = self.n_windows or self.n_recordings
        return self.holds if count is None else f"{count:,} {self.holds}"

    @property
    def rate(self) -> str:
        """The rate in words: "50 Hz", or "≤ 200 Hz" when it varies."""
        return "≤ " * self.rate_varies + f"{self.rate_hz:g} Hz"

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in asdict(self).items()
        }

    def to_markdown(self) -> str:
        """Return the card as a Markdown section."""
        rows = [f"- **{name}:** {text}" for name, text in self._rows()]
        traps = [f"  - {trap}" for trap in self.traps]
        return "\n".join([f"## {self.title} (`{self.name}`)", "", *rows, *traps])

    def __str__(self) -> str:
        width = max(len(name) for name, _ in self._rows())
        lines = [f"{self.title} ({self.name})", ""]
        lines += [_wrap(text, f"{name:>{width}}  ") for name, text in self._rows()]
        lines += [_wrap(trap, " " * width + "  - ") for trap in self.traps]
        return "\n".join(line.rstrip() for line in lines)

    def _rows(self) -> list[tuple[str, str]]:
        """Return the facts in words; the traps come after the last."""
        n_subjects = len(self.subjects)
        amount = [
            f"{count:,} {word}"
            for count, word in (
                (self.n_windows, "windows"),
                (self.n_recordings, "recordings"),
            )
            if count is not None
        ]
        size = "" if self.size_bytes is None else f", {self.size_bytes / 1e6:.0f} MB"
        checksum = self.sha256 or "not known; the content is checked instead"
        rate = "up to " * self.rate_varies + f"{self.rate_hz:g} Hz"
        archive = f"by hand: {self.how_to_get}" if self.url is None else self.url + size
        tried = "yes" if self.tried_on_real_files else "no, on imitated files only"
        return [
            ("Amount", f"{', '.join(amount) or self.holds} of {n_subjects} subjects"),
            ("Sensors", f"{_say_channels(self.channels, self.units)}"),
            ("Rate", rate),
            ("Place", ", ".join(self.places)),
            ("Activities", f"{len(self.activities)}: {', '.join(self.activities)}"),
            ("Subjects", ", ".join(self.subjects)),
            ("Protocol", self.protocol),
            ("Licence", self.licence),
            ("Cite", self.citation),
            ("Page", self.address),
            ("Archive", archive),
            ("SHA-256", checksum),
            ("Loader tried on the published files", tried),
            ("Traps", ""),
        ]


def _say_channels(channels: tuple[str, ...], units: tuple[str, ...]) -> str:
    """Say channels, those of one unit together."""
    by_unit: dict[str, list[str]] = {}
    for channel, unit in zip(channels, units, strict=True):
        by_unit.setdefault(unit, []).append(channel)
    return "; ".join(f"{' '.join(names)} [{u}]" for u, names in by_unit.items())


def _wrap(text: str, start: str, width: int = 88) -> str:
    """Break a text into lines that stand below each other after the start."""
    import textwrap

    return textwrap.fill(
        text or " ",
        width,
        initial_indent=start,
        subsequent_indent=" " * len(start),
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=bool(text),
    )
