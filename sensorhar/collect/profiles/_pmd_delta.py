"""Polar's delta frames: one sample in full, then differences in few bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect.profiles.bad_packet import BadPacketError

#: Of one bit wide differences three public decoders make three different numbers, and
#: zero bits say nothing; no device was seen to send either. No difference of two
#: numbers of 32 bits needs more than 33, and Polar's own decoder takes 32.
MIN_BITS, MAX_BITS = 2, 32

#: Samples of one block, whose count is a byte.
MAX_BLOCK = 255


def read_delta(content: bytes, n_channels: int, n_bytes: int = 2) -> NDArray[np.int64]:
    """Return the samples of a delta frame, shape (n_samples, n_channels).

    ::

        | reference sample | bits w | count n | n * channels differences of w bits |
                           | bits w | count n | ...

    Differences are two's complement, the lowest bit first. Raises BadPacketError when
    the frame is cut short: its time is that of its last sample, which is not there.
    """
    start = n_channels * n_bytes
    if len(content) < start:
        raise BadPacketError(
            f"a delta frame must start with a sample of {start} bytes; got "
            f"{len(content)}."
        )
    reference = np.frombuffer(content, f"<i{n_bytes}", n_channels).astype(np.int64)
    blocks = [reference[np.newaxis]]
    while start < len(content):
        n_bits, n_samples = content[start], content[start + 1 : start + 2]
        if not n_samples or not MIN_BITS <= n_bits <= MAX_BITS:
            raise BadPacketError(
                f"differences must be {MIN_BITS} to {MAX_BITS} bits wide, and counted; "
                f"got {content[start : start + 2].hex(' ')!r}."
            )
        n_numbers = n_samples[0] * n_channels
        stop = start + 2 + (n_numbers * n_bits + 7) // 8
        if stop > len(content):
            raise BadPacketError(
                f"a delta frame must have {stop} bytes of samples; got {len(content)}, "
                "so it was cut short."
            )
        packed = np.frombuffer(content, np.uint8, stop - start - 2, start + 2)
        bits = np.unpackbits(packed, bitorder="little")[: n_numbers * n_bits]
        worth = 1 << np.arange(n_bits, dtype=np.int64)
        worth[-1] *= -1
        blocks.append(bits.reshape(n_samples[0], n_channels, n_bits) @ worth)
        start = stop
    return np.cumsum(np.concatenate(blocks), axis=0)


def write_delta(samples: NDArray[np.int64], n_bytes: int = 2) -> bytes:
    """Return the delta frame that holds the samples."""
    content: bytes = samples[0].astype(f"<i{n_bytes}").tobytes()
    steps = np.diff(samples, axis=0)
    for first in range(0, len(steps), MAX_BLOCK):
        block = steps[first : first + MAX_BLOCK]
        widest = int(np.where(block < 0, ~block, block).max())
        n_bits = max(widest.bit_length() + 1, MIN_BITS)
        bits = block.reshape(-1, 1) >> np.arange(n_bits) & 1
        packed = np.packbits(bits.astype(np.uint8).ravel(), bitorder="little")
        content += bytes([n_bits, len(block)]) + packed.tobytes()
    return content
