"""The training of a Keras network, epoch by epoch."""

from typing import Any

__all__ = ["run_epochs"]


def run_epochs(
    clf: Any, model: Any, n_rows: int, arguments: dict[str, Any], *, loss: Any = None
) -> dict[str, list[float]]:
    """Compile and fit a network as its classifier's parameters say.

    Parameters
    ----------
    clf : classifier
        Has ``epochs``, ``batch_size``, ``learning_rate``, ``patience``, ``callbacks``
        and ``verbose``.
    model : keras.Model
        To be trained.
    n_rows : int
        Examples of an epoch.
    arguments : dict
        What ``model.fit`` learns from and watches.
    loss : keras loss, optional
        For targets that are no codes, beside their accuracy.

    Returns
    -------
    dict of str to list of float
        One number an epoch.
    """
    import keras

    from sensorhar.classifiers._progress import progress_bar

    n_steps = clf.epochs * -(-n_rows // clf.batch_size)
    model.compile(
        optimizer=keras.optimizers.AdamW(
            keras.optimizers.schedules.CosineDecay(clf.learning_rate, n_steps),
            weight_decay=1e-3,
        ),
        loss="sparse_categorical_crossentropy" if loss is None else loss,
        metrics=["accuracy" if loss is None else loss.accuracy],
        # TensorFlow compiles for longer than it gains; JAX is only swift compiled.
        jit_compile=keras.config.backend() == "jax",
    )
    callbacks = [factory() for factory in clf.callbacks]
    if arguments.get("validation_data") is not None and clf.patience is not None:
        callbacks.append(
            keras.callbacks.EarlyStopping(
                "val_loss", patience=clf.patience, restore_best_weights=True
            )
        )
    with progress_bar(type(clf).__name__, clf.epochs, clf.verbose) as bar:
        history = model.fit(
            **arguments, epochs=clf.epochs, verbose=0, callbacks=[*callbacks, *bar]
        )
    return {
        name: [float(value) for value in values]
        for name, values in history.history.items()
    }
