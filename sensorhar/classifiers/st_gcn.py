"""A graph of joints as a classifier."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from sensorhar.classifiers._architecture import ArchitectureClassifier
from sensorhar.data.pose_spec import PoseSpec

__all__ = ["STGCNClassifier"]


class STGCNClassifier(ArchitectureClassifier):
    """Classify poses, windows or clips with a graph network over joints.

    Yan et al., "Spatial Temporal Graph Convolutional Networks for Skeleton-Based Action
    Recognition", AAAI 2018; several streams after Shi et al., CVPR 2019 and IEEE TIP
    2020. A sensor is one joint; the places of a clip are joints linked to their
    neighbours.

    Parameters
    ----------
    edges : sequence of pairs of int, optional
        Joints that are linked, for streams of bones as (parent, child). By default the
        bones of the skeleton of ``Poses``; where there is none, every joint is linked
        to every other, and what matters is learned.
    centre : int, default=0
        The joint from which distances are counted, such as the neck.
    streams : sequence of str, default=("joint",)
        Of "joint", where joints are; "bone", from the joint each hangs on;
        "joint_motion" and "bone_motion", their change from each timepoint to the next.
    fusion : {"logits_sum", "logits_mean", "probabilities_mean"}, default="logits_sum"
        What of several streams is fused; see
        :func:`sensorhar.networks.two_stream.fuse`.
    filters : sequence of int
        Filters of each block; where their number grows, time is halved. The published
        ones are four of 64, three of 128, three of 256.
    width : float, optional
        Share of these filters; default 1 for clips, 1/4 otherwise.
    kernel_size : int, default=9
        Timepoints a filter sees.
    dropout : float, default=0.5
        Share of features dropped before the last layer while training.
    shape_and_size : bool, optional
        Whether each channel is accompanied by its amplitude-free shape and its size;
        default for sensors alone. See :class:`sensorhar.networks.blocks.ShapeAndSize`.
    epochs : int, default=20
        At most so many passes over the training part.
    batch_size : int, default=128
        Windows in one step of the optimiser.
    learning_rate : float, default=0.002
        At the start; it falls to 0 along a half cosine over all epochs.
    patience : int or None, default=10
        Stop after so many epochs without a better loss on the watched subjects, and
        return to the best weights. None trains all epochs on all subjects.
    validation_share : float, default=0.15
        Share of the subjects in ``groups`` to watch, whom training does not see.
    class_weight : {"balanced"}, mapping of label to float, or None, default=None
        Weight of each class in the loss.
    rotation_deg : float, default=20
        Training windows are turned at random by up to so many degrees, all sensors of
        one place alike, as nobody wears a sensor twice at the same angle. Needs to
        know the axes, so it does nothing on bare arrays. 0 turns nothing.
    sensor_dropout : float, default=0
        Probability with which each sensor of a training window is left out, never all
        of them, so that the classifier can do without any; see
        ``make_windows(..., missing="mask")``.
    augment : callable or None, default=None
        ``augment(batch, rng) -> batch`` on training batches; see
        :mod:`sensorhar.signal.augment`.
    callbacks : sequence of callables, default=()
        Factories: each is called at every fit and returns a new Keras callback.
    verbose : {0, 1}, default=1
        1 shows a progress bar.
    random_state : int or None, default=None
        With a number, two fits on one CPU give equal weights.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    spec_ : WindowSpec, PoseSpec, ClipSpec or None
        The windows, poses or clips it was fitted on; None after bare arrays.
    history_ : dict of str to list of float
        Loss and accuracy of each epoch.
    network_ : keras.Model
        From SI numbers to probabilities.
    watched_subjects_ : list of str
        Whom early stopping watched.

    See Also
    --------
    sensorhar.networks.st_gcn : the network itself.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar.video import Poses, Skeleton
    >>> arm = Skeleton(("shoulder", "elbow", "hand"), ((0, 1), (1, 2)))
    >>> noise = np.random.default_rng(0).normal(size=(6, 8, 3, 3))
    >>> poses = Poses.from_array(noise, skeleton=arm, y=list("aabbab"))
    >>> clf = STGCNClassifier(streams=("joint", "bone"), filters=(8,),
    ...     epochs=1, verbose=0)
    >>> clf.fit(poses).predict_proba(poses[:4]).shape
    (4, 2)
    """

    def __init__(
        self,
        *,
        edges: Sequence[tuple[int, int]] | None = None,
        centre: int = 0,
        streams: Sequence[Literal["joint", "bone", "joint_motion", "bone_motion"]] = (
            "joint",
        ),
        fusion: Literal[
            "logits_sum", "logits_mean", "probabilities_mean"
        ] = "logits_sum",
        filters: Sequence[int] = (64, 64, 64, 64, 128, 128, 128, 256, 256, 256),
        width: float | None = None,
        kernel_size: int = 9,
        dropout: float = 0.5,
        shape_and_size: bool | None = None,
        epochs: int = 20,
        batch_size: int = 128,
        learning_rate: float = 2e-3,
        patience: int | None = 10,
        validation_share: float = 0.15,
        class_weight: Any = None,
        rotation_deg: float = 20.0,
        sensor_dropout: float = 0.0,
        augment: Callable[..., Any] | None = None,
        callbacks: Sequence[Callable[[], Any]] = (),
        verbose: int = 1,
        random_state: Any = None,
    ) -> None:
        self.edges = edges
        self.centre = centre
        self.streams = streams
        self.fusion = fusion
        self.filters = filters
        self.width = width
        self.kernel_size = kernel_size
        self.dropout = dropout
        self.shape_and_size = shape_and_size
        super().__init__(
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            patience=patience,
            validation_share=validation_share,
            class_weight=class_weight,
            rotation_deg=rotation_deg,
            sensor_dropout=sensor_dropout,
            augment=augment,
            callbacks=callbacks,
            verbose=verbose,
            random_state=random_state,
        )

    @staticmethod
    def _function() -> Callable[..., Any]:
        from sensorhar.networks.st_gcn import st_gcn

        return st_gcn

    def _network_parameters(self) -> dict[str, Any]:
        """Let the bones of poses be the edges, where none are given."""
        parameters = super()._network_parameters()
        bones = self.spec_.skeleton.edges if isinstance(self.spec_, PoseSpec) else ()
        if bones and parameters["edges"] is None:
            parameters["edges"] = bones
        return parameters
