"""CRC-32C, the checksum of TensorFlow's checkpoints, with numpy alone.

The register of a CRC is linear over bits: behind words w1 ... wn it is the exclusive or
of each word pushed on by the words that follow it. So neighbours may be folded into
one, all pairs at once, until one word is left::

    w1   w2   w3   w4      words of 32 bits
     +----+    +----+      the left one pushed on by 1 word, xor the right one
       w12       w34
        +---------+        pushed on by 2 words
           w1234           ... by 4, by 8: log2(n) steps
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["crc32c", "masked_crc32c"]

#: The polynomial of Castagnoli, lowest bit first (RFC 3720, section 12.1).
POLYNOMIAL = 0x82F63B78

#: The first word that turns an empty register into the all ones a CRC-32C starts from:
#: the register run backwards over 32 bits.
START = 0x641F6454

#: TensorFlow stores checksums turned by 15 bits and moved, so that data which hold
#: their own checksum have no telling one (tensorflow/core/lib/hash/crc32c.h).
MASK = 0xA282EAD8

Half = NDArray[np.uint32]


def crc32c(data: bytes | NDArray[np.uint8]) -> int:
    """Return the CRC-32C of bytes (RFC 3720, appendix B.4 has known ones).

    Parameters
    ----------
    data : bytes or array of uint8 of shape (n_bytes,)
        What to check.

    Returns
    -------
    int
        In [0, 2^32).

    Examples
    --------
    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    given = np.frombuffer(data, np.uint8)
    # zeros in front leave an empty register empty
    padded = np.zeros((len(given) + 3) // 4 * 4 + 4, np.uint8)
    first = len(padded) - len(given)
    padded[first:] = given
    padded[first - 4 : first] = np.frombuffer(START.to_bytes(4, "little"), np.uint8)
    words = padded.view("<u4").astype(np.uint32, copy=False)
    level = 0
    while len(words) > 1:
        if len(words) % 2:
            words = np.concatenate([np.zeros(1, np.uint32), words])
        words = _push(words[0::2], level) ^ words[1::2]
        level += 1
    return int(_push(words, 0)[0]) ^ 0xFFFFFFFF


def masked_crc32c(data: bytes | NDArray[np.uint8]) -> int:
    """Return the CRC-32C of bytes as checkpoints store it."""
    value = crc32c(data)
    return ((value >> 15 | value << 17) + MASK) & 0xFFFFFFFF


def _push(words: NDArray[np.uint32], level: int) -> NDArray[np.uint32]:
    """Push registers on by ``2 ** level`` words of zeros."""
    low, high = _tables(level)
    pushed: NDArray[np.uint32] = low[words & 0xFFFF] ^ high[words >> 16]
    return pushed


@lru_cache(maxsize=32)  # half a megabyte each; 25 serve a tensor of 64 MB
def _tables(level: int) -> tuple[Half, Half]:
    """Return where each low and each high half of a register is pushed to."""
    bits: Half = np.uint32(1) << np.arange(32, dtype=np.uint32)
    if level:
        bits = _push(_push(bits, level - 1), level - 1)
    else:
        for _ in range(32):
            bits = np.where(bits & 1, bits >> 1 ^ np.uint32(POLYNOMIAL), bits >> 1)
    return _spanned(bits[:16]), _spanned(bits[16:])


def _spanned(bits: NDArray[np.uint32]) -> Half:
    """Return the exclusive or of every choice of bits."""
    table = np.zeros(1, np.uint32)
    for bit in bits:
        table = np.concatenate([table, table ^ bit])
    return table
