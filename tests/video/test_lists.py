"""The lists of trimmed sets: real ones where they are, small ones for the refusals."""

import json
from collections import Counter

import pytest

from sensorhar.errors import DataError
from sensorhar.video import (
    ListedClip,
    read_hmdb51,
    read_kinetics,
    read_kth,
    read_something_something,
    read_sports1m,
    read_ucf101,
)


@pytest.fixture
def lists(real_data):
    folder = real_data / "video"
    if not folder.is_dir():
        pytest.skip("the lists of the video sets are not on this machine")
    return folder


@pytest.mark.parametrize(
    ("split", "train", "test"), [(1, 9537, 3783), (2, 9586, 3734), (3, 9624, 3696)]
)
def test_ucf101(lists, split, train, test):
    clips = read_ucf101(lists / "ucf101", split=split)
    assert Counter(clip.split for clip in clips) == {"train": train, "test": test}
    assert len({clip.label for clip in clips}) == 101
    assert {clip.group for clip in clips} == {f"g{i:02d}" for i in range(1, 26)}
    train_groups = {c.group for c in clips if c.split == "train"}
    assert not train_groups & {c.group for c in clips if c.split == "test"}
    hands = [clip for clip in clips if "HandStand" in clip.path]
    assert {clip.label for clip in hands} == {"HandstandPushups"}  # the folder's word


def test_kinetics(lists):
    for name, n_clips, n_labels in (
        ("400_val", 19906, 400),
        ("400_test", 38685, 0),
    ):
        clips = read_kinetics(lists / "kinetics" / f"kinetics-{name}.csv")
        assert len(clips) == n_clips
        assert len({clip.label for clip in clips} - {None}) == n_labels
    first = read_kinetics(lists / "kinetics" / "kinetics-400_val.csv")[0]
    assert first == ListedClip(
        "0wR5jVB-WPk_000417_000427.mp4", ("abseiling",), "val", "0wR5jVB-WPk"
    )


def test_kth(lists):
    clips = read_kth(lists / "kth" / "00sequences.txt")
    assert len(clips) == 2391  # as the authors count
    assert len({clip.path for clip in clips}) == 599
    assert len({clip.group for clip in clips}) == 25
    persons = {
        part: len({c.group for c in clips if c.split == part})
        for part in ("train", "validation", "test")
    }
    assert persons == {"train": 8, "validation": 8, "test": 9}
    assert clips[1] == ListedClip(
        "person01_boxing_d1_uncomp.avi", ("boxing",), "validation", "person01", 95, 90
    )


def test_sports1m_and_something(lists, tmp_path):
    path = tmp_path / "train_partition.txt"
    path.write_text("https://www.youtube.com/watch?v=UDqivjS-lpI 168,169\n")
    labels = lists / "sports1m" / "labels.txt"
    (clip,) = read_sports1m(path, labels=labels, split="train")
    words = labels.read_text().splitlines()
    assert clip.labels == (words[168], words[169])
    assert (clip.label, clip.group, clip.split) == (None, "UDqivjS-lpI", "train")
    path.write_text("https://www.youtube.com/watch?v=a 487\n")
    with pytest.raises(DataError, match="line 1 .* numbers of labels below 487"):
        read_sports1m(path, labels=labels)
    path = tmp_path / "train.json"
    entry = {"id": "78687", "template": "Attaching [something] to [something]"}
    path.write_text(json.dumps([entry, {"id": 1}]))
    known = lists / "something_something" / "sthv2_label_map.txt"
    clips = read_something_something(path, labels=known)
    assert clips == [
        ListedClip("78687.webm", ("Attaching something to something",)),
        ListedClip("1.webm"),
    ]
    path.write_text(json.dumps([{"id": "1", "template": "Flying [something]"}]))
    with pytest.raises(DataError, match="must hold a label among 174; got 'Flying"):
        read_something_something(path, labels=known)


def write_ucf(folder, train="A/v_A_g08_c01.avi 1\r\n", test="B/v_B_g01_c01.avi\r\n"):
    (folder / "classInd.txt").write_bytes(b"1 A\r\n2 B\r\n")
    (folder / "trainlist01.txt").write_bytes(train.encode())
    (folder / "testlist01.txt").write_bytes(test.encode())


def test_ucf101_small_and_broken(tmp_path):
    write_ucf(tmp_path)
    clips = read_ucf101(tmp_path)
    assert clips[1] == ListedClip("B/v_B_g01_c01.avi", ("B",), "test", "g01")
    write_ucf(tmp_path, train="A/v_A_g08_c01.avi 2\n")
    with pytest.raises(
        DataError, match=r"line 1 of trainlist01.txt must hold a class of"
    ):
        read_ucf101(tmp_path)
    write_ucf(tmp_path, test="\nC/v_C_g01_c01.avi\n")
    with pytest.raises(
        DataError, match=r"line 2 of testlist01.txt must hold a class of"
    ):
        read_ucf101(tmp_path)
    write_ucf(tmp_path, test="hello\n")
    with pytest.raises(DataError, match="must hold Class/v_Class_g01_c01.avi"):
        read_ucf101(tmp_path)
    (tmp_path / "classInd.txt").write_text("A\n")
    with pytest.raises(
        DataError, match="line 1 of classInd.txt must hold a number and a"
    ):
        read_ucf101(tmp_path)
    with pytest.raises(ValueError, match="split must be one of '1', '2', '3'; got '4'"):
        read_ucf101(tmp_path, split=4)
    with pytest.raises(DataError, match="classInd.txt must be a file that can be read"):
        read_ucf101(tmp_path / "nowhere")


def test_hmdb51(tmp_path):
    (tmp_path / "brush_hair_test_split1.txt").write_text(
        "April_09_brush_hair_u_nm_np1_ba_goo_0.avi 1 \n"
        "Brushing_her_hair_brush_hair_h_cm_np1_ri_goo_0.avi 2 \nx.avi 0\n"
    )
    clips = read_hmdb51(tmp_path)
    assert [clip.split for clip in clips] == ["train", "test", "unused"]
    assert clips[0].group == "April_09"
    assert clips[0].path == "brush_hair/April_09_brush_hair_u_nm_np1_ba_goo_0.avi"
    assert clips[1].label == "brush_hair"
    with pytest.raises(DataError, match=r"the split lists of HMDB51 \(\*_test_split2"):
        read_hmdb51(tmp_path, split=2)
    (tmp_path / "run_test_split1.txt").write_text("x.avi 3\n")
    with pytest.raises(DataError, match=r"line 1 of run_test_split1.txt .* 0, 1 or 2"):
        read_hmdb51(tmp_path)


def test_others_broken(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("label,youtube_id,time_start\nrun,x,1\n")
    with pytest.raises(DataError, match="'split', 'time_end' missing beside 'label'"):
        read_kinetics(path)
    path.write_text("youtube_id,time_start,time_end,split\nx,1,2,val\nx,a,2,val\n")
    with pytest.raises(
        DataError, match="line 3 of list.csv must hold 4 columns, times"
    ):
        read_kinetics(path)
    path.write_text("person01_boxing_d1 frames 5-1\n")
    with pytest.raises(DataError, match="line 1 .* ranges of frames such as 1-95; got"):
        read_kth(path)
    path.write_text("person1_boxing frames 1-5\n")
    with pytest.raises(DataError, match="must hold person01_boxing_d1 frames 1-95"):
        read_kth(path)
    path.write_text("nothing\n")
    with pytest.raises(DataError, match=r"it holds none. Pass 00sequences.txt"):
        read_kth(path)
    path.write_text("1;Holding something\n2\n")
    version_one = read_something_something(path, labels=["Holding something"])
    assert version_one == [ListedClip("1", ("Holding something",)), ListedClip("2")]
    path = tmp_path / "list.json"
    path.write_text("[3]")
    with pytest.raises(
        DataError, match="entry 1 of list.json must be an object with 'id'"
    ):
        read_something_something(path)
    path.write_text("{")
    with pytest.raises(DataError, match="list.json must be JSON; it cannot be read"):
        read_something_something(path)
    path = tmp_path / "part.txt"
    path.write_text("http://a b\n")
    with pytest.raises(DataError, match="must hold an address and numbers of labels"):
        read_sports1m(path, labels=["a"])
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(
        DataError, match="part.txt must be text in UTF-8; byte 0 is not"
    ):
        read_sports1m(path, labels=["a"])
