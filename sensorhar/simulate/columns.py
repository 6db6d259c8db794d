"""The columns of a pose, by name and by index."""

__all__ = ["COLUMNS"]

#: Ways in m beside the mean course, along the heading; angles in rad, those of the
#: belt on top of those of the trunk; height of the belt over the ground in m; speed
#: and climb of the course in m/s.
COLUMNS = (
    "up", "forward", "left",
    "belt_yaw", "belt_roll", "belt_pitch",
    "yaw", "roll", "pitch",
    "thigh", "shoulder", "elbow",
    "height", "speed", "climb",
)  # fmt: skip

N_COLUMNS = len(COLUMNS)
WAYS, BELT, TRUNK, LIMBS = slice(0, 3), slice(3, 6), slice(6, 9), slice(9, 12)
UP, FORWARD, LEFT = 0, 1, 2
BELT_YAW, BELT_ROLL, BELT_PITCH = 3, 4, 5
YAW, ROLL, PITCH = 6, 7, 8
THIGH, SHOULDER, ELBOW = 9, 10, 11
HEIGHT, SPEED, CLIMB = 12, 13, 14
