"""Write what is recognised onto a frame, readable on light and dark scenes."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

__all__ = ["Bar", "add_caption", "enlarge"]

#: Colour, start and stop of each part of the bar, as shares of the whole.
Bar = Sequence[tuple[str, float, float]]

MIN_WIDTH = 320  # px; on less no text can be read
TEXT_SHARE = 1 / 16  # height of the text, of the shorter side
MIN_TEXT = 15  # px
DARK = 0.62  # how much the ground of the caption takes from the scene
FAINT = "#c9d1d9"


def enlarge(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Repeat the pixels of a frame that is too small for text."""
    times = -(-MIN_WIDTH // frame.shape[1])
    return frame.repeat(times, axis=0).repeat(times, axis=1) if times > 1 else frame


def add_caption(
    frame: NDArray[np.uint8],
    label: str,
    detail: str,
    *,
    colour: str,
    bar: Bar = (),
    now: float | None = None,
) -> NDArray[np.uint8]:
    """Return a frame with a line of text, and a bar of what happens when, below it.

    Parameters
    ----------
    frame : array of shape (height, width, 3), uint8
        At least 320 px wide, see :func:`enlarge`.
    label, detail : str
        Large at the left, cut where it does not fit; faint at the right.
    colour : str
        Of the label in the bar; a square of it stands before the label.
    bar : sequence of (colour, start, stop), default=()
        Parts of the bar from 0 to 1.
    now : float or None, default=None
        Where the pointer stands in the bar.
    """
    from PIL import Image, ImageDraw

    height, width = frame.shape[:2]
    text_px = max(round(min(height, width) * TEXT_SHARE), MIN_TEXT)
    pad = max(text_px // 2, 4)
    bar_px = max(text_px // 3, 4) if bar else 0
    tall = pad + text_px + pad + (bar_px + pad if bar else 0)
    ground = frame.copy()
    ground[-tall:] = (ground[-tall:] * (1 - DARK)).astype(np.uint8)
    picture = Image.fromarray(ground)
    draw = ImageDraw.Draw(picture)
    bold, plain = _font(text_px, True), _font(text_px, False)
    middle = height - tall + pad + text_px / 2
    right = width - pad - draw.textlength(detail, font=plain)
    square = text_px * 0.6
    left = pad + square + pad * 0.8
    draw.rectangle(
        (pad, middle - square / 2, pad + square, middle + square / 2), fill=colour
    )
    words = _cut(draw, label, bold, right - pad - left)
    # Letters hang on their baseline, so that lines do not jump from word to word.
    base = middle + text_px * 0.36
    draw.text((left, base), words, font=bold, fill="white", anchor="ls")
    draw.text((right, base), detail, font=plain, fill=FAINT, anchor="ls")
    if bar:
        _draw_bar(draw, bar, now, (pad, height - pad - bar_px), (width - pad, bar_px))
    return np.asarray(picture)


def _draw_bar(
    draw: Any,
    bar: Bar,
    now: float | None,
    corner: tuple[int, int],
    size: tuple[int, int],
) -> None:
    """Draw the parts of the bar, and the pointer over them."""
    left, top = corner
    right, tall = size
    long = right - left
    draw.rectangle((left, top, right, top + tall), fill="#3d444d")
    for colour, start, stop in bar:
        ends = (left + start * long, top, left + stop * long, top + tall)
        draw.rectangle(ends, fill=colour)
    if now is not None:
        at = left + min(max(now, 0.0), 1.0) * long
        draw.rectangle((at - 1.5, top - 2, at + 1.5, top + tall + 2), fill="white")


def _cut(draw: Any, words: str, font: "FreeTypeFont", room: float) -> str:
    """Return as much of the words as fits."""
    if draw.textlength(words, font=font) <= room:
        return words
    while words and draw.textlength(f"{words}…", font=font) > room:
        words = words[:-1]
    return f"{words.rstrip()}…"


@lru_cache(maxsize=16)
def _font(size_px: int, is_bold: bool) -> "FreeTypeFont":
    """Return DejaVu Sans, which comes with matplotlib and knows most scripts."""
    import matplotlib
    from PIL import ImageFont

    name = "DejaVuSans-Bold.ttf" if is_bold else "DejaVuSans.ttf"
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    return ImageFont.truetype(str(folder / name), size_px)
