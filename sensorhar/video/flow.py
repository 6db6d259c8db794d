"""Clips of optical flow, made from clips of frames when they are asked for."""

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar.signal.optical_flow import optical_flow, scale_flow
from sensorhar.video._progress import run_all
from sensorhar.video._sequences import Held, Maker
from sensorhar.video.clips import Clips

__all__ = ["flow_clips"]


def flow_clips(
    clips: Clips,
    *,
    method: Literal["tvl1", "farneback", "dis"] = "tvl1",
    limit_px: float = 20.0,
    keep_length: bool = False,
    lazy: bool = True,
    n_workers: int = 1,
    progress: bool = True,
) -> Clips:
    """Return the optical flow of clips, as the flow stream of a network reads it.

    Flow is between neighbouring frames of a clip, so these must be neighbours in the
    video, too: read clips with ``sampling="dense"`` or ``"windows"``, not
    ``"segments"``. It depends on the size of the frames; I3D takes it at the size that
    the network sees, before the crop.

    TV-L1 of a frame of 240 x 320 px takes a core 1.3 s, Farnebäck's flow 0.03 s, DIS
    0.013 s. Keep what was computed, by ``lazy=False`` or ``load()``, or each epoch
    computes it again.

    Parameters
    ----------
    clips : Clips
        Grey or coloured.
    method : {"tvl1", "farneback", "dis"}, default="tvl1"
        Whose flow: see :func:`sensorhar.signal.optical_flow`.
    limit_px : float, default=20
        Flow is clipped to this many px per frame and divided by it, as for I3D.
    keep_length : bool, default=False
        Whether to repeat the last flow, so that there are as many as frames: then clips
        of both streams have one length.
    lazy : bool, default=True
        Whether to compute only when asked, each time anew; otherwise flow is computed
        now and kept in memory.
    n_workers : int, default=1
        How many clips are computed at a time.
    progress : bool, default=True
        Whether to show a bar, when computed now.

    Returns
    -------
    Clips
        Of channels ``flow_x`` and ``flow_y``, from -1 to 1; one frame shorter, unless
        ``keep_length``. Labels, groups and names are the same.

    Raises
    ------
    MissingPackageError
        Without OpenCV, or for TV-L1 without its contributed modules, once computed.
    ValueError
        When clips are of flow already, have one frame, or an option is wrong.

    Examples
    --------
    >>> y, x = np.mgrid[:32, :32]
    >>> waves = np.stack([np.sin((x - i) / 3) * np.sin(y / 3) for i in range(5)])
    >>> clips = Clips.from_array(0.5 + 0.4 * waves[None, ..., None], y=["right"])
    >>> flow = flow_clips(clips, method="dis", limit_px=2)
    >>> flow
    <Clips 1 x 4 x 32 x 32 x 2 | any rate | flow_x flow_y | right 1>
    >>> float(np.median(flow[0][..., 0]).round(1))
    0.5
    """
    check_choice(method, "method", ["tvl1", "farneback", "dis"])
    check_positive(limit_px, "limit_px", "px")
    check_positive(n_workers, "n_workers")
    spec = clips.spec
    if len(spec.channels) not in (1, 3) or spec.n_frames < 2:
        raise ValueError(
            "flow_clips takes clips of grey, or of red, green and blue, of at least "
            f"two frames; got {spec.describe()}."
        )
    n_frames = spec.n_frames if keep_length else spec.n_frames - 1
    makers: list[Maker] = [
        _Flow(maker, method, limit_px, n_frames) for maker in clips._makers
    ]
    if not lazy:
        found = run_all(
            "Computing flow", makers, n_workers=n_workers, progress=progress
        )
        makers = [Held(flow) for flow in found]
    return clips._like(
        makers=makers,
        spec=replace(spec, n_frames=n_frames, channels=("flow_x", "flow_y")),
        n_workers=n_workers,
    )


@dataclass(frozen=True, eq=False)
class _Flow:
    """Computes the flow of one clip when called."""

    maker: Maker
    method: Literal["tvl1", "farneback", "dis"]
    limit_px: float
    n_frames: int

    def __call__(self) -> NDArray[Any]:
        flow = optical_flow(self.maker(), method=self.method)
        scaled = scale_flow(flow, limit_px=self.limit_px)
        return scaled[np.minimum(np.arange(self.n_frames), len(scaled) - 1)]
