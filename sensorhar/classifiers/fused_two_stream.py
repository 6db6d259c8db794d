"""Two streams that meet at their last convolution, as a classifier."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from sensorhar.classifiers._architecture import ArchitectureClassifier

__all__ = ["FusedTwoStreamClassifier"]


class FusedTwoStreamClassifier(ArchitectureClassifier):
    """Classify windows, poses or clips by what moves where.

    Feichtenhofer, Pinz & Zisserman, "Convolutional Two-Stream Network Fusion for Video
    Action Recognition", CVPR 2016: two streams are fused in space and time. The motion
    is the change from each timepoint to the next.

    Parameters
    ----------
    is_motion_kept : bool, default=True
        Whether the motion stream also answers by itself.
    fusion : {"logits_sum", "logits_mean", "probabilities_mean"}
        What of both answers is fused, see
        :func:`sensorhar.networks.two_stream.fuse`; default "probabilities_mean", the
        average of predictions in the paper.
    along_time : bool, optional
        Whether the towers convolve and pool time as they do space; default False for
        clips, whose frames they see one by one, and True otherwise.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : sequence of int, default=(4096, 2048)
        Neurons of each hidden layer at width 1.
    kernel_size : int, default=3
        Timepoints the convolution that fuses sees.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    dropout : float, default=0.5
        Share of features dropped after each hidden layer while training; 0.85 in the
        released code.
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
    sensorhar.networks.fused_two_stream : the network itself.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar.video import Clips
    >>> noise = np.random.default_rng(0).integers(0, 256, (6, 5, 48, 48, 3))
    >>> clips = Clips.from_array(noise.astype(np.uint8), y=list("aabbab"))
    >>> clf = FusedTwoStreamClassifier(width=1/32, units=(64, 32), epochs=1, verbose=0)
    >>> clf.fit(clips).predict_proba(clips[:4]).shape
    (4, 2)
    """

    def __init__(
        self,
        *,
        is_motion_kept: bool = True,
        fusion: Literal[
            "logits_sum", "logits_mean", "probabilities_mean"
        ] = "probabilities_mean",
        along_time: bool | None = None,
        width: float | None = None,
        units: Sequence[int] = (4096, 2048),
        kernel_size: int = 3,
        space_kernel: int | None = None,
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
        self.is_motion_kept = is_motion_kept
        self.fusion = fusion
        self.along_time = along_time
        self.width = width
        self.units = units
        self.kernel_size = kernel_size
        self.space_kernel = space_kernel
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
        from sensorhar.networks.fused_two_stream import fused_two_stream

        return fused_two_stream
