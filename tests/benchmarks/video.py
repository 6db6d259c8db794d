"""How fast video is decoded into clips, and how long the first look of I3D takes."""

import os
import tempfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import process_time

import numpy as np

from sensorhar.data.clip_spec import ClipSpec
from sensorhar.video import read_clips, slide_clips
from tests.benchmarks.row import Row, best_times

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

RATE_HZ, DURATION_S = 25, 8
HEIGHT, WIDTH = 480, 640


def write_scene(path: Path, codec: str) -> None:
    """Write coarse and fine structure that moves, as a camera held by hand sees."""
    import av

    rng = np.random.default_rng(0)
    coarse = rng.uniform(0, 255, (HEIGHT // 16 + 8, WIDTH // 16 + 8, 3))
    coarse = coarse.repeat(16, axis=0).repeat(16, axis=1)
    fine = rng.normal(0, 12, coarse.shape)
    scene = np.clip(coarse + fine, 0, 255).astype(np.uint8)
    unit = Fraction(1, RATE_HZ)
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=RATE_HZ)
        stream.height, stream.width, stream.pix_fmt = HEIGHT, WIDTH, "yuv420p"
        stream.bit_rate = 3_000_000
        for i in range(RATE_HZ * DURATION_S):
            down = round(40 + 30 * np.sin(i / 20))
            right = round(60 + 50 * np.sin(i / 33))
            part = scene[down : down + HEIGHT, right : right + WIDTH]
            frame = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(part), format="rgb24"
            )
            frame.pts, frame.time_base = i, unit
            container.mux(stream.encode(frame))
        container.mux(stream.encode())


def core_times(*functions: Callable[[], None], n_rounds: int = 3) -> list[float]:
    """Return the least CPU time of each in s, all threads together, in turns.

    That is what one core would take, also where others keep the machine busy.
    """
    least = [float("inf")] * len(functions)
    for _ in range(n_rounds):
        for i, function in enumerate(functions):
            start = process_time()
            function()
            least[i] = min(least[i], process_time() - start)
    return least


def decoding_of_640_x_480() -> list[Row]:
    """Clips of 16 frames of 112 x 112 from H.264 and MPEG-4, whole files, one core."""
    import av
    import cv2

    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for codec, name in (("libx264", "H.264"), ("mpeg4", "MPEG-4")):
            path = Path(folder) / f"{codec}.mp4"
            write_scene(path, codec)

            def ours(path=path):
                clips = read_clips(path, sampling="windows", size=112, progress=False)
                for clip in clips:
                    assert clip.shape == (16, 112, 112, 3)

            def overlapping(path=path):
                spec = ClipSpec(16, 112, 112, rate_hz=RATE_HZ)
                clips = slide_clips(path, spec=spec, step_s=4 / RATE_HZ)
                for first in range(0, len(clips), 8):
                    clips.batch(range(first, min(first + 8, len(clips))))

            def bare_av(path=path):
                with av.open(str(path)) as container:
                    for frame in container.decode(video=0):
                        frame.to_ndarray(format="rgb24")

            def bare_cv2(path=path):
                capture = cv2.VideoCapture(str(path))
                while capture.read()[0]:
                    pass

            times = core_times(ours, overlapping, bare_av, bare_cv2)
            speed = [DURATION_S / time for time in times]
            rows += [
                Row.at_least(
                    f"clips of {name}, times real time",
                    speed[0],
                    "x",
                    4,
                    {"name": "bare PyAV loop, full size", "value": speed[2]},
                ),
                Row.at_least(
                    f"the same, each frame in four clips of {name}",
                    speed[1],
                    "x",
                    4,
                    {"name": "bare OpenCV loop, full size", "value": speed[3]},
                ),
            ]
    return rows


def first_look_of_i3d() -> list[Row]:
    """Build I3D and pass one clip of 16 x 224 x 224 forwards."""
    import keras

    from sensorhar.networks import i3d

    clip = np.zeros((1, 16, 224, 224, 3), np.float32)
    keras.ops.convert_to_numpy(keras.layers.Dense(1)(clip))  # the engine is awake

    def ours():
        model = i3d(clip.shape[1:], 400)
        keras.ops.convert_to_numpy(model(clip, training=False))

    (time_s,) = best_times(ours)
    return [Row.at_most("build I3D and pass 16 x 224 x 224", time_s, "s", 2.5)]


def learning_from_clips() -> list[Row]:
    """Take the gradient of a strided convolution of clips, as I3D begins with."""
    import tensorflow as tf
    from keras import layers

    from sensorhar.networks.clip_layers import ClipConvolution

    clips = tf.random.normal((2, 16, 48, 48, 3), seed=0)

    def gradient_of(layer):
        layer.build(clips.shape)

        @tf.function
        def gradient():
            with tf.GradientTape() as tape:
                total = tf.reduce_sum(tf.square(layer(clips)))
            return tape.gradient(total, layer.trainable_variables)

        return lambda: gradient()[0].numpy()

    ours = gradient_of(ClipConvolution(16, 7, strides=2, padding="same"))
    theirs = gradient_of(layers.Conv3D(16, 7, strides=2, padding="same"))
    ours_s, theirs_s = best_times(ours, theirs)
    name = "gradient of a strided convolution of clips, as a share of Keras' own"
    rival = {"name": "keras.layers.Conv3D", "value": 1.0, "time_s": theirs_s}
    return [Row.at_most(name, ours_s / theirs_s, "", 0.1, rival)]


MEASUREMENTS = (decoding_of_640_x_480, first_look_of_i3d, learning_from_clips)
