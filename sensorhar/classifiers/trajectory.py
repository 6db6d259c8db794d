"""Trajectories, Fisher vectors and a linear support vector machine."""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers._linear_svm import Machines, find_sharpness
from sensorhar.classifiers._ridge import deal_folds
from sensorhar.classifiers._rows import n_at_once
from sensorhar.classifiers._training import Training
from sensorhar.classifiers.base import SensorClassifier
from sensorhar.classifiers.fisher import FisherVector

__all__ = ["TrajectoryClassifier"]

#: Examples described at a time.
MOST_AT_ONCE = 128

#: Gaussians of a vocabulary of one sensor, and of one that all joints or points share,
#: by the axes of an example. Of 4 to 32, 8 were best on held-out training subjects of
#: UCI HAR; on UTD-MHAD's joints 32 are better than 8, and 64 hardly better than 32.
N_GAUSSIANS = {2: 8, 3: 32, 4: 32}

#: Side of what is described around a point in video, in px, where frames allow it.
PATCH_PX = 32

#: Sets of local descriptors: for each vocabulary, one an example.
Sets = list[NDArray[np.float32] | list[NDArray[np.float32]]]


class TrajectoryClassifier(SensorClassifier):
    """Classify windows, poses or clips by the tracks of their points.

    The classical system for video, and its mirror for sensors: improved dense
    trajectories (Wang & Schmid, ICCV 2013) or the tracks of sensors and joints are
    described locally, each kind of descriptor is gathered in a Fisher vector, and
    these are told apart by linear support vector machines, one class against the
    others. ::

        windows  sensors   local_descriptors   trajectory --> Fisher vector --.
        poses    joints    local_descriptors   place ----->        "       ---+--> SVM
        clips    points    dense_trajectories  motion ---->        "       ---|
                                               change ---->        "       --'

    Each sensor of windows has vocabularies of its own; all joints share theirs. Clips
    of any size do, from 16 px a side; of frames smaller than 32 px the whole is
    described around each point.

    Probabilities are the softmax of the machines' scores, made as sharp as fits scores
    of subjects who were held out.

    Parameters
    ----------
    n_gaussians : int or None, default=None
        Gaussians of each vocabulary. None takes 8 for sensors, which have one each, and
        32 for poses and clips; the paper takes 256, for thousands of videos.
    track_length, track_step : int, default=15 and 5
        Samples, or frames, of a track; and from one to the next in samples, or px.
        Shorter clips have shorter tracks.
    n_scales : int, default=8
        Most scales, of time for sensors and joints, of size for video.
    flow : {"tvl1", "farneback", "dis"}, default="farneback"
        Optical flow that points follow in video.
    camera_motion : bool, default=True
        Whether to take the camera's motion from video. Pass False where it stands
        still, and for silhouettes.
    cost : float, default=1
        Cost of training errors, the C of the machines; the paper's is 100.
    max_tracks : int, default=50000
        Tracks that each vocabulary is learned from; the paper takes 256000.
    class_weight : {"balanced"}, mapping of label to float, or None, default=None
        Weight of each class.
    random_state : int or None, default=None
        With a number, two fits are equal.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    spec_ : WindowSpec, PoseSpec, ClipSpec or None
        The examples it was fitted on.
    coef_ : array of shape (n_features, n_classes)
        Weights of the Fisher vectors.

    See Also
    --------
    sensorhar.signal.local_descriptors : What is said of the tracks of sensors.
    sensorhar.signal.dense_trajectories : What is said of points in video.

    Examples
    --------
    >>> import sensorhar as sh
    >>> from sensorhar.classifiers import TrajectoryClassifier
    >>> windows = sh.make_windows(sh.simulate_recordings(3, random_state=0),
    ...     length_s=2.56, channels=["acc_x", "acc_y", "acc_z"])
    >>> clf = TrajectoryClassifier(n_gaussians=4, random_state=0).fit(windows)
    >>> clf.score(windows) > 0.8
    True
    """

    unit_: NDArray[np.float64]
    coef_: NDArray[np.float64]
    intercept_: NDArray[np.float64]

    _ranks = (0, 1, 2)
    _arrays = (
        "unit_",
        "vocabularies_",
        "vocabulary_sizes_",
        "coef_",
        "intercept_",
        "sharpness_",
    )

    def __init__(
        self,
        *,
        n_gaussians: int | None = None,
        track_length: int = 15,
        track_step: int = 5,
        n_scales: int = 8,
        flow: Literal["tvl1", "farneback", "dis"] = "farneback",
        camera_motion: bool = True,
        cost: float = 1.0,
        max_tracks: int = 50_000,
        class_weight: Any = None,
        random_state: Any = None,
    ) -> None:
        self.n_gaussians = n_gaussians
        self.track_length = track_length
        self.track_step = track_step
        self.n_scales = n_scales
        self.flow = flow
        self.camera_motion = camera_motion
        self.cost = cost
        self.max_tracks = max_tracks
        self.class_weight = class_weight
        self.random_state = random_state

    def _learn(self, training: Training) -> None:
        from sklearn.utils import check_random_state

        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        rng = np.random.default_rng(seed)
        numbers: Any = training.numbers
        self.unit_ = self._find_units(numbers)
        parts = self._parts(rng.permutation(len(numbers)))
        seen: list[tuple[NDArray[np.intp], Sets]] = []
        n_tracks = 0
        for rows in parts:
            seen.append((rows, self._describe(numbers[rows])))
            n_tracks += sum(len(one) for one in seen[-1][1][0])
            if n_tracks >= self.max_tracks:
                break
        if not n_tracks:
            raise ValueError(
                f"{type(self).__name__} needs something that moves; got no trajectory "
                f"in {len(numbers)} clips. Pass larger frames, or camera_motion=False "
                "where the camera stands still."
            )
        vocabularies = self._learn_vocabularies([sets for _, sets in seen], seed)
        self._keep(vocabularies)
        _, n_gaussians, n_kept = self.vocabulary_sizes_.T
        n_columns = np.sum(n_gaussians * (2 * n_kept + 1))
        features = np.empty((len(numbers), n_columns), dtype=np.float32)
        for rows, sets in seen:
            features[rows] = _encode(sets, vocabularies)
        for rows in parts:  # those that were not needed for the vocabularies
            features[rows] = _encode(self._describe(numbers[rows]), vocabularies)
        self._learn_machines(features, training, rng)

    def _learn_vocabularies(self, seen: list[Sets], seed: int) -> list[FisherVector]:
        n_gaussians = self.n_gaussians
        if n_gaussians is None:
            n_gaussians = N_GAUSSIANS[len(self.input_shape_)]
        vocabularies = []
        for which in range(len(seen[0])):
            sets = [one for part in seen for one in part[which]]
            vocabulary = FisherVector(
                n_gaussians,
                max_samples=self.max_tracks,
                with_weights=True,
                random_state=seed,
            )
            vocabularies.append(vocabulary.fit(sets))
        return vocabularies

    def _learn_machines(
        self, features: NDArray[np.float32], training: Training, rng: Any
    ) -> None:
        codes, weight = training.codes, training.weight
        n_classes = len(self.classes_)
        machines = Machines(features, codes, n_classes, self.cost, weight)
        fold = deal_folds(codes, training.groups, rng)
        scores = np.zeros((len(codes), n_classes))
        for k in range(fold.max() + 1):
            is_held = fold == k
            slopes, intercept = machines.fit(np.flatnonzero(~is_held))
            scores[is_held] = features[is_held] @ slopes + intercept
        self.sharpness_ = np.array(find_sharpness(scores, codes, weight))
        self.coef_, self.intercept_ = machines.fit(np.arange(len(codes)))

    def _estimate(self, numbers: Any) -> NDArray[np.float64]:
        vocabularies = self._vocabularies()
        scores = np.empty((len(numbers), len(self.classes_)))
        for rows in self._parts(np.arange(len(numbers))):
            features = _encode(self._describe(numbers[rows]), vocabularies)
            scores[rows] = features @ self.coef_ + self.intercept_
        scores *= self.sharpness_
        exponential: NDArray[np.float64] = np.exp(
            scores - scores.max(axis=1, keepdims=True)
        )
        return exponential

    def _parts(self, rows: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        """Yield some rows at a time."""
        size = min(MOST_AT_ONCE, n_at_once(self.input_shape_))
        for first in range(0, len(rows), size):
            yield rows[first : first + size]

    def _find_units(self, numbers: Any) -> NDArray[np.float64]:
        """Return how much motion is usual: of each sensor, or of all joints."""
        if len(self.input_shape_) == 4:
            return np.ones(0)
        units = []
        for points in self._points(numbers):
            moved = points - points.mean(axis=1, keepdims=True)
            if len(self.input_shape_) == 3:
                moved = np.diff(points, axis=1) if points.shape[1] > 1 else 0 * points
            size = np.sqrt(np.mean(np.sum(moved**2, axis=-1, dtype=np.float64)))
            units.append(float(size) if size > 1e-9 else 1.0)
        return np.array(units)

    def _points(self, numbers: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """Return what shares vocabularies, each (n, n_timepoints, n_points, n_axes)."""
        if len(self.input_shape_) == 3:
            return [numbers]
        triples = [list(triple) for triple in self._triples]
        taken = {column for triple in triples for column in triple}
        single = [[i] for i in range(numbers.shape[2]) if i not in taken]
        return [numbers[:, :, None, columns] for columns in [*triples, *single]]

    def _describe(self, numbers: NDArray[np.float32]) -> Sets:
        """Return the local descriptors of examples."""
        from sensorhar.signal.local_descriptors import local_descriptors

        if len(self.input_shape_) == 4:
            return self._describe_clips(numbers)
        sets: Sets = []
        for points, unit in zip(self._points(numbers), self.unit_, strict=True):
            found = local_descriptors(
                points,
                motion="displacement" if len(self.input_shape_) == 3 else "reading",
                unit=float(unit),
                length=self.track_length,
                step=self.track_step,
                n_scales=self.n_scales,
            )
            for values in found.values():
                sets.append(values.reshape(len(values), -1, values.shape[3]))
        return sets

    def _describe_clips(self, numbers: NDArray[np.float32]) -> Sets:
        from sensorhar.signal.trajectories import dense_trajectories, trajectory_parts

        n_frames, height, width = self.input_shape_[:3]
        length = min(self.track_length, n_frames - 1)
        parts = trajectory_parts(length).values()
        sets: list[list[NDArray[np.float32]]] = [[] for _ in parts]
        for clip in numbers:
            found, _ = dense_trajectories(
                clip,
                length=length,
                step_px=self.track_step,
                patch_px=min(PATCH_PX, height, width),
                n_scales=self.n_scales,
                method=self.flow,
                camera_motion=self.camera_motion,
            )
            for own, part in zip(sets, parts, strict=True):
                own.append(found[:, part])
        return [*sets]

    def _keep(self, vocabularies: list[FisherVector]) -> None:
        """Keep vocabularies as two arrays, which a file can hold."""
        sizes, numbers = [], []
        for one in vocabularies:
            sizes.append([len(one.mean_), *one.centres_.shape])
            numbers += [one.mean_, one.components_, one.weights_]
            numbers += [one.centres_, one.spreads_]
        self.vocabulary_sizes_ = np.array(sizes)
        self.vocabularies_ = np.concatenate([part.ravel() for part in numbers])

    def _vocabularies(self) -> list[FisherVector]:
        """Return what ``_keep`` kept."""
        found, rest = [], self.vocabularies_
        for n_columns, n_gaussians, n_kept in self.vocabulary_sizes_.tolist():
            one = FisherVector(n_gaussians, with_weights=True)
            for name, shape in (
                ("mean_", (n_columns,)),
                ("components_", (n_kept, n_columns)),
                ("weights_", (n_gaussians,)),
                ("centres_", (n_gaussians, n_kept)),
                ("spreads_", (n_gaussians, n_kept)),
            ):
                size = int(np.prod(shape))
                setattr(one, name, rest[:size].reshape(shape))
                rest = rest[size:]
            found.append(one)
        return found


def _encode(sets: Sets, vocabularies: list[FisherVector]) -> NDArray[np.float64]:
    """Return Fisher vectors of all kinds side by side, of length 1 together."""
    vectors = [one.transform(own) for own, one in zip(sets, vocabularies, strict=True)]
    return np.concatenate(vectors, axis=1) / np.sqrt(len(vocabularies))
