"""``sensorhar collect``: record Bluetooth sensors, phones, files, simulated people."""

import math
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sensorhar.cli._options import Force, Quiet
from sensorhar.cli._record import Wishes, record_sources

if TYPE_CHECKING:
    from sensorhar.collect.source import Source

__all__ = ["EXAMPLES", "ble", "phone", "replay", "simulate"]

EXAMPLES = """\
Examples:
sensorhar collect phone --keys walking,sitting --out anna.npz
sensorhar collect ble --scan
sensorhar collect ble --name "Polar H10" --profile polar_h10 --label walking
sensorhar collect replay anna.npz --speed 10 --out again.xdf
sensorhar collect simulate --protocol "walk 20 s, sit 20 s" --out x.csv
"""

Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Where to. The ending .npz, .csv, .parquet or .xdf is written at the "
        "end, from a log beside it that survives a crash. "
        "(default: recording-DATE-TIME.sensorlog)",
    ),
]
Label = Annotated[
    str | None,
    typer.Option("--label", metavar="WORD", help="What happens from the start."),
]
Script = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="TEXT",
        help='What happens when, such as "walk 60 s, sit 60 s", or a file with that; '
        "counts down.",
    ),
]
Duration = Annotated[
    float | None,
    typer.Option(
        "--duration", metavar="S", help="End so many s after the first reading."
    ),
]
Subject = Annotated[
    str | None, typer.Option("--subject", metavar="NAME", help="Who it is.")
]
Keys = Annotated[
    str | None,
    typer.Option(
        "--keys",
        metavar="A,B,...",
        help="Labels for the keys 1 to 9; 0 ends a label, m sets a mark, q ends.",
    ),
]
Chunk = Annotated[
    float, typer.Option("--chunk", metavar="S", help="Time that a chunk covers, in s.")
]
Speed = Annotated[
    float,
    typer.Option("--speed", metavar="X", help="Times as fast as life; inf: no wait."),
]


class Stamps(StrEnum):
    """Which times readings get that are played again."""

    ORIGINAL = "original"
    NOW = "now"


def ble(
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Of the device; may be repeated."),
    ] = None,
    address: Annotated[
        list[str] | None,
        typer.Option(
            "--address", metavar="MAC", help="Of the device; may be repeated."
        ),
    ] = None,
    service: Annotated[
        str | None,
        typer.Option("--service", metavar="UUID", help="That the device offers."),
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(
            "--profile",
            metavar="NAME",
            help="How its bytes are read: a known device, or a .toml file. Once for "
            "all, or once for each device.",
        ),
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option("--place", metavar="WORD", help="Where each device is worn."),
    ] = None,
    is_scan: Annotated[
        bool,
        typer.Option(
            "--scan", help="List the devices in reach and what reads them, and end."
        ),
    ] = False,
    out: Out = None,
    label: Label = None,
    protocol: Script = None,
    duration: Duration = None,
    subject: Subject = None,
    keys: Keys = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Record sensors that send over Bluetooth Low Energy.

    A device is found by its name, its address or its service, and without them by
    those services that its profile knows. A lost connection is taken up again; the gap
    is in the recording.
    """
    if is_scan:
        from sensorhar.cli._scan import print_sensors

        print_sensors(quiet=quiet)
        return
    devices: list[dict[str, Any]] = [{"name": one} for one in name or []]
    devices += [{"address": one} for one in address or []]
    devices = devices or [{}]
    profiles: list[Any] = _one_each(profile or [], "--profile", len(devices))
    places = _one_each(place or [], "--place", len(devices))
    if any(one is None for one in profiles):
        raise ValueError(
            "--profile must say how the device's bytes are read; got none. It is the "
            "name of a known device, or a .toml file of your own; "
            "`sensorhar collect ble --scan` lists devices and what reads them."
        )

    def make() -> "list[Source]":
        from sensorhar.collect.ble import BleSource

        return [
            BleSource(**device, service=service, profile=read_by, place=where or "")
            for device, read_by, where in zip(devices, profiles, places, strict=True)
        ]

    wishes = Wishes(out, label, protocol, duration, subject, keys, force, quiet)
    record_sources(make, wishes)


def phone(
    port: Annotated[
        int, typer.Option("--port", metavar="N", help="Where to listen.")
    ] = 8765,
    host: Annotated[
        str | None,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            help="Address to listen on. (default: all of this computer)",
        ),
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option(
            "--place", metavar="WORD", help="Where it is worn; once for each phone."
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option(
            "--certificate",
            metavar="FILE",
            help="Keeps the certificate, so that a phone asks only once.",
        ),
    ] = None,
    out: Out = None,
    label: Label = None,
    protocol: Script = None,
    duration: Duration = None,
    subject: Subject = None,
    keys: Keys = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Record phones through a page in their browsers; nothing is installed there.

    Shows a code to scan with the phone, and what to do then.
    """
    wishes = Wishes(out, label, protocol, duration, subject, keys, force, quiet)

    def make() -> "list[Source]":
        from sensorhar.collect.phone import PhoneSource

        said: dict[str, Any] = {}
        if place:
            said["place"] = place[0] if len(place) == 1 else place
        if wishes.labels:
            said["labels"] = wishes.labels
        return [PhoneSource(port, host=host, certificate=certificate, **said)]

    record_sources(make, wishes, tell=_how_to_connect)


def replay(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="What sensorhar.read can read.")
    ],
    speed: Speed = 1.0,
    chunk: Chunk = 0.1,
    stamps: Annotated[
        Stamps,
        typer.Option("--stamps", help="Keep the times of the file, or begin now."),
    ] = Stamps.ORIGINAL,
    out: Out = None,
    label: Label = None,
    protocol: Script = None,
    duration: Duration = None,
    subject: Subject = None,
    keys: Keys = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Play a recording again as if it came from a device, and record it."""

    def make() -> "list[Source]":
        from sensorhar.collect.replay import ReplaySource

        return [ReplaySource(file, speed=speed, chunk_s=chunk, stamps=stamps.value)]

    wishes = Wishes(out, label, protocol, duration, subject, keys, force, quiet)
    record_sources(make, wishes)


def simulate(
    activities: Annotated[
        str | None,
        typer.Option(
            "--activities",
            metavar="TEXT",
            help='What the person does, such as "walk 30 s, sit 30 s".',
        ),
    ] = None,
    place: Annotated[
        str, typer.Option("--place", metavar="WORD", help="waist, pocket or wrist.")
    ] = "waist",
    rate: Annotated[
        float, typer.Option("--rate", metavar="HZ", help="Samples per second.")
    ] = 50.0,
    loss: Annotated[
        float, typer.Option("--loss", metavar="SHARE", help="Of packets lost.")
    ] = 0.0,
    duplicates: Annotated[
        float,
        typer.Option("--duplicates", metavar="SHARE", help="Of packets sent twice."),
    ] = 0.0,
    jitter: Annotated[
        float,
        typer.Option("--jitter", metavar="S", help="Packets come up to so late, in s."),
    ] = 0.0,
    speed: Speed = 1.0,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="The same gives the same.")
    ] = 0,
    out: Out = None,
    label: Label = None,
    protocol: Script = None,
    duration: Duration = None,
    subject: Subject = None,
    keys: Keys = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Record a simulated person, to try everything out without a device.

    The truth of the simulation is recorded as labels.
    """

    def make() -> "list[Source]":
        from sensorhar.collect.protocol import Protocol, parse_protocol
        from sensorhar.collect.simulated import USUAL, SimulatedSource

        once = parse_protocol(activities or USUAL)
        n_rounds = math.ceil((duration or 0.0) / once.length_s) or 1
        return [
            SimulatedSource(
                Protocol(once.steps * n_rounds),
                subject=subject or "simulated",
                place=place,
                rate_hz=rate,
                loss=loss,
                duplicates=duplicates,
                jitter_s=jitter,
                speed=speed,
                random_state=seed,
            )
        ]

    wishes = Wishes(out, label, protocol, duration, subject, keys, force, quiet)
    record_sources(make, wishes)


def _one_each(words: list[str], option: str, n_devices: int) -> list[str | None]:
    """Return one word for each device, from none, one or as many."""
    if len(words) <= 1:
        return [words[0] if words else None] * n_devices
    if len(words) != n_devices:
        raise ValueError(
            f"{option} must be said once, or once for each of {n_devices} devices; "
            f"got {len(words)}."
        )
    return list(words)


def _how_to_connect(source: "Source") -> str:
    return str(source.how_to_connect())  # type: ignore[attr-defined]
