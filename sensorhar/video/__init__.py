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
from sensorhar.video.boxes_mmaction2 import read_mmaction2_boxes
from sensorhar.video.checkpoint import (
    CheckpointEntry,
    read_checkpoint,
    read_checkpoint_index,
)
from sensorhar.video.clips import Clips
from sensorhar.video.draw import draw_clips
from sensorhar.video.fit_mount import fit_mount
from sensorhar.video.flow import flow_clips
from sensorhar.video.frames import read_frames
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
from sensorhar.video.match_distribution import match_distribution
from sensorhar.video.pose_sequence import PoseSequence
from sensorhar.video.pose_to_imu import PoseToIMU
from sensorhar.video.poses import Poses, make_poses
from sensorhar.video.predict_timeline import predict_timeline
from sensorhar.video.read import read_clips
from sensorhar.video.read_list import read_list
from sensorhar.video.read_pose_file import read_pose_file
from sensorhar.video.read_poses import read_poses
from sensorhar.video.read_poses_bvh import read_bvh_poses
from sensorhar.video.read_poses_coco import read_coco_keypoints
from sensorhar.video.read_poses_kinect import read_msr_action3d, read_utd_mhad_poses
from sensorhar.video.read_poses_mmaction2 import read_mmaction2_poses
from sensorhar.video.read_poses_ntu import read_ntu_skeleton
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
from sensorhar.video.scan import VideoFacts, scan_video
from sensorhar.video.simulate import simulate_pose_sequences
from sensorhar.video.slide import slide_clips
from sensorhar.video.timeline import Timeline
from sensorhar.video.utd_mhad_depth import read_utd_mhad_depth
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
    "PoseToIMU",
    "Poses",
    "ProposedVideo",
    "Skeleton",
    "Timeline",
    "VideoFacts",
    "dense_indices",
    "draw_clips",
    "fit_mount",
    "flip_frames",
    "flip_joints",
    "flow_clips",
    "load_i3d_weights",
    "make_poses",
    "match_distribution",
    "mirror",
    "mirror_label",
    "predict_timeline",
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
    "read_frames",
    "read_hmdb51",
    "read_kinetics",
    "read_kth",
    "read_list",
    "read_mmaction2",
    "read_mmaction2_boxes",
    "read_mmaction2_poses",
    "read_mmaction2_proposals",
    "read_msr_action3d",
    "read_ntu_skeleton",
    "read_pose_file",
    "read_poses",
    "read_something_something",
    "read_sports1m",
    "read_thumos14",
    "read_ucf101",
    "read_utd_mhad_depth",
    "read_utd_mhad_poses",
    "read_weizmann",
    "scan_video",
    "segment_indices",
    "simulate_pose_sequences",
    "slide_clips",
    "spread_indices",
    "strided_indices",
    "uniform_indices",
    "view_crops",
    "view_indices",
    "window_indices",
]
