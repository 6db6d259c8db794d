"""The script that a person reads and changes records a phone."""

import asyncio
import re
import runpy
import sys
import threading
from functools import partial
from pathlib import Path
from time import monotonic

import pytest

import sensorhar as sh
from sensorhar.collect import phone
from tests.collect._fake_page import FakePage

aiohttp = pytest.importorskip(
    "aiohttp", reason="aiohttp is missing: install sensorhar[phone]"
)
pytest.importorskip("qrcode", reason="qrcode is missing: install sensorhar[phone]")
SCRIPT = Path(__file__).parents[2] / "examples" / "collect_phone.py"


@pytest.fixture
def here(monkeypatch, tmp_path):
    """Run the script in an empty folder, for this computer only."""
    here_only = partial(phone.PhoneSource, host="127.0.0.1", is_https=False)

    def make(port, **fields):
        return here_only(0, **fields)

    monkeypatch.setattr(phone, "PhoneSource", make)
    monkeypatch.setattr(sys, "argv", ["collect_phone.py", "1"])
    monkeypatch.chdir(tmp_path)


def test_it_is_short():
    assert len(SCRIPT.read_text("utf-8").splitlines()) < 60


@pytest.mark.usefixtures("here")
def test_it_records(monkeypatch, capsys):
    addresses = []
    how = phone.PhoneSource
    monkeypatch.setattr(phone, "PhoneSource", lambda *a, **k: watched(how(*a, **k)))

    def watched(source):
        real = source.how_to_connect
        source.how_to_connect = lambda: addresses.append(source.address) or real()
        return source

    async def wear():
        while not addresses:
            await asyncio.sleep(0.01)
        async with aiohttp.ClientSession() as http:
            page = FakePage(addresses[0])
            await page.connect(http)
            now_s = monotonic()
            rows = [(now_s - 0.5 + i / 100, 0.0, 0.0, 9.8) for i in range(50)]
            await page.put({"accelerometer": rows}, labels=[(now_s - 0.4, "walking")])
            await page.drain()

    wearer = threading.Thread(target=lambda: asyncio.run(wear()))
    wearer.start()
    runpy.run_path(str(SCRIPT))
    wearer.join()
    text = capsys.readouterr().out
    assert "Scan the code" in text
    assert re.search(r"<Recording 'phone-.* acc_x acc_y acc_z 100 Hz \| 1 event", text)
    kept = sh.read(next(Path.cwd().glob("phone-*.npz")))
    assert list(kept.events.labels) == ["walking"]
    assert kept.streams[0].n_samples == 50
    assert kept.metadata["phone1_platform"] == "android"


@pytest.mark.usefixtures("here")
def test_it_says_that_no_phone_came(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["collect_phone.py", "0.1"])
    with pytest.raises(SystemExit, match="No phone came"):
        runpy.run_path(str(SCRIPT))
