"""Waiting for Bluetooth never hangs, whatever it does."""

import asyncio

import pytest

from sensorhar.collect import _within
from sensorhar.collect._within import RadioError, see_through, within


async def stubborn(n_refusals):
    """Refuse to be cancelled so many times, as bleak does while it tidies up."""
    for _ in range(n_refusals):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            continue
    await asyncio.Event().wait()


def hurry(monkeypatch):
    monkeypatch.setattr(_within, "GRACE_S", 0.01)
    monkeypatch.setattr(_within, "CANCEL_S", 0.01)


def test_the_answer_comes_back():
    async def work():
        return 7

    assert asyncio.run(within(1, "asking", work())) == 7


def test_an_error_of_any_kind_is_the_cause():
    async def work():
        raise AssertionError

    with pytest.raises(RadioError, match="asking failed: AssertionError") as caught:
        asyncio.run(within(1, "asking", work()))
    assert isinstance(caught.value.__cause__, AssertionError)


@pytest.mark.parametrize("n_refusals", [0, 1, 3])
def test_what_hangs_is_cancelled(monkeypatch, n_refusals):
    hurry(monkeypatch)

    async def main():
        with pytest.raises(RadioError, match=r"asking took longer than 0\.01 s"):
            await within(0.01, "asking", stubborn(n_refusals))
        return len(asyncio.all_tasks())

    assert asyncio.run(main()) == 1


def test_what_ends_in_the_last_moment_is_not_cut_off(monkeypatch):
    monkeypatch.setattr(_within, "GRACE_S", 5.0)

    async def work():
        await asyncio.sleep(0.05)
        return 7

    assert asyncio.run(within(0.01, "asking", work())) == 7


def test_what_cannot_be_cancelled_is_left_behind(monkeypatch, caplog):
    hurry(monkeypatch)

    async def main():
        with pytest.raises(RadioError, match="took longer"):
            await within(0.01, "asking", stubborn(5))

    asyncio.run(main())
    assert "asking hangs; it was left behind." in caplog.text


def test_who_waits_can_be_cancelled(monkeypatch):
    hurry(monkeypatch)

    async def main():
        task = asyncio.create_task(within(60, "asking", stubborn(1)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task}, timeout=5)
        assert task.cancelled()
        return len(asyncio.all_tasks())

    assert asyncio.run(main()) == 1


def test_what_must_not_stop_half_way_does_not():
    done = []

    async def work():
        await asyncio.sleep(0.05)
        done.append(True)

    async def main():
        task = asyncio.create_task(see_through(work()))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()

    asyncio.run(main())
    assert done
