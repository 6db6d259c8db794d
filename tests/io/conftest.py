"""Broken copies of a file, and the check that a reader takes them well."""

import contextlib
import time
import warnings

import numpy as np
import pytest

from sensorhar.errors import DataError


def mangled(content, rng):
    """Cut, shuffle, overwrite, double or empty a file."""
    how = rng.integers(7)
    data = bytearray(content)
    cut = int(rng.integers(len(data) + 1))
    if how == 0:
        return bytes(data[:cut])
    if how == 1 and data:  # a few bytes of noise
        for i in rng.integers(len(data), size=8):
            data[i] = int(rng.integers(256))
        return bytes(data)
    if how == 2:  # lines, or blocks, in another order
        lines = content.split(b"\n")
        if len(lines) < 3:
            lines = [content[i : i + 512] for i in range(0, len(content), 512)]
            return b"".join(lines[i] for i in rng.permutation(len(lines)))
        return b"\n".join(lines[i] for i in rng.permutation(len(lines)))
    if how == 3:  # text where numbers are due
        word = [b"abc", b"\xff\xfe\x00", b"NaN", b"1e999", b"-", b"9" * 400, b"{"]
        return content[:cut] + word[int(rng.integers(7))] + content[cut:]
    if how == 4:
        return content[:cut] + content[cut // 2 :]
    if how == 5:
        return rng.bytes(int(rng.integers(2000)))
    return b"\n" * int(rng.integers(3))


@pytest.fixture(scope="session")
def takes_broken(tmp_path_factory):
    """Return a check: only a DataError or a result comes of a broken file, in time."""
    folder = tmp_path_factory.mktemp("broken")

    def check(read, content, seed, name="broken.bin", wrap=None):
        path = folder / name
        broken = mangled(content, np.random.default_rng(seed))
        path.write_bytes(broken if wrap is None else wrap(broken))
        began = time.process_time()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = None
            with contextlib.suppress(DataError):
                result = read(path)
        assert time.process_time() - began < 5
        return result

    return check
