"""What the README and the how-to pages show is run, and what they print is true."""

import re
import shlex
import shutil
from dataclasses import dataclass, field
from importlib import import_module
from inspect import ismodule
from itertools import pairwise
from pathlib import Path

import pytest

import sensorhar as sh
from sensorhar.errors import DataError

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.rst"))

#: Blocks in Markdown: hidden code, flags for the test, fenced code and its output.
MARKDOWN = re.compile(
    r"^<!-- setup\n(?P<hidden>.*?)^-->"
    r"|^<!-- (?P<flag>slow|needs \S+) -->"
    r"|^```(?P<language>\w+)\n(?P<code>.*?)^```",
    re.DOTALL | re.MULTILINE,
)
#: The same in reStructuredText, where a block is what is indented.
RST = re.compile(
    r"^\.\. setup\n\n(?P<hidden>(?:(?: {3}.*)?\n)+)"
    r"|^\.\. (?P<flag>slow|needs \S+)\n"
    r"|^\.\. code-block:: (?P<language>\w+)\n\n(?P<code>(?:(?: {3}.*)?\n)+)",
    re.MULTILINE,
)


@dataclass
class Section:
    """What is run in one namespace: blocks of code, and what they must print."""

    name: str
    path: Path
    blocks: list[tuple[str, str]] = field(default_factory=list)  # code, expected
    flags: set[str] = field(default_factory=set)

    def as_param(self):
        marks = [pytest.mark.slow] if "slow" in self.flags else []
        return pytest.param(self, id=self.name, marks=marks)


def read_sections(path, pattern, heading):
    """Return the sections of a page that hold code to run."""
    text = path.read_text("utf-8")
    edges = [0, *(found.start() for found in re.finditer(heading, text)), len(text)]
    sections = []
    for start, stop in pairwise(edges):
        part = text[start:stop]
        title = part.strip().partition("\n")[0].strip("# ")
        section = Section(f"{path.stem}: {title}", path)
        follows, end = False, 0  # is this what the block before it prints?
        for found in pattern.finditer(part):
            group = next(g for g in ("hidden", "flag", "code") if found[g] is not None)
            follows = follows and not part[end : found.start()].strip()
            # Empty lines before the code keep the numbers of lines in tracebacks.
            above = "\n" * text[: start + found.start(group)].count("\n")
            if group == "flag":
                section.flags.add(found["flag"])
            elif group == "hidden" or found["language"] == "python":
                section.blocks.append((above + _flush_left(found[group]), ""))
            elif found["language"] == "text" and follows:
                code, _ = section.blocks[-1]
                section.blocks[-1] = code, found["code"]
            follows = group != "flag" and found["language"] in (None, "python")
            end = found.end()
        if section.blocks:
            sections.append(section)
    return sections


def _flush_left(code):
    is_indented = all(line.startswith("   ") for line in code.splitlines() if line)
    return re.sub(r"^ {3}", "", code, flags=re.MULTILINE) if is_indented else code


SECTIONS = read_sections(README, MARKDOWN, r"(?m)^## ")
for page in HOW_TO:
    SECTIONS += read_sections(page, RST, r"(?!)")  # one namespace a page


def in_one_line(text):
    return " ".join(text.split())


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Stand in a folder that holds what the samples read."""
    shutil.copytree(ROOT / "datasets" / "samples", tmp_path / "datasets" / "samples")
    monkeypatch.chdir(tmp_path)


def test_readme_has_samples():
    names = [section.name for section in SECTIONS]
    assert any("Quickstart" in name for name in names)
    assert len(names) >= 7


@pytest.mark.parametrize("section", [section.as_param() for section in SECTIONS])
@pytest.mark.usefixtures("files")
@pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning:keras")  # 3.15
def test_samples_run(section, capsys):
    if "needs uci-har" in section.flags:
        try:
            sh.datasets.load_uci_har(download=False)
        except DataError:
            pytest.skip(
                "UCI HAR is not on this machine: set SENSORHAR_DATA to a folder that "
                "holds it, or run sensorhar datasets fetch uci-har"
            )
    names = {"__name__": "__main__"}
    for code, expected in section.blocks:
        exec(compile(code, section.path, "exec"), names)
        said = in_one_line(capsys.readouterr().out)
        for paragraph in expected.strip().split("\n\n"):
            assert in_one_line(paragraph) in said
        for comment in re.findall(r"#\s+(<[A-Z].*>)$", code, re.MULTILINE):
            assert comment in said


def commands():
    """Yield each command line that a page shows, as words."""
    for path in [README, *HOW_TO]:
        for line in path.read_text("utf-8").splitlines():
            if line.strip().startswith("$ sensorhar "):
                yield shlex.split(line.strip())[2:]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_commands_exist(words, capsys):
    from sensorhar.cli.run import main

    n_names = 2 if words[0] in {"collect", "datasets", "video"} else 1
    assert main([*words[:n_names], "--help"]) == 0
    said = capsys.readouterr().out
    for word in words[n_names:]:
        if word.startswith("--"):
            assert word in said


def test_reference_lists_every_public_name():
    listed = set()
    for page in (ROOT / "docs" / "reference").glob("[!i]*.rst"):
        for line in page.read_text("utf-8").splitlines():
            if line.startswith(".. currentmodule:: "):
                room = import_module(line.removeprefix(".. currentmodule:: "))
            elif re.fullmatch(r"   \w+", line):
                assert hasattr(room, line.strip()), f"{page.name}: {line}"
                listed.add(line.strip())
    rooms = {name for name in sh.__all__ if ismodule(getattr(sh, name))}
    public = {*sh.__all__, *import_module("sensorhar.io").__all__} - rooms
    for name in rooms:
        public |= set(getattr(sh, name).__all__)
    assert public - listed == {"__version__"}
