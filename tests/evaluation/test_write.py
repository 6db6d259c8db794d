"""JSON stays JSON however it is laid out."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.evaluation.write import json_text, write_text

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='ab [],{}"\\\n 1é'),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(alphabet="ab[ ]", max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=100, deadline=None)
@given(plain)
def test_any_value_comes_back(value):
    assert json.loads(json_text(value)) == value


def test_nan_becomes_null_at_any_depth():
    value = {"a": [1.0, float("nan")], "b": (float("nan"),)}
    assert json.loads(json_text(value)) == {"a": [1.0, None], "b": [None]}


def test_lists_of_numbers_stay_on_one_line():
    assert '"a": [1, 2, 3]' in json_text({"a": [1, 2, 3]})


def test_text_is_utf_8(tmp_path):
    path = write_text(tmp_path / "a.txt", "µ ±")
    assert path.read_bytes() == "µ ±".encode()
