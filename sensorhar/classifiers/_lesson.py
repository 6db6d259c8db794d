"""What a teacher says of training examples, for a student to learn from."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["Lesson"]


@dataclass(frozen=True, eq=False)
class Lesson:
    """A teacher's probabilities, and how much they count beside the labels.

    Parameters
    ----------
    probabilities : array of shape (n_examples, n_classes)
        Of the teacher; a row of zeros where it says nothing.
    temperature : float
        What logits are divided by before softmax, of teacher and student alike.
    share : float
        Weight of the teacher in the loss; the labels have the rest.
    """

    probabilities: NDArray[np.float64]
    temperature: float
    share: float

    @property
    def softened(self) -> NDArray[np.float64]:
        """Probabilities at the temperature: softmax(log p / T)."""
        known = self.probabilities.sum(axis=1, keepdims=True) > 0
        powers = np.maximum(self.probabilities, 1e-12) ** (1 / self.temperature)
        soft: NDArray[np.float64] = powers / powers.sum(axis=1, keepdims=True)
        return np.where(known, soft, 0.0)

    def take(self, rows: Any) -> Self:
        """Return the lesson of some examples."""
        return replace(self, probabilities=self.probabilities[rows])

    def targets(self, codes: NDArray[np.intp]) -> NDArray[np.float32]:
        """Return labels as ones among zeros, and beside them what the teacher says."""
        n_classes = self.probabilities.shape[1]
        sure = np.eye(n_classes)[codes]
        return np.concatenate([sure, self.softened], axis=1).astype(np.float32)

    def loss(self) -> Any:
        """Return the Keras loss of :meth:`targets` against probabilities.

        ``(1 - share) H(label, p) + share T^2 H(teacher_T, p_T)``, where H is the cross
        entropy; T^2 keeps the size of the gradients (Hinton, Vinyals & Dean 2015,
        section 2).
        """
        import keras
        from keras import ops

        n_classes = self.probabilities.shape[1]
        temperature, share = self.temperature, self.share

        class DistillationLoss(keras.losses.Loss):
            def call(self, y_true: Any, y_pred: Any) -> Any:
                sure, soft = y_true[:, :n_classes], y_true[:, n_classes:]
                logits = ops.log(ops.maximum(y_pred, 1e-7))
                at_temperature = ops.log_softmax(logits / temperature, axis=-1)
                hard = -ops.sum(sure * logits, axis=-1)
                gentle = -ops.sum(soft * at_temperature, axis=-1)
                return (1 - share) * hard + share * temperature**2 * gentle

            @staticmethod
            def accuracy(y_true: Any, y_pred: Any) -> Any:
                right = ops.argmax(y_true[:, :n_classes], axis=-1)
                return ops.cast(
                    ops.equal(right, ops.argmax(y_pred, axis=-1)), "float32"
                )

        return DistillationLoss(name="distillation")
