"""Run the measurements, print them, and write bench.json."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks import (
    accuracy,
    ble,
    clock,
    contract,
    mirrored,
    reading,
    recorder,
    speed,
    transport,
    video,
    virtual_imu,
)
from tests.benchmarks.row import Row


def main() -> None:
    """Measure everything asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--slow", action="store_true", help="train the full tables too")
    parser.add_argument("--only", default="", help="part of a measurement's name")
    parser.add_argument("--out", type=Path, default=Path("bench.json"))
    options = parser.parse_args()
    measurements = [
        *speed.MEASUREMENTS,
        *reading.MEASUREMENTS,
        *contract.MEASUREMENTS,
        *transport.MEASUREMENTS,
        *clock.MEASUREMENTS,
        *recorder.MEASUREMENTS,
        *ble.MEASUREMENTS,
        *video.MEASUREMENTS,
        *virtual_imu.MEASUREMENTS,
        *(accuracy.MEASUREMENTS if options.slow else ()),
        *(mirrored.MEASUREMENTS if options.slow else ()),
    ]
    console, rows = Console(), []
    for measure in measurements:
        if options.only in measure.__name__:
            console.print(f"[dim]{measure.__doc__}[/dim]")
            rows.extend(measure())
            options.out.write_text(json.dumps([asdict(row) for row in rows], indent=1))
    console.print(_table(rows))
    console.print(f"written to {options.out}")


def _table(rows: list[Row]) -> Table:
    table = Table("what", "measured", "wanted", "rival", "")
    for row in rows:
        rival = (
            ""
            if row.rival is None
            else f"{row.rival['name']}: {row.rival['value']:.4g}"
        )
        wanted = "" if row.target is None else f"{row.wanted} {row.target:g}"
        mark = "" if row.target is None else ("[green]yes" if row.passed else "[red]NO")
        table.add_row(row.name, f"{row.value:.4g} {row.unit}", wanted, rival, mark)
    return table


if __name__ == "__main__":
    main()
