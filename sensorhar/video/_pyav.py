"""Decode video files with PyAV."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._soft import require
from sensorhar.errors import DataError
from sensorhar.video._footage import Footage, Frames

__all__ = ["PyAVFile"]

#: Formats whose packets carry the stamp at which a frame is shown, so that decoding
#: can start in the middle. AVI has the order of decoding only.
_SEEKABLE = ("mov", "matroska")


class PyAVFile:
    """One video file."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    @property
    def av(self) -> Any:
        """The package, which does not travel through pickle."""
        return require("av", extra="video", purpose="decoding video")

    def scan(self) -> Footage:
        """Read the stamps of all packets, and decode the first frame alone."""
        stamps: list[int] = []
        keys: list[int] = []
        n_packets = 0
        first: Any = None
        try:
            with self.av.open(str(self.path)) as container:
                stream = self._stream(container)
                unit = float(stream.time_base or 0)
                for packet in container.demux(stream):
                    if first is None:
                        decoded = packet.decode()
                        first = decoded[0] if decoded else None
                    if not packet.size or packet.is_discard:
                        continue
                    n_packets += 1
                    stamp = packet.dts if packet.pts is None else packet.pts
                    if stamp is not None:
                        stamps.append(stamp)
                        if packet.is_keyframe:
                            keys.append(stamp)
                is_seekable = container.format.name.startswith(_SEEKABLE)
                rate_hz = float(stream.average_rate or 25)
                codec = stream.codec_context.name
                has_sound = bool(container.streams.audio)
        except self.av.error.FFmpegError as error:
            raise DataError(
                f"{self.name} must be a video; it cannot be read ({_reason(error)}). "
                "Fetch or convert it again."
            ) from error
        if first is None:
            raise DataError(
                f"{self.name} must hold frames; none can be decoded. Fetch or convert "
                "it again."
            )
        height, width = self._pixels(first).shape[:2]
        pts = np.unique(np.array(stamps, dtype=np.int64))
        # Streams without container have no stamps, and broken writers repeat them.
        is_timed = unit > 0 and len(pts) == n_packets
        times = pts * unit if is_timed else np.arange(n_packets) / rate_hz
        if not (is_timed and is_seekable):
            pts, keys = pts[:0], []
        key_pts = np.unique(np.array(keys, dtype=np.int64))
        times = times - times[0]
        return Footage(self.name, times, height, width, pts, key_pts, codec, has_sound)

    def frames(self, wanted: NDArray[np.intp], footage: Footage) -> Frames:
        """Decode from the nearest start before the first frame wanted."""
        at = 0
        try:
            with self.av.open(str(self.path)) as container:
                stream = self._stream(container)
                start = self._seek(container, stream, int(wanted[0]), footage)
                remaining = iter(wanted.tolist())
                nxt = next(remaining)
                at = start
                for place, frame in enumerate(container.decode(stream)):
                    at = self._number(frame, start, place, footage)
                    if at < start:
                        continue  # needs frames before the start, and is not wanted
                    if frame.is_corrupt:
                        break
                    if at != nxt:
                        continue
                    yield at, self._pixels(frame)
                    try:
                        nxt = next(remaining)
                    except StopIteration:
                        return
                else:
                    raise DataError(
                        f"frame {nxt} of {self.name} cannot be decoded: the file names "
                        f"{footage.n_frames} frames and ends after frame {at}. Fetch "
                        "or convert it again."
                    )
        except self.av.error.FFmpegError as error:
            raise DataError(
                f"{self.name} cannot be decoded after frame {at} ({_reason(error)}). "
                "Fetch or convert it again."
            ) from error
        raise DataError(
            f"frame {at} of {self.name} is damaged, and frames after it may be. Fetch "
            "or convert it again."
        )

    def _stream(self, container: Any) -> Any:
        """Return the first stream that moves; a cover picture does not."""
        cover = self.av.stream.Disposition.attached_pic
        moving = [s for s in container.streams.video if not s.disposition & cover]
        if not moving:
            held = "sound alone" if container.streams.audio else "no video"
            raise DataError(
                f"{self.name} must hold video; it holds {held}. Leave it out, or pass "
                'on_error="skip".'
            )
        return moving[0]

    def _seek(self, container: Any, stream: Any, first: int, footage: Footage) -> int:
        """Go to the last start at or before a frame; return its number."""
        if not len(footage.key_pts):
            return 0
        before = footage.key_pts[footage.key_pts <= footage.pts[first]]
        if len(before) < 2:
            return 0
        container.seek(int(before[-1]), stream=stream)
        return int(np.searchsorted(footage.pts, before[-1]))

    def _number(self, frame: Any, start: int, place: int, footage: Footage) -> int:
        """Return the number of a frame, by its stamp when decoding began midway."""
        if start == 0:
            return place
        if frame.pts is None or frame.pts < footage.pts[start]:
            return -1
        return int(np.searchsorted(footage.pts, frame.pts))

    def _pixels(self, frame: Any) -> NDArray[np.uint8]:
        """Return red, green and blue, upright."""
        pixels: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
        quarter_turns = round(frame.rotation / 90) % 4
        if quarter_turns:
            pixels = np.ascontiguousarray(np.rot90(pixels, quarter_turns))
        return pixels


def _reason(error: Any) -> str:
    return str(error.strerror or error)
