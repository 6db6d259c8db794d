"""How well the times of a device's packets are found on the host's clock."""

import numpy as np

from sensorhar.collect.device_clock import DeviceClock
from sensorhar.signal.clock_map import fit_clock_map
from tests.benchmarks.row import Row, best_times
from tests.signal.test_clock_map import LEAST_S, simulate

TICK_S = 1e-3


def off_ms(found_s, true_s):
    """99th percentile of the error above the least delay, in ms."""
    return 1e3 * np.percentile(np.abs(found_s - true_s - LEAST_S), 99)


def clock_of_a_device() -> list[Row]:
    """Follow the clock of a sensor for an hour of jitter, bursts and a stall."""
    rows = []
    for ppm, wander_ppm in ((50, 0), (-20, 20)):
        true, device, arrival = simulate(
            duration_s=3600, ppm=ppm, wander_ppm=wander_ppm
        )
        packets = list(
            zip(
                np.round(device / TICK_S).astype(int).tolist(),
                arrival.tolist(),
                strict=True,
            )
        )

        def live(packets=packets):
            clock = DeviceClock(TICK_S, n_bits=32)
            return np.array([clock.update(*packet) for packet in packets])

        def whole(device=device, arrival=arrival):
            return fit_clock_map(device, arrival).apply(device)

        case = f"1 h, {ppm} ppm" + (f" +- {wander_ppm}" if wander_ppm else "")
        one_offset = {
            "name": "offset of the first packet",
            "value": off_ms(device + arrival[0] - device[0], true),
        }
        rows += [
            Row.at_most(
                f"device clock, {case}, p99 off, live",
                off_ms(live(), true),
                "ms",
                2.0,
                one_offset,
            ),
            Row.at_most(
                f"device clock, {case}, p99 off, afterwards",
                off_ms(whole(), true),
                "ms",
                None if wander_ppm else 2.0,
                one_offset,
            ),
        ]
    live_s, whole_s = best_times(live, whole)
    us = 1e6 / len(packets)
    return [
        *rows,
        # At 1000 packets/s that is a tenth of a core.
        Row.at_most("device clock, a packet, live", live_s * us, "us", 100),
        Row.at_most("device clock, a packet, afterwards", whole_s * us, "us", None),
    ]


MEASUREMENTS = (clock_of_a_device,)
