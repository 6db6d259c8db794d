"""Write checkpoints as TensorFlow does, byte by byte, to read and to break them."""

import numpy as np

TYPES = {"float32": 1, "float64": 2, "int32": 3, "uint8": 4, "int64": 9, "bool": 10}


def _table():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


TABLE = _table()


def crc32c(data):
    """One byte after the other, as the textbook has it."""
    register = 0xFFFFFFFF
    for byte in data:
        register = TABLE[(register ^ byte) & 0xFF] ^ register >> 8
    return register ^ 0xFFFFFFFF


def masked(data):
    value = crc32c(data)
    return ((value >> 15 | value << 17) + 0xA282EAD8) & 0xFFFFFFFF


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    return varint(number << 3) + varint(value)


def header(n_shards=1, big=0):
    return field(1, n_shards) + field(2, big) + field(3, field(1, 1))


def entry(kind, shape, offset, size, checksum, shard=0):
    dims = b"".join(field(2, field(1, n) if n else b"") for n in shape)
    return (
        field(1, kind)
        + field(2, dims)
        + (field(3, shard) if shard else b"")
        + (field(4, offset) if offset else b"")
        + field(5, size)
        + varint(6 << 3 | 5)
        + checksum.to_bytes(4, "little")
    )


def block(entries, compression=0, n_between=3):
    """Keys share their beginnings, save at restarts."""
    out, restarts, last = b"", [], b""
    for i, (key, value) in enumerate(entries):
        shared = 0
        if i % n_between == 0:
            restarts.append(len(out))
        else:
            while shared < min(len(key), len(last)) and key[shared] == last[shared]:
                shared += 1
        out += varint(shared) + varint(len(key) - shared) + varint(len(value))
        out += key[shared:] + value
        last = key
    restarts = restarts or [0]
    for number in [*restarts, len(restarts)]:
        out += number.to_bytes(4, "little")
    out += bytes([compression])
    return out + masked(out).to_bytes(4, "little")


def table(entries, n_a_block=7, **options):
    """Return the bytes of an index of these entries."""
    out, handles = b"", []
    entries = sorted(entries.items())
    for first in range(0, len(entries), n_a_block):
        part = entries[first : first + n_a_block]
        written = block(part, **options)
        handles.append((part[-1][0], varint(len(out)) + varint(len(written) - 5)))
        out += written
    footer = b""
    for written in (block([]), block(handles)):
        footer += varint(len(out)) + varint(len(written) - 5)
        out += written
    return out + footer.ljust(40, b"\0") + 0xDB4775248B80FB57.to_bytes(8, "little")


def write(prefix, arrays, *, n_shards=1, order="<", **options):
    """Write arrays as a checkpoint; return the path without ending."""
    data, entries = [b""] * n_shards, {b"": header(n_shards, int(order == ">"))}
    for i, (name, array) in enumerate(sorted(arrays.items())):
        shard = i % n_shards
        raw = array.astype(array.dtype.newbyteorder(order)).tobytes()
        entries[name.encode()] = entry(
            TYPES[array.dtype.name],
            array.shape,
            len(data[shard]),
            len(raw),
            masked(raw),
            shard,
        )
        data[shard] += raw
    for shard, content in enumerate(data):
        end = f"data-{shard:05d}-of-{n_shards:05d}"
        prefix.with_name(f"{prefix.name}.{end}").write_bytes(content)
    prefix.with_name(f"{prefix.name}.index").write_bytes(table(entries, **options))
    return prefix


def assert_same(got, expected):
    assert list(got) == sorted(expected)
    for name, array in expected.items():
        assert got[name].dtype == array.dtype, name
        assert got[name].shape == array.shape, name
        assert got[name].tobytes() == np.ascontiguousarray(array).tobytes(), name
