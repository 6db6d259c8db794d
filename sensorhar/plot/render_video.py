"""Write a video anew with what a classifier says on its frames."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._soft import require
from sensorhar.plot._caption import add_caption, enlarge
from sensorhar.plot.theme import DARK
from sensorhar.video.frames import read_frames
from sensorhar.video.timeline import Timeline

__all__ = ["render_video"]

TICKS_HZ = 90_000  # unit of the stamps in MP4, as broadcast uses it
GIF_RATE_HZ = 10.0  # more makes files large, and browsers slow
GIF_WIDTH = 480  # px
N_FOR_PALETTE = 8  # frames whose colours count
CRF = 20  # quality of H.264, from 0, without loss, to 51

Frames = Iterator[tuple[float, NDArray[np.uint8]]]


def render_video(
    source: Any,
    timeline: Timeline,
    path: str | Path,
    *,
    source_rate_hz: float | None = None,
    overwrite: bool = False,
) -> Path:
    """Draw label, probability and a bar of what happens when onto a video.

    Frames keep their times, also where the rate varies; sound is left out. A GIF shows
    ten frames a second, at most 480 px wide.

    Parameters
    ----------
    source : str, Path or array of shape (n_frames, height, width, 3), uint8
        The video that the timeline is of.
    timeline : Timeline
        From :func:`sensorhar.video.predict_timeline`.
    path : str or Path
        A name that ends in ``.mp4`` or ``.gif``.
    source_rate_hz : float or None, default=None
        Frame rate of pictures and arrays, which carry none.
    overwrite : bool, default=False
        Whether a file of that name may be replaced.

    Returns
    -------
    Path
        Where it lies.

    Raises
    ------
    DataError
        When the video is broken or has no stamps.
    FileExistsError
        When the file exists and must not be replaced.
    MissingPackageError
        When PyAV, which writes MP4, is not installed.
    ValueError
        When the name ends in something else.

    See Also
    --------
    plot_video : The same as one picture.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> video = np.full((20, 48, 64, 3), 200, np.uint8)
    >>> line = Timeline("a", ("run", "walk"), [0], [2], np.array([[0.9, 0.1]]), 2.0)
    >>> with TemporaryDirectory() as folder:
    ...     gif = Path(folder) / "a.gif"
    ...     render_video(video, line, gif, source_rate_hz=10).name
    'a.gif'
    """
    path = Path(path)
    ending = path.suffix.lower()
    if ending not in (".mp4", ".gif"):
        raise ValueError(
            f"path must end in .mp4 or .gif; got {path.name!r}. For one picture use "
            "plot_video."
        )
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} exists. Choose another name, or pass overwrite=True."
        )
    is_gif = ending == ".gif"
    times = None
    if is_gif:
        times = np.arange(0, timeline.duration_s, 1 / GIF_RATE_HZ)
    frames = read_frames(source, times_s=times, source_rate_hz=source_rate_hz)
    captioned = _with_captions(frames, timeline, GIF_WIDTH if is_gif else None)
    part = path.with_name(f".{path.name}.part")  # a name that no half-written file has
    try:
        (_write_gif if is_gif else _write_mp4)(part, captioned, timeline.duration_s)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _with_captions(frames: Frames, timeline: Timeline, max_width: int | None) -> Frames:
    """Draw on frames as they come."""
    colours = {
        label: DARK.cycle[i % len(DARK.cycle)]
        for i, label in enumerate(timeline.events().classes)
    }
    whole_s = timeline.duration_s
    bar = [
        (colours[event.label], event.start_s / whole_s, event.stop_s / whole_s)
        for event in timeline.events()
    ]
    for time_s, frame in frames:
        said = timeline.at(time_s)
        code = int(np.nan_to_num(said).argmax())
        label, share = timeline.classes[code], said[code]
        is_silent = bool(np.isnan(share))
        drawn = add_caption(
            enlarge(_shrink(frame, max_width)),
            "" if is_silent else label,
            "" if is_silent else f"{share:.0%}",
            colour=colours.get(label, DARK.faint),
            bar=bar,
            now=time_s / whole_s,
        )
        yield time_s, drawn


def _shrink(frame: NDArray[np.uint8], max_width: int | None) -> NDArray[np.uint8]:
    from PIL import Image

    height, width = frame.shape[:2]
    if max_width is None or width <= max_width:
        return frame
    size = max_width, max(round(height * max_width / width), 1)
    return np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BOX))


def _write_mp4(path: Path, frames: Frames, duration_s: float) -> None:
    """Encode as H.264, or MPEG-4 where the package was built without it."""
    av: Any = require("av", extra="video", purpose="writing MP4")
    codec = "libx264" if "libx264" in av.codecs_available else "mpeg4"
    unit = Fraction(1, TICKS_HZ)
    with av.open(str(path), "w", format="mp4") as container:
        stream = None
        for time_s, frame in frames:
            even = frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2]
            if stream is None:
                stream = container.add_stream(codec, rate=25)
                stream.height, stream.width = even.shape[:2]
                stream.pix_fmt = "yuv420p"
                stream.time_base = stream.codec_context.time_base = unit
                if codec == "libx264":
                    stream.options = {"crf": str(CRF), "preset": "veryfast"}
                else:
                    stream.bit_rate = 4_000_000
            picture = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(even), format="rgb24"
            )
            picture.pts, picture.time_base = round(time_s * TICKS_HZ), unit
            container.mux(stream.encode(picture))
        if stream is not None:
            container.mux(stream.encode())


def _write_gif(path: Path, frames: Frames, duration_s: float) -> None:
    from PIL import Image

    times, pictures = [], []
    for time_s, frame in frames:
        times.append(time_s)
        pictures.append(Image.fromarray(frame))
    # One palette for all, so that colours do not flicker; of some, as it takes long.
    some = pictures[:: -(-len(pictures) // N_FOR_PALETTE)]
    sheet = Image.fromarray(np.concatenate([np.asarray(one) for one in some]))
    palette = sheet.quantize(256)
    pictures = [
        one.quantize(palette=palette, dither=Image.Dither.NONE) for one in pictures
    ]
    lasts_ms = np.diff([*times, max(duration_s, times[-1] + 1e-3)]) * 1000
    # GIF counts hundredths; browsers slow down what is shown for less than two.
    shown_ms = np.maximum(np.rint(lasts_ms / 10), 2).astype(int) * 10
    pictures[0].save(
        path,
        format="GIF",
        save_all=True,
        append_images=pictures[1:],
        duration=shown_ms.tolist(),
        loop=0,
    )
