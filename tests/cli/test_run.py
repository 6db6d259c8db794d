"""The way in: help, exit codes, one line for user errors."""

import os
import signal
import subprocess
import sys
import warnings

import pytest
from typer.testing import CliRunner

from sensorhar import UnitWarning, __version__
from sensorhar.cli import app as app_module
from sensorhar.cli.app import app
from sensorhar.cli.run import _words_of, main

COMMANDS = [
    "demo",
    "inspect",
    "train",
    "evaluate",
    "predict",
    "datasets",
    "datasets list",
    "datasets show",
    "datasets fetch",
    "collect",
    "collect ble",
    "collect phone",
    "collect replay",
    "collect simulate",
    "recover",
]

#: What --help may load beside the standard library; typer looks for pydantic.
ALLOWED = {
    "_distutils_hack",
    "annotated_doc",
    "annotated_types",
    "attr",  # rich asks for it, where it is installed
    "click",
    "colorama",
    "markdown_it",
    "mdurl",
    "pydantic",
    "pydantic_core",
    "pygments",
    "rich",
    "sensorhar",
    "shellingham",
    "typer",
    "typing_extensions",
    "typing_inspection",
}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_each_help_has_examples(command):
    result = CliRunner().invoke(app, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Examples:" in result.output
    examples = result.output.partition("Examples:")[2]
    assert f"sensorhar {command}".strip() in examples
    assert all(len(line.rstrip()) <= 80 for line in examples.splitlines())


def test_examples_are_not_broken_over_lines():
    for home in ("demo", "inspect", "train", "evaluate", "predict", "datasets"):
        lines = getattr(app_module, home).EXAMPLES.splitlines()
        assert lines[0] == "Examples:"
        assert all(line.startswith(f"sensorhar {home}") for line in lines[1:])
        assert all(len(line) <= 78 for line in lines)


def test_help_loads_nothing_heavy():
    script = (
        "import sys\n"
        "from sensorhar.__main__ import main\n"
        f"for words in {[c.split() for c in ['', *COMMANDS]]!r}:\n"
        "    assert main([*words, '--help']) == 0\n"
        "roots = {name.partition('.')[0] for name in sys.modules}\n"
        "roots -= set(sys.stdlib_module_names) | {'__main__', '__mp_main__'}\n"
        "own = ('__editable__', '_sysconfigdata')\n"
        "print(' '.join(r for r in roots if not r.startswith(own)),\n"
        "      file=sys.stderr)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert set(result.stderr.split()) <= ALLOWED


def test_no_words_show_the_help(run):
    result = run()
    assert result.code == 0
    assert "Usage: sensorhar" in result.out


def test_version(run):
    assert run("--version").out == f"sensorhar {__version__}\n"


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["nonsense"], "No such command 'nonsense'. See sensorhar --help."),
        (["train", "--nonsense"], "No such option: --nonsense"),
        (["train", "simulated"], "See sensorhar train --help."),
        (["datasets"], "Missing command. See sensorhar datasets --help."),
        (["evaluate", "simulated", "--model", "cnn", "--seeds", "x"], "--seeds"),
    ],
)
def test_wrong_words_are_one_line(words, line, refused):
    assert line in refused(*words)


def test_user_errors_leave_the_process_with_2(shell):
    result = shell("inspect", "nothing.csv")
    assert result.returncode == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("sensorhar: read needs a file; 'nothing.csv' does not exist")


def test_debug_shows_the_traceback_wherever_it_stands(shell):
    for words in (
        ["--debug", "inspect", "nothing.csv"],
        ["inspect", "nothing.csv", "--debug"],
    ):
        result = shell(*words)
        assert result.returncode == 1
        assert "Traceback" in result.stderr
        assert "FileNotFoundError" in result.stderr


def test_system_errors_name_the_file():
    error = PermissionError(13, "Permission denied", "/root/x.csv")
    assert _words_of(error) == "/root/x.csv: Permission denied."


def test_long_messages_become_one_line(run, monkeypatch):
    def fail(*_, **__):
        raise ValueError("expected this;\n  got that.")

    monkeypatch.setattr("sensorhar.cli.run.app", fail)
    assert run("inspect").err == "sensorhar: expected this; got that.\n"


def test_bugs_keep_their_traceback(monkeypatch):
    def fail(*_, **__):
        raise KeyError("a bug")

    monkeypatch.setattr("sensorhar.cli.run.app", fail)
    with pytest.raises(KeyError, match="a bug"):
        main(["inspect"])


@pytest.mark.filterwarnings("default")
def test_warnings_are_lines_and_come_once(run, monkeypatch):
    def warn(*_, **__):
        for _i in range(2):
            warnings.warn("looks like g", UnitWarning, stacklevel=1)
        warnings.warn("keras will change", FutureWarning, stacklevel=1)

    monkeypatch.setattr("sensorhar.cli.run.app", warn)
    assert run("inspect").err == "sensorhar: warning: looks like g\n"


def test_interrupted_in_process(run, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sensorhar.cli.run.app", interrupt)
    result = run("inspect")
    assert (result.code, result.err) == (130, "sensorhar: interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="signals differ there")
def test_ctrl_c_ends_with_130():
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "sensorhar"),
            *("evaluate", "simulated", "--model", "features-linear"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr.readline() == "Simulate 8 people.\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err == "sensorhar: interrupted\n"
