"""Video and poses: clips, skeletons, their readers, samplers and augmentation."""

from sensorhar.data.clip_spec import ClipSpec
from sensorhar.data.pose_spec import PoseSpec
from sensorhar.data.skeleton import COCO, KINECT, KINECT_2, Skeleton
from sensorhar.video.augment import (
    flip_frames,
    flip_joints,
    mirror,
    mirror_label,
    random_colour,
    random_crop,
    random_shift,
)
from sensorhar.video.checkpoint import (
    CheckpointEntry,
    read_checkpoint,
    read_checkpoint_index,
)
from sensorhar.video.clips import Clips
from sensorhar.video.draw import draw_clips
from sensorhar.video.listed import ListedClip, ListedVideo
from sensorhar.video.lists import (
    read_hmdb51,
    read_kinetics,
    read_kth,
    read_something_something,
    read_sports1m,
    read_ucf101,
)
from sensorhar.video.lists_mmaction2 import (
    ProposedVideo,
    read_mmaction2,
    read_mmaction2_proposals,
)
from sensorhar.video.lists_untrimmed import (
    read_activitynet,
    read_activitynet_results,
    read_thumos14,
)
from sensorhar.video.pose_sequence import PoseSequence
from sensorhar.video.poses import Poses, make_poses
from sensorhar.video.read import read_clips
from sensorhar.video.read_poses import (
    read_bvh_poses,
    read_coco_keypoints,
    read_ntu_skeleton,
    read_utd_mhad_poses,
)
from sensorhar.video.read_poses_mmaction2 import read_mmaction2_poses
from sensorhar.video.sampling import (
    dense_indices,
    segment_indices,
    spread_indices,
    strided_indices,
    uniform_indices,
    view_crops,
    view_indices,
    window_indices,
)
from sensorhar.video.simulate import simulate_pose_sequences
from sensorhar.video.weights import load_i3d_weights
from sensorhar.video.weizmann import read_weizmann

__all__ = [
    "COCO",
    "KINECT",
    "KINECT_2",
    "CheckpointEntry",
    "ClipSpec",
    "Clips",
    "ListedClip",
    "ListedVideo",
    "PoseSequence",
    "PoseSpec",
    "Poses",
    "ProposedVideo",
    "Skeleton",
    "dense_indices",
    "draw_clips",
    "flip_frames",
    "flip_joints",
    "load_i3d_weights",
    "make_poses",
    "mirror",
    "mirror_label",
    "random_colour",
    "random_crop",
    "random_shift",
    "read_activitynet",
    "read_activitynet_results",
    "read_bvh_poses",
    "read_checkpoint",
    "read_checkpoint_index",
    "read_clips",
    "read_coco_keypoints",
    "read_hmdb51",
    "read_kinetics",
    "read_kth",
    "read_mmaction2",
    "read_mmaction2_poses",
    "read_mmaction2_proposals",
    "read_ntu_skeleton",
    "read_something_something",
    "read_sports1m",
    "read_thumos14",
    "read_ucf101",
    "read_utd_mhad_poses",
    "read_weizmann",
    "segment_indices",
    "simulate_pose_sequences",
    "spread_indices",
    "strided_indices",
    "uniform_indices",
    "view_crops",
    "view_indices",
    "window_indices",
]
