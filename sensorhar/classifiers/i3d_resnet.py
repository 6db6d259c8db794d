"""I3D on a residual network, as a classifier."""

from collections.abc import Callable, Sequence
from typing import Any

from sensorhar.classifiers._architecture import ArchitectureClassifier

__all__ = ["I3DResNetClassifier"]


class I3DResNetClassifier(ArchitectureClassifier):
    """Classify windows, poses or clips with I3D on ResNet-50.

    Wang et al., "Non-local Neural Networks", CVPR 2018, whose baseline it is.

    Parameters
    ----------
    blocks : sequence of int, optional
        Bottlenecks of each stage; default (3, 4, 6, 3) for clips, one each otherwise.
    width : float, optional
        Share of the published filters; default 1 for clips, 1/4 otherwise.
    stem_kernel : int, default=5
        Timepoints the first convolution sees.
    kernel_size : int, default=3
        Timepoints a filter of the blocks sees, where it sees time.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
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
    sensorhar.networks.i3d_resnet : the network itself.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar.video import Clips
    >>> noise = np.random.default_rng(0).integers(0, 256, (6, 8, 32, 32, 3))
    >>> clips = Clips.from_array(noise.astype(np.uint8), y=list("aabbab"))
    >>> clf = I3DResNetClassifier(width=1/32, blocks=(1,), epochs=1, verbose=0)
    >>> clf.fit(clips).predict_proba(clips[:4]).shape
    (4, 2)
    """

    def __init__(
        self,
        *,
        blocks: Sequence[int] | None = None,
        width: float | None = None,
        stem_kernel: int = 5,
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
        self.blocks = blocks
        self.width = width
        self.stem_kernel = stem_kernel
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
        from sensorhar.networks.i3d_resnet import i3d_resnet

        return i3d_resnet
