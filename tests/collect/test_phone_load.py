"""Twenty phones at 200 Hz with three sensors each: nothing is lost, memory is flat."""

import asyncio
from pathlib import Path
from time import monotonic

import numpy as np
import pytest

from sensorhar.collect.phone import PhoneSource
from tests.collect._fake_page import FakePage

aiohttp = pytest.importorskip(
    "aiohttp", reason="aiohttp is missing: install sensorhar[phone]"
)

N_PHONES, RATE_HZ, BATCH_S = 20, 200, 0.2
WIRES = ("accelerometer", "rotation_rate", "magnetometer")


def memory_mb():
    """Resident memory of this process."""
    n_pages = int(Path("/proc/self/statm").read_text().split()[1])
    return n_pages * 4096 / 1e6


async def wear(page, http, n_batches):
    """Send batches in real time; tear the connection now and then."""
    await page.connect(http)
    begin_s = monotonic()
    n = round(RATE_HZ * BATCH_S)
    for i in range(n_batches):
        at_s = begin_s + i * BATCH_S
        await asyncio.sleep(max(0, at_s + BATCH_S - monotonic()))
        rows = [(at_s + k / RATE_HZ, float(i * n + k), 0.0, 9.8) for k in range(n)]
        body = page.batch(dict.fromkeys(WIRES, rows))
        if i % 97 == 50:
            page.tear()
            await page.connect(http)
        else:
            await page.send(body)
    await page.drain()
    page.alive.clear()


async def run(length_s):
    source = PhoneSource(0, host="127.0.0.1", is_https=False, lifetime_s=length_s + 60)
    n_batches = round(length_s / BATCH_S)
    next_x, n_wrong, n_chunks, memory = {}, 0, 0, []

    async def consume():
        nonlocal n_wrong, n_chunks
        async for chunk in source:
            name = chunk.channel_names[0]
            x = chunk.values[:, 0]
            if "gyr" in name:
                x = np.degrees(x)
            expected = next_x.get(name, 0) + np.arange(len(x))
            n_wrong += not np.allclose(x, expected)
            next_x[name] = next_x.get(name, 0) + len(x)
            n_chunks += 1
            if n_chunks % 1000 == 0:  # the list itself must not be what grows
                memory.append(memory_mb())

    async with aiohttp.ClientSession() as http, source:
        task = asyncio.create_task(consume())
        pages = [FakePage(source.address, phone=f"p{i}") for i in range(N_PHONES)]
        await asyncio.gather(*(wear(page, http, n_batches) for page in pages))
        state = source.state()
        for page in pages:
            page.tear()
        source.stop()
        await task
    assert n_wrong == 0
    assert len(next_x) == len(state.streams) == 3 * N_PHONES
    assert set(next_x.values()) == {round(n_batches * BATCH_S * RATE_HZ)}
    assert not any(stream.n_lost or stream.n_bad for stream in state.streams)
    assert state.n_dropped == 0
    return memory


def test_twenty_phones_for_two_seconds():
    asyncio.run(run(2.0))


@pytest.mark.slow
def test_twenty_phones_for_ten_minutes():
    memory = asyncio.run(run(600.0))
    settled = np.median(memory[len(memory) // 10 : len(memory) // 5])
    final = np.median(memory[-len(memory) // 10 :])
    assert final - settled < 10, f"{settled:.0f} MB became {final:.0f} MB"
