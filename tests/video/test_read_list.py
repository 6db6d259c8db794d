"""One function reads every list, by its content."""

import json

import pytest

from sensorhar.errors import DataError
from sensorhar.video import ListedClip, ListedVideo, read_list


def write(folder, name, text):
    path = folder / name
    path.write_text(text)
    return path


def test_a_table_of_ones_own(tmp_path):
    path = write(
        tmp_path,
        "labels.csv",
        'file,label,group,split\na.mp4,run,anna,train\n"b,c.mp4",walk,ben,test\nd,,,\n',
    )
    assert read_list(path) == [
        ListedClip("a.mp4", ("run",), "train", "anna"),
        ListedClip("b,c.mp4", ("walk",), "test", "ben"),
        ListedClip("d"),
    ]
    with pytest.raises(
        DataError, match=r"labels.csv must be among 1 classes; entry 1, b"
    ):
        read_list(path, classes=["run"])
    path.write_text("file,label\na.mp4,run,anna\n")
    with pytest.raises(DataError, match="line 2 of labels.csv must hold 2 columns"):
        read_list(path)


def test_ucf101(tmp_path):
    write(tmp_path, "classInd.txt", "1 Run\n2 Walk\n")
    for split in (1, 2, 3):
        name = f"v_Run_g0{split}_c01.avi"
        write(tmp_path, f"trainlist0{split}.txt", f"Run/{name} 1\n")
        write(tmp_path, f"testlist0{split}.txt", "Walk/v_Walk_g09_c01.avi\n")
    assert [clip.split for clip in read_list(tmp_path)] == ["train", "test"]
    (clip,) = read_list(tmp_path / "trainlist02.txt")
    assert (clip.group, clip.split) == ("g02", "train")
    (clip,) = read_list(tmp_path / "testlist03.txt")
    assert clip.labels == ("Walk",)


def test_hmdb51(tmp_path):
    for label in ("brush_hair", "run"):
        lines = f"film_{label}_f_1.avi 1\nother_{label}_f_2.avi 2\n"
        write(tmp_path, f"{label}_test_split1.txt", lines)
    assert len(read_list(tmp_path)) == 4
    found = read_list(tmp_path / "run_test_split1.txt")
    assert {clip.label for clip in found} == {"run"}


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        (
            "kinetics.csv",
            "label,youtube_id,time_start,time_end,split\nrun,abc,1,11,val\n",
            ListedClip("abc_000001_000011.mp4", ("run",), "val", "abc"),
        ),
        ("v1.csv", "100;Pushing it\n", ListedClip("100", ("Pushing it",))),
        (
            "v2.json",
            json.dumps([{"id": "7", "template": "Pushing [something]"}]),
            ListedClip("7.webm", ("Pushing something",)),
        ),
        (
            "sequences.txt",
            "Explanation\n\nperson01_boxing_d1\t\tframes\t1-95\n",
            ListedClip("person01_boxing_d1_uncomp.avi", ("boxing",), "validation",
                       "person01", 0, 95),
        ),
        ("video.txt", "some/clip.mp4 3\n", ListedClip("some/clip.mp4", ("3",))),
        ("video.txt", "a/b.webm 3 1\n", ListedClip("a/b.webm", ("3", "1"))),
        ("frames.txt", "a/b 120 3\n", ListedClip("a/b", ("3",), n_frames=120)),
        ("frames.txt", "a/b 10 120 3\n", ListedClip("a/b", ("3",), "", "", 10, 120)),
        (
            "list.json",
            json.dumps([{"filename": "a.mp4", "label": 3}]),
            ListedClip("a.mp4", ("3",)),
        ),
    ],
)  # fmt: skip
def test_other_lists(tmp_path, name, text, wanted):
    assert read_list(write(tmp_path, name, text)) == [wanted]


def test_codes_stand_for_classes(tmp_path):
    names = write(tmp_path, "classes.txt", "run\nwalk\n")
    path = write(tmp_path, "list.txt", "a.mp4 1\n")
    assert read_list(path, classes=names)[0].label == "walk"
    path.write_text("a.mp4 2\n")
    with pytest.raises(DataError, match="line 1 of list.txt must hold codes below 2"):
        read_list(path, classes=names)
    path.write_text("http://youtube.com/watch?v=abc 1\n")
    assert read_list(path, classes=names)[0].labels == ("walk",)
    with pytest.raises(
        DataError, match="list.txt is of Sports-1M, whose labels are num"
    ):
        read_list(path)


def test_untrimmed_videos(tmp_path):
    path = write(
        tmp_path,
        "anet.json",
        json.dumps(
            {
                "v_1": {
                    "duration_second": 9,
                    "annotations": [{"segment": [1, 3], "label": "run"}],
                }
            }
        ),
    )
    (video,) = read_list(path)
    assert isinstance(video, ListedVideo)
    with pytest.raises(DataError, match="entry 0, v_1, has 'run'"):
        read_list(path, classes=["walk"])
    folder = tmp_path / "thumos"
    folder.mkdir()
    write(folder, "Run_val.txt", "video_val_1  1.0 2.0\n")
    assert read_list(folder)[0].name == "video_val_1"


def test_what_is_no_list(tmp_path):
    for name, text, message in (
        (
            "a.txt",
            "hello world\n",
            "a.txt must be a list of a known form; its first li",
        ),
        ("a.txt", "", "a.txt must be a list of a known form; its first line is ''"),
        (
            "a.txt",
            "# 0\nimgs\n5\n",
            "a.txt holds proposals; read it with read_mmaction",
        ),
        ("a.json", '{"results": {}}', "a.json must be a list of Something-Something"),
        ("a.json", "3", "a.json must be a list of Something-Something"),
    ):
        with pytest.raises(DataError, match=message):
            read_list(write(tmp_path, name, text))
    with pytest.raises(
        DataError, match="must hold the lists of UCF101, HMDB51 or THUM"
    ):
        read_list(tmp_path)


def test_real_files(real_data):
    folder = real_data / "video"
    if not (folder / "ucf101").is_dir():
        pytest.skip("the lists of UCF101 are not on this machine")
    assert len(read_list(folder / "ucf101" / "testlist02.txt")) == 3734
    assert len(read_list(folder / "kth" / "00sequences.txt")) == 2391
    lists = folder / "mmaction2_samples" / "annotations"
    assert read_list(lists / "rawframe_test_list.txt")[0].n_frames == 5
    assert read_list(lists / "action_test_anno.json")[0].name == "v_test1"
