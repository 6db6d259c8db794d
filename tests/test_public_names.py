"""Public names: they import, are listed, and their docstrings say what they take."""

import ast
import importlib
import inspect
import re
from pathlib import Path

import pytest

import sensorhar as sh
from sensorhar.classifiers._fusing import FusingClassifier

ROOT = Path(sh.__file__).parent
ROOMS = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))


def room_names():
    for room in ROOMS:
        module = importlib.import_module(f"sensorhar.{room}")
        for name in getattr(module, "__all__", []):
            yield f"{room}.{name}"


def find(dotted):
    """Return the object of "name" or "room.name"."""
    room, _, name = dotted.rpartition(".")
    module = importlib.import_module(f"sensorhar.{room}") if room else sh
    return getattr(module, name)


PUBLIC = [name for name in sh.__all__ if not name.startswith("__")]
OF_ROOMS = list(room_names())


@pytest.mark.parametrize("name", PUBLIC)
def test_root_names_import(name):
    assert find(name) is not None
    assert name in dir(sh)


@pytest.mark.parametrize("dotted", OF_ROOMS)
def test_names_of_rooms_import(dotted):
    assert find(dotted) is not None


@pytest.mark.parametrize("module", [sh, *ROOMS], ids=str)
def test_all_is_sorted_and_without_doubles(module):
    if isinstance(module, str):
        module = importlib.import_module(f"sensorhar.{module}")
    names = [name for name in getattr(module, "__all__", []) if name != "__version__"]
    # Either as in a dictionary, or as ruff sorts: CONSTANTS, Classes, functions.
    ways = (str.casefold, lambda n: (not n.isupper(), not n[0].isupper(), n))
    assert any(names == sorted(set(names), key=way) for way in ways)


@pytest.mark.parametrize("room", ROOMS)
def test_all_of_a_room_is_complete(room):
    """What a room defines, or takes from its files, stands in its __all__."""
    own = f"sensorhar.{room}."
    module = importlib.import_module(f"sensorhar.{room}")
    listed = set(getattr(module, "__all__", []))
    tree = ast.parse((ROOT / room / "__init__.py").read_text("utf-8"))
    bound = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module.startswith(own):
            bound |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
    missing = {name for name in bound if not name.startswith("_")} - listed
    assert not missing, f"sensorhar.{room} shows {sorted(missing)} outside __all__"


def test_an_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'no_such_name'"):
        _ = sh.no_such_name


def documented():
    """Public classes and functions, each once, under its shortest name."""
    seen = {}
    for dotted in [*PUBLIC, *OF_ROOMS]:
        try:
            thing = find(dotted)
        except (ImportError, AttributeError):
            continue  # test_root_names_import tells
        is_ours = getattr(thing, "__module__", "").startswith("sensorhar")
        if is_ours and (inspect.isclass(thing) or inspect.isfunction(thing)):
            seen.setdefault(thing, dotted)
    return seen


DOCUMENTED = documented()


def section(docstring, title):
    """Return the lines of one numpydoc section."""
    match = re.search(
        rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", docstring, re.MULTILINE | re.S
    )
    return match.group(1).splitlines() if match else []


def names_in(docstring, title):
    """Return the names that a section documents, in order."""
    names = []
    for line in section(docstring, title):
        if re.match(r"\*{0,2}[A-Za-z_]\w*(, \*{0,2}\w+)*( :|$)", line):
            names += [name.strip(" *") for name in line.split(" :")[0].split(",")]
    return names


def parameters_of(thing):
    try:
        parameters = inspect.signature(thing).parameters.values()
    except ValueError:
        return []
    return [p for p in parameters if p.name not in {"self", "cls", "args", "kwargs"}]


@pytest.mark.parametrize("thing", DOCUMENTED, ids=DOCUMENTED.get)
def test_docstring_has_a_sentence(thing):
    first = inspect.getdoc(thing).splitlines()[0]
    assert first.endswith((".", "?")), first


def needs_parameters(thing):
    is_error = inspect.isclass(thing) and issubclass(thing, BaseException | Warning)
    # Containers that only functions make document attributes instead.
    made = inspect.isclass(thing) and "Attributes\n---" in inspect.getdoc(thing)
    listed = "Parameters\n---" in inspect.getdoc(thing)
    return not is_error and (listed or not made)


WITH_PARAMETERS = [thing for thing in DOCUMENTED if needs_parameters(thing)]


@pytest.mark.parametrize("thing", WITH_PARAMETERS, ids=DOCUMENTED.get)
def test_documented_parameters_are_those_of_the_signature(thing):
    documented = names_in(inspect.getdoc(thing), "Parameters")
    assert documented == [p.name for p in parameters_of(thing)]


@pytest.mark.parametrize("thing", WITH_PARAMETERS, ids=DOCUMENTED.get)
def test_documented_defaults_are_those_of_the_signature(thing):
    """``default=0.5`` in a docstring is compared with the signature."""
    lines = section(inspect.getdoc(thing), "Parameters")
    parameters = {p.name: p for p in parameters_of(thing)}
    text = "\n".join(lines)
    for entry in re.split(r"\n(?=\S)", text):
        match = re.search(
            r"default=([^\n]+(?:\n {4,}[^\n]+)?)", entry.split("\n    ")[0]
        )
        if match is None:
            continue
        try:
            said = ast.literal_eval(match.group(1).strip())
        except (ValueError, SyntaxError):
            continue  # a constant by name
        for name in entry.split(" :")[0].split(", "):
            assert parameters[name.strip()].default == said, name


#: Parameters of networks that make no classifier: other numbers, inputs or outputs.
NO_CLASSIFIER = {"logits", "motion_shape", "is_auxiliary"}


@pytest.mark.parametrize(
    "name",
    [
        name
        for name in sh.classifiers.__all__
        if name != "KerasClassifier"
        and not issubclass(getattr(sh, name), FusingClassifier)
    ],
)
def test_a_classifier_has_the_parameters_of_its_network(name):
    """The same names with the same defaults, or a change in one would be silent."""
    cls = getattr(sh, name)
    own = inspect.signature(cls).parameters
    assert all(p.kind is p.KEYWORD_ONLY for p in own.values())
    if "epochs" not in own:
        return
    network = inspect.signature(cls._function()).parameters
    handed_on = [p for p in list(network.values())[2:] if p.name not in NO_CLASSIFIER]
    for parameter in handed_on:
        assert own[parameter.name].default == parameter.default, parameter.name
        assert own[parameter.name].annotation == parameter.annotation, parameter.name
    training = {p for p in inspect.signature(sh.KerasClassifier).parameters} - {"build"}
    assert set(own) == training | {p.name for p in handed_on}
    for shared in training:
        default = inspect.signature(sh.KerasClassifier).parameters[shared].default
        assert own[shared].default == default, shared
