"""The house stands: every room imports only from floors below its own."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import sensorhar

ROOT = Path(sensorhar.__file__).parent

FLOORS = [  # ground first
    {"errors", "units", "sensors", "_checks", "_soft", "_words"},
    {"signal"},
    {"data"},
    {"preprocess", "io", "simulate"},
    {"windowing", "datasets", "collect"},
    {"networks", "classifiers"},
    {"video", "localization", "streaming", "evaluation", "export", "corpus"},
    {"plot", "testing", "cli", "__main__"},
]
OPEN = {  # doors between neighbours on one floor
    ("classifiers", "networks"),
    ("__main__", "cli"),
    ("cli", "plot"),
}
SHUT = {  # a lower floor, yet closed
    ("video", "collect"),
    ("datasets", "classifiers"),
    ("io", "classifiers"),
    ("collect", "classifiers"),
    ("streaming", "collect"),
    ("networks", "data"),
}
HEAVY = {  # who may import these at module level; all others inside a function
    "keras": {"networks", "video.networks"},
    "sklearn": {"classifiers", "evaluation", "testing"},
    "typer": {"cli", "__main__"},
    **dict.fromkeys(["tensorflow", "torch", "jax", "cv2", "av", "bleak"], frozenset()),
    **dict.fromkeys(["scipy", "pandas", "matplotlib", "joblib", "rich"], frozenset()),
}
NEVER = {  # rooms that must not import a package at any level
    "signal": {"keras", "tensorflow", "pandas", "sklearn"},
    "networks": {"tensorflow"},  # so that they run on every Keras backend
}
FLOOR = {room: level for level, rooms in enumerate(FLOORS) for room in rooms}
FILES = [p for p in sorted(ROOT.rglob("*.py")) if p != ROOT / "__init__.py"]


def dotted(path):
    """Return the name of a file inside the house, such as "signal.filters"."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports(path):
    """Yield (line, dotted name, nested?) for every import of a file."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: import absolutely"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        yield from ((node.lineno, name, node.col_offset > 0) for name in names)


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_imports_go_down(path):
    """A file imports lower floors only."""
    room = dotted(path).split(".")[0]
    for line, name, _ in imports(path):
        package, _, rest = name.partition(".")
        other = rest.split(".")[0]
        if package == "sensorhar" and other in FLOOR and other != room:
            is_ground = FLOOR[other] == FLOOR[room] == 0  # one room of many files
            down = FLOOR[other] < FLOOR[room] or is_ground or (room, other) in OPEN
            ok = down and (room, other) not in SHUT
            assert ok, f"{path}:{line}: {room} must not import {other}"


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_heavy_packages_are_imported_in_functions(path):
    """The heavy-import table holds, and some packages are met nowhere in a room."""
    here = dotted(path)
    room = here.split(".")[0]
    for line, name, nested in imports(path):
        package = name.split(".")[0]
        allowed = HEAVY.get(package)
        if allowed is not None and not nested:
            ok = any(f"{here}.".startswith(f"{who}.") for who in allowed)
            assert ok, f"{path}:{line}: import {package} inside the function"
        ok = package not in NEVER.get(room, ())
        assert ok, f"{path}:{line}: {room} must never import {package}"


def test_bytes_are_decoded_without_radio():
    for path in ROOT.glob("collect/profiles/*.py"):
        assert not [name for _, name, _ in imports(path) if name.startswith("bleak")]


def test_evaluation_knows_no_concrete_classifier():
    """It works for any scikit-learn estimator, so it knows the contract only."""
    from sensorhar import classifiers

    homes = {f"sensorhar.classifiers.{home}" for home in classifiers._HOME.values()}
    for path in ROOT.glob("evaluation/*.py"):
        for line, name, _ in imports(path):
            module, _, last = name.rpartition(".")
            is_concrete = module in homes or last in classifiers.__all__
            assert not is_concrete, f"{path}:{line}: imports {name}"


def test_steps_do_not_learn():
    """Nothing below the split may learn: no step has a fit."""
    for path in ROOT.glob("preprocess/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_fit = isinstance(node, ast.FunctionDef) and node.name.startswith("fit")
            assert not is_fit, f"{path}:{node.lineno}: a step must not learn"


def test_every_room_has_a_floor():
    """A new file or folder at the top must be given its place above."""
    rooms = {p.stem for p in ROOT.glob("*.py")} - {"__init__"}
    rooms |= {p.parent.name for p in ROOT.glob("*/*.py")}
    assert rooms <= set(FLOOR), f"give a floor to {sorted(rooms - set(FLOOR))}"


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_files_open_with_a_sentence_and_are_short(path):
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring, f"{path} must open with a docstring"
    assert docstring.splitlines()[0].endswith("."), f"{path}: first line, full stop"
    assert len(text.splitlines()) <= 500, f"{path} is longer than 500 lines"


@pytest.mark.parametrize("path", FILES, ids=dotted)
def test_no_catch_all_and_no_print(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ExceptHandler):
            caught = ast.unparse(node.type) if node.type else "everything"
            is_broad = caught in {"everything", "Exception", "BaseException"}
            assert not is_broad, f"{path}:{node.lineno}: catches {caught}"
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if is_call and node.func.id == "print":
            is_door = dotted(path).split(".")[0] in {"cli", "__main__"}
            assert is_door, f"{path}:{node.lineno}: prints"


def loaded(statement):
    """Top-level modules outside the standard library that a statement loads."""
    code = f"{statement}\nimport sys\nprint(*{{m.split('.')[0] for m in sys.modules}})"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split()) - set(sys.stdlib_module_names)


@pytest.mark.parametrize(
    ("statement", "allowed"),
    [
        ("import sensorhar", ""),
        ("import sensorhar; dir(sensorhar)", ""),
        ("from sensorhar import Recording, Windows, Events", "numpy"),
        ("from sensorhar import make_windows, simulate_recordings", "numpy.random"),
        ("from sensorhar import signal, preprocess", "numpy.random"),
        ("from sensorhar import classifiers; dir(classifiers)", ""),
        ("from sensorhar import testing; dir(testing)", ""),
        (
            "from sensorhar import CNNClassifier; CNNClassifier()",
            "numpy.random sklearn.base",
        ),
    ],
)
def test_the_door_is_light(statement, allowed):
    """An allow-list, not a stopwatch: anything newly eager fails by name."""
    base = loaded("\n".join(f"import {name}" for name in allowed.split()))
    extra = loaded(statement) - base - {"sensorhar"}
    assert not extra, f"`{statement}` also loads {sorted(extra)}"
