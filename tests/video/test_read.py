"""Videos become clips: the right frames, at the right rate, or a clear refusal."""

import pickle
from fractions import Fraction
from functools import partial

import numpy as np
import pytest

from sensorhar.errors import DataError, MissingPackageError, SensorharWarning
from sensorhar.video import ListedClip, read_clips, view_indices, window_indices
from tests.video.conftest import moving_bar, numbers_of

read = partial(read_clips, progress=False)
BAR = moving_bar()


def test_frames_are_the_right_ones(video):
    clip = read(video, n_frames=4, size=32)
    assert clip.shape == (1, 4, 32, 32, 3)
    assert numbers_of(clip[0]) == [3, 9, 15, 21]  # the middle of each six
    assert clip.spec.rate_hz == pytest.approx(25 / 6)
    assert numbers_of(read(video, n_frames=6, sampling="dense")[0]) == list(
        range(9, 15)
    )
    windows = read(video, n_frames=6, size=16, sampling="windows")
    assert [numbers_of(one)[0] for one in windows] == [0, 6, 12, 18]
    assert windows.start_s.tolist() == pytest.approx([0, 0.24, 0.48, 0.72])
    assert windows.spec.rate_hz == pytest.approx(25)
    assert set(windows.names) == {"bar.mp4"}


def test_decoding_midway_gives_the_same_as_from_the_start(video):
    late = read(video, n_frames=6, size=None, sampling="windows")
    whole = read(video, n_frames=24, size=None, sampling="dense")
    assert np.array_equal(np.concatenate(list(np.asarray(late))), whole[0])
    assert late.shape[2:4] == (48, 64)


def test_resampling_goes_by_time_stamps(write_video, tmp_path, video):
    clip = read(video, n_frames=9, rate_hz=10, sampling="dense")
    # 0, 0.1, ... s: nearest of 0, 0.04, ... with ties to the earlier frame
    ten = read(video, n_frames=10, rate_hz=10, sampling="windows")[0]
    assert numbers_of(ten) == [0, 2, 5, 7, 10, 12, 15, 17, 20, 22]
    assert clip.spec.rate_hz == 10
    same = read(video, n_frames=24, rate_hz=25, sampling="windows")
    assert numbers_of(same[0]) == list(range(24))
    # ten frames within 0.1 s, then ten in 1 s
    stamps = [10 * i for i in range(10)] + [100 + 100 * i for i in range(10)]
    path = write_video(tmp_path / "uneven.mp4", BAR[:20], stamps_ms=stamps)
    steady = read(path, n_frames=10, rate_hz=10, sampling="windows")
    assert numbers_of(steady[0]) == [0, 10, 11, 12, 13, 14, 15, 16, 17, 18]
    with pytest.raises(
        DataError,
        match=r"uneven.mp4 must follow each other evenly; frame \d+ comes .* Pass "
        r"rate_hz=",
    ):
        read(path, n_frames=4)


@pytest.mark.parametrize("ending", ["avi", "mkv", "mov"])
def test_other_containers(write_video, tmp_path, ending):
    path = write_video(tmp_path / f"bar.{ending}", BAR)
    assert numbers_of(read(path, n_frames=24, sampling="dense")[0]) == list(range(24))


def test_both_decoders_agree(video, cv2):
    one = read(video, n_frames=24, size=None, backend="av", sampling="dense")
    other = read(video, n_frames=24, size=None, backend="opencv", sampling="dense")
    assert np.abs(one[0] - other[0]).max() <= 2 / 255
    assert other.spec.rate_hz == pytest.approx(25)
    slow = read(video, n_frames=5, rate_hz=5, backend="opencv", sampling="windows")
    assert numbers_of(slow[0]) == numbers_of(
        read(video, n_frames=5, rate_hz=5, sampling="windows")[0]
    )


def test_opencv_stands_in(video, monkeypatch, cv2):
    import sensorhar._soft as soft

    real = soft.import_module

    def without_av(name):
        if name == "av":
            raise ImportError(name)
        return real(name)

    monkeypatch.setattr(soft, "import_module", without_av)
    assert numbers_of(read(video, n_frames=4, size=32)[0]) == [3, 9, 15, 21]
    with pytest.raises(MissingPackageError, match=r"needs av. Install it: pip install"):
        read(video, backend="av")


def test_without_any_decoder(tmp_path, monkeypatch):
    import sensorhar._soft as soft

    def without(name):
        raise ImportError(name)

    monkeypatch.setattr(soft, "import_module", without)
    path = tmp_path / "a.mp4"
    path.write_bytes(b"x")
    with pytest.raises(MissingPackageError, match=r'pip install "sensorhar\[video\]"'):
        read(path)
    assert read([BAR], n_frames=4).shape == (1, 4, 112, 112, 3)  # arrays need neither


def test_pictures_gif_and_arrays(av, write_video, tmp_path):
    folder = tmp_path / "frames"
    folder.mkdir()
    for i in (10, 2, 1, 9):
        write_picture(av, folder / f"img_{i}.png", BAR[i])
    clip = read([folder], n_frames=4, size=None)
    assert numbers_of(clip[0]) == [1, 2, 9, 10]  # by number, not by letter
    assert np.isnan(clip.start_s[0])
    assert read([folder], n_frames=4, source_rate_hz=5).spec.rate_hz == 5
    np.save(tmp_path / "bar.npy", BAR)
    from_array = read([BAR, tmp_path / "bar.npy"], n_frames=24, size=None)
    assert np.array_equal(np.asarray(from_array) * 255, np.float32([BAR, BAR]))
    assert from_array.names.tolist()[0] == "array 0"
    grey = read([BAR[..., 0]], n_frames=24, size=None, grey=True)
    assert np.array_equal(np.rint(grey[0] * 255)[..., 0], BAR[..., 0])
    with pytest.raises(DataError, match=r"array 0 has no time stamps, which rate_hz=5"):
        read([BAR], rate_hz=5)
    with pytest.raises(DataError, match="must be uint8 of shape"):
        read([BAR.astype(float)])


def test_gif_with_pauses(av, tmp_path):
    path = tmp_path / "bar.gif"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.height, stream.width = BAR.shape[1:3]
        stream.pix_fmt = "gray"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 100)
        for number, stamp in ((0, 0), (10, 10), (20, 40)):
            frame = av.VideoFrame.from_ndarray(BAR[number, ..., 1], format="gray")
            frame.pts, frame.time_base = stamp, Fraction(1, 100)
            for packet in stream.encode(frame):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    clip = read(path, n_frames=5, size=None, rate_hz=10, sampling="dense")
    assert numbers_of(clip[0]) == [0, 10, 10, 20, 20]


def write_picture(av, path, pixels):
    with av.open(str(path), "w", format="image2") as container:
        stream = container.add_stream("png", rate=1)
        stream.height, stream.width = pixels.shape[:2]
        stream.pix_fmt = "rgb24"
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
        for packet in [*stream.encode(frame), *stream.encode()]:
            container.mux(packet)


def test_a_folder_of_classes(video, tmp_path):
    for place in ("run/anna_1", "run/ben_1", "walk/anna_2"):
        path = tmp_path / f"{place}.mp4"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(video.read_bytes())
    (tmp_path / "readme.txt").write_text("not a video")
    clips = read(
        tmp_path,
        labels="folder",
        groups=lambda name: name.split("/")[1].split("_")[0],
        n_frames=2,
        size=8,
        n_workers=2,
    )
    assert clips.y.tolist() == ["run", "run", "walk"]
    assert clips.groups.tolist() == ["anna", "ben", "anna"]
    assert clips.names.tolist() == [
        "run/anna_1.mp4",
        "run/ben_1.mp4",
        "walk/anna_2.mp4",
    ]
    again = pickle.loads(pickle.dumps(clips))
    assert np.array_equal(np.asarray(again), np.asarray(clips))
    table = tmp_path / "labels.csv"
    table.write_text(
        "file,label,group\nanna_1,a,x\nrun/ben_1.mp4,b,y\nanna_2.mp4,c,x\n"
    )
    clips = read(tmp_path, labels=table, n_frames=2, size=8)
    assert (clips.y.tolist(), clips.groups.tolist()) == (
        ["a", "b", "c"],
        ["x", "y", "x"],
    )
    table.write_text("file,label\nanna_1,a\n")
    with pytest.raises(
        ValueError, match=r"labels.csv has no label for 'run/ben_1.mp4'"
    ):
        read(tmp_path, labels=table)
    table.write_text("name;label\nanna_1;a\n")
    with pytest.raises(DataError, match="must have a header 'file,label'"):
        read(tmp_path, labels=table)
    table.write_text("file,label\nanna_1,a,b\n")
    with pytest.raises(DataError, match="row 2 of labels.csv must have 2 columns"):
        read(tmp_path, labels=table)


def test_listed_clips_cut_the_file(video, tmp_path):
    listed = [
        ListedClip(video.name, ("a",), group="x", first_frame=6, n_frames=6),
        ListedClip(video.name, ("b",), group="y", first_frame=12, n_frames=12),
    ]
    clips = read(listed, root=video.parent, n_frames=3, size=16)
    assert [numbers_of(one) for one in clips] == [[7, 9, 11], [14, 18, 22]]
    assert (clips.y.tolist(), clips.groups.tolist()) == (["a", "b"], ["x", "y"])
    assert clips.start_s.tolist() == pytest.approx([7 / 25, 14 / 25])
    with pytest.raises(DataError, match="frames 20 to 29 of bar.mp4; it has 24"):
        read([ListedClip(video.name, first_frame=20, n_frames=10)], root=video.parent)
    with pytest.raises(DataError, match=r"gone.avi is not there: .* Pass\s+root=..."):
        read([ListedClip("gone.avi")], root=tmp_path)


def test_a_sampler_of_ones_own(video):
    views = partial(view_indices, n_frames=4, interval=2, n_views=3)
    assert len(read(video, n_frames=4, size=8, sampling=views)) == 3
    with pytest.raises(
        ValueError, match=r"must return whole numbers of shape \(n_clips, 4"
    ):
        read(video, n_frames=4, sampling=lambda n: np.zeros((1, 3), int))
    with pytest.raises(
        ValueError, match="must return numbers from 0 to 23 for bar.mp4"
    ):
        read(video, n_frames=1, sampling=lambda n: np.array([[n]]))
    with pytest.raises(
        DataError, match="at least as long as a clip of 30 frames; it has"
    ):
        read(video, n_frames=30, sampling="windows")


def broken_files(folder, video, write_video, av):
    """Write one file of each kind of trouble, and say what the message must hold."""
    content = bytearray(video.read_bytes())
    (folder / "empty.mp4").write_bytes(b"")
    (folder / "text.mp4").write_bytes(b"this is no video at all" * 40)
    (folder / "cut.mp4").write_bytes(content[: len(content) // 2])
    write_video(folder / "single.mp4", BAR[:1])
    with av.open(str(folder / "sound.wav"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        sound = av.AudioFrame.from_ndarray(
            np.zeros((1, 800), np.int16), format="s16", layout="mono"
        )
        sound.sample_rate = 8000
        for packet in [*stream.encode(sound), *stream.encode()]:
            container.mux(packet)
    (folder / "mixed").mkdir()
    write_picture(av, folder / "mixed" / "1.png", BAR[0])
    write_picture(av, folder / "mixed" / "2.png", BAR[1][:40])
    (folder / "half").mkdir()
    write_picture(av, folder / "half" / "1.png", BAR[0])
    (folder / "half" / "2.png").write_bytes(b"no picture")
    return {
        "empty.mp4": "empty.mp4 must be a video; it is empty",
        "text.mp4": r"text.mp4 must be a video; it cannot be read \(Invalid data",
        "cut.mp4": r"cut.mp4 must have at least [\d,]+ bytes, as its header says",
        "single.mp4": "single.mp4 must hold at least two frames; it holds one picture",
        "sound.wav": "sound.wav must hold video; it holds sound alone",
        "mixed": "mixed must all be 48 x 64 like its first; frame 1 is 40 x 64",
        "half": "frame 1 of half, '2.png', must be a picture; it cannot be read",
        "gone.mp4": "gone.mp4 is not there",
    }


def test_broken_files_are_named(tmp_path, video, write_video, av):
    wanted = broken_files(tmp_path, video, write_video, av)
    for name, message in wanted.items():
        with pytest.raises(DataError, match=message):
            np.asarray(read([name], root=tmp_path, n_frames=2, size=8))
    sources = [*(tmp_path / name for name in wanted), video]
    with pytest.warns(
        SensorharWarning, match="8 of 9 videos are skipped: .*clips.skipped"
    ):
        clips = read(sources, labels=list("abcdefghi"), n_frames=2, on_error="skip")
    assert clips.y.tolist() == ["i"]
    skipped = {name.rpartition("/")[2]: reason for name, reason in clips.skipped}
    assert list(skipped) == list(wanted)
    assert "holds sound alone" in skipped["sound.wav"]
    assert type(clips).concat([clips, clips]).skipped == clips.skipped * 2
    with pytest.raises(DataError, match="none of 1 videos can be read; the first: "):
        read([tmp_path / "text.mp4"], on_error="skip")


def test_a_damaged_frame_is_named(tmp_path, write_video, av):
    noise = np.random.default_rng(0).integers(0, 256, (24, 48, 64, 3), dtype=np.uint8)
    path = write_video(tmp_path / "noise.mp4", list(noise))
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = bytes(3000)
    path.write_bytes(content)
    clips = read(path, n_frames=24, sampling="dense", size=8)  # stamps are whole
    with pytest.raises(
        DataError, match=r"(frame \d+ of )?noise.mp4 .*(damaged|decoded)"
    ):
        clips.load(progress=False)


def test_a_phone_held_upright(video, tmp_path, cv2):
    """The matrix in the header of an mp4 file says to turn it."""
    content = video.read_bytes()
    at = content.index(b"tkhd") + 4 + 4 + 20 + 8 + 8
    one = (1 << 16).to_bytes(4, "big")
    minus = (-(1 << 16)).to_bytes(4, "big", signed=True)
    zero, unit = bytes(4), (1 << 30).to_bytes(4, "big")
    assert content[at : at + 4] == one
    turned = zero + one + zero + minus + zero + zero + zero + zero + unit
    path = tmp_path / "upright.mp4"
    path.write_bytes(content[:at] + turned + content[at + 36 :])
    clip = read(path, n_frames=2, size=None)[0]
    assert clip.shape == (2, 64, 48, 3)
    flat = read(video, n_frames=2, size=None)[0]
    assert np.array_equal(clip, np.rot90(flat, -1, axes=(1, 2)))
    other = read(path, n_frames=2, size=None, backend="opencv")[0]
    assert np.abs(clip - other).max() <= 2 / 255


def test_frames_of_changing_size_within_a_file(write_video, tmp_path):
    large = write_video(tmp_path / "large.ts", BAR)
    small = write_video(tmp_path / "small.ts", list(moving_bar(24, 32, 48)))
    path = tmp_path / "both.ts"
    path.write_bytes(large.read_bytes() + small.read_bytes())
    clips = read(path, n_frames=4, size=16)  # stamps are whole
    message = r"frames of both.ts must all be 48 x 64 like its first; frame \d+ is 32 x"
    with pytest.raises(DataError, match=message):
        clips.load(progress=False)


def test_streams_without_container(write_video, tmp_path):
    path = write_video(tmp_path / "bar.h264", BAR, codec="h264")
    assert numbers_of(read(path, n_frames=4, size=32)[0]) == [3, 9, 15, 21]


@pytest.mark.parametrize("ending", ["mp4", "mkv", "avi"])
def test_a_file_cut_short_is_no_shorter_video(write_video, tmp_path, ending):
    whole = write_video(tmp_path / f"whole.{ending}", BAR).read_bytes()
    path = tmp_path / f"cut.{ending}"
    path.write_bytes(whole[: len(whole) * 2 // 3])
    message = f"cut.{ending} must have at least .* bytes, as its header says; it is cut"
    with pytest.raises(DataError, match=message):
        read(path, n_frames=2, size=8)


def test_lists_that_name_missing_files(video, tmp_path):
    (tmp_path / "deep").mkdir()
    copy = tmp_path / "deep" / "bar.mp4"
    copy.write_bytes(video.read_bytes())
    listed = [ListedClip(name, ("a",)) for name in ("bar.mp4", "gone.mp4", "off.mp4")]
    with pytest.raises(
        DataError, match="all 3 files must be there; 2 are not: 'gone.m"
    ):
        read(listed, root=tmp_path)
    with pytest.warns(
        SensorharWarning, match="2 of 3 videos are skipped: 'gone.mp4', "
    ):
        clips = read(listed, root=tmp_path, n_frames=2, size=8, on_error="skip")
    assert clips.names.tolist() == ["bar.mp4"]  # found by its name in a folder
    table = tmp_path / "labels.csv"
    table.write_text("file,label\nbar.mp4,run\ngone.mp4,walk\n")
    with pytest.raises(
        DataError, match="labels.csv must name files that are there; 1 are not: 'gone.m"
    ):
        read(tmp_path, labels=table)
    with pytest.warns(SensorharWarning, match="1 of 2 videos are skipped: 'gone.mp4'"):
        clips = read(tmp_path, labels=table, n_frames=2, size=8, on_error="skip")
    assert clips.y.tolist() == ["run"]
    assert read(copy, labels=table, n_frames=2, size=8).y.tolist() == ["run"]


def test_unknown_labels_are_skipped(video):
    with pytest.warns(SensorharWarning, match="1 of 2 videos are skipped: 'array 1'"):
        clips = read(
            [BAR, BAR],
            labels=["run", "jump"],
            classes=["run", "walk"],
            n_frames=2,
            size=8,
            on_error="skip",
        )
    assert clips.y.tolist() == ["run"]
    assert clips.skipped == (
        ("array 1", "labels must be among 'run', 'walk'; array 1 has 'jump'."),
    )
    with pytest.warns(SensorharWarning, match="1 of 2 videos are skipped"):
        clips = read(
            [video, BAR], labels={"bar.mp4": "a"}, n_frames=2, size=8, on_error="skip"
        )
    assert clips.skipped == (("array 1", "labels has none for 'array 1'."),)


def test_flow_beside_frames_is_none_of_them(av, tmp_path):
    for i in range(3):
        write_picture(av, tmp_path / f"img_{i:05d}.png", BAR[i])
        for name in ("x", "flow_y"):
            write_picture(av, tmp_path / f"{name}_{i:05d}.png", BAR[0])
    assert numbers_of(read([tmp_path], n_frames=3, size=None)[0]) == [0, 1, 2]
    for path in tmp_path.glob("img*"):
        path.unlink()
    assert read([tmp_path], n_frames=6, size=8).shape[1] == 6  # flow alone is read


def test_clips_of_one_file_are_decoded_once(video, monkeypatch):
    import sensorhar.video._pyav as pyav

    converted = []
    real = pyav.PyAVFile._pixels

    def pixels(self, frame):
        converted.append(frame.pts)
        return real(self, frame)

    windows = partial(window_indices, n_frames=8, step=2)
    clips = read(video, n_frames=8, size=16, sampling=windows)
    monkeypatch.setattr(pyav.PyAVFile, "_pixels", pixels)
    assert [numbers_of(clip)[0] for clip in clips] == list(range(0, 17, 2))
    assert len(converted) == 24
    converted.clear()
    again = clips.batch([8, 0, 4])  # in any order, once more
    assert [numbers_of(clip)[0] for clip in again] == [16, 0, 8]
    assert len(converted) == 24


def test_few_files_stay_open(video):
    windows = partial(window_indices, n_frames=4)
    clips = read([video] * 12, n_frames=4, size=8, sampling=windows)
    begun = [clips[i] for i in range(0, len(clips), 6)]  # the first of each file
    assert [numbers_of(clip)[0] for clip in begun] == [0] * 12
    reels = {maker.reel for maker in clips._makers}
    assert sum(reel._frames is not None for reel in reels) == 8
    assert numbers_of(clips[5])[0] == 20
    assert clips[1:2].shape == (1, 4, 8, 8, 3)


def test_options_are_checked(video, tmp_path):
    for options, message in (
        ({"on_error": "warn"}, "on_error must be one of 'raise', 'skip'; got 'warn'"),
        ({"fit": "pad"}, "fit must be one of"),
        ({"sampling": "all"}, "sampling must be one of"),
        ({"backend": "decord"}, "backend must be one of"),
        ({"size": (1, 2, 3)}, "size must be a side, or"),
        ({"size": 0}, "size must be a number of px above 0"),
        ({"n_frames": 0}, "n_frames must be a number above 0"),
        ({"rate_hz": 0}, "rate_hz must be a number of Hz above 0"),
        ({"labels": ["a", "b"]}, "labels must have one for each of 1 files; got 2"),
        ({"labels": ["run"], "classes": ["walk"]}, "must be among 'walk'; bar.mp4 has"),
        ({"labels": {"foo": "a"}}, "labels has none for 'bar.mp4'"),
    ):
        with pytest.raises(ValueError, match=message):
            read(video, **options)
    with pytest.raises(ValueError, match="at least one video; got an empty list"):
        read([])
    with pytest.raises(
        DataError, match="must hold videos or folders of pictures; it h"
    ):
        read(tmp_path)
    with pytest.raises(DataError, match=r"one size when size=None; array 0 is 48 x 64"):
        read([BAR, BAR[:, :40]], size=None)
    with pytest.raises(ValueError, match='"folder" takes the folder of each video'):
        read([BAR], labels="folder")


def test_real_files(real_data, av):
    folder = real_data / "video" / "mmaction2_samples" / "clips"
    if not folder.is_dir():
        pytest.skip("the clips of MMAction2 are not on this machine")
    clips = read([folder / "test.mp4", folder / "test.avi"], n_frames=8, size=32)
    assert np.asarray(clips).std() > 0.1
    stated = {"demo.mp4": 280, "test.avi": 164, "test.mp4": 300, "part_0.mp4": 32}
    from sensorhar.video._pyav import PyAVFile

    gif = real_data / "video" / "i3d" / "v_CricketShot_g04_c01_rgb.gif"
    frames = read(gif, n_frames=79, size=None, sampling="windows")
    assert frames.shape == (1, 79, 224, 224, 3)  # as its authors describe it
    assert frames.spec.rate_hz == pytest.approx(25)
    for name, n_frames in stated.items():
        assert PyAVFile(folder / name, name).scan().n_frames == n_frames
    with pytest.raises(DataError, match="part_0.mp4 must follow each other evenly"):
        read(folder / "part_0.mp4", n_frames=8)
