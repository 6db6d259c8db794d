"""
Your own network
================

Write a function that builds a Keras model; the classifier does the rest: scaling,
early stopping on people held out, saving, and refusing windows that do not fit.
"""

# %%
# A network is a function
# -----------------------
# It gets the shape of one window and the number of classes, and returns a model from
# windows to probabilities. Leave out normalisation and ``compile``: the classifier
# puts a layer in front that scales each channel by the training part alone.
import keras

import sensorhar as sh
from sensorhar.plot import plot_confusion, plot_history
from sensorhar.signal import jitter, scale


def build(input_shape, n_classes):
    """Return two convolutions with strides, and the strongest answer over time."""
    inputs = keras.Input(input_shape)
    x = keras.layers.Conv1D(24, 9, strides=2, activation="relu")(inputs)
    x = keras.layers.Conv1D(32, 9, strides=2, activation="relu")(x)
    x = keras.layers.GlobalMaxPooling1D()(x)
    return keras.Model(inputs, keras.layers.Dense(n_classes, "softmax")(x))


# %%
# Augmentation is a function too
# ------------------------------
# It gets a batch of shape ``(n, n_timepoints, n_channels)`` and a generator, and
# returns a batch. Random turns of the sensor, ``rotation_deg``, come before it.
def augment(batch, rng):
    """Make readings a little stronger or weaker, and noisier."""
    return jitter(scale(batch, rng, sigma=0.1), rng, sigma=0.05)


# %%
# Train and score
# ---------------
# Callbacks are factories, so that each of many fits gets one of its own.
clf = sh.KerasClassifier(
    build,
    epochs=25,
    batch_size=16,
    learning_rate=0.003,
    augment=augment,
    callbacks=[lambda: keras.callbacks.TerminateOnNaN()],
)
does = ["standing", "walking", "running", "cycling"]
recordings = sh.simulate_recordings(
    4, minutes_per_activity=0.4, activities=does, sensors=["accelerometer"]
)
windows = sh.make_windows(recordings, length_s=2.56, overlap=0.5)
report = sh.evaluate({"mine": clf}, windows, cv="loso")
print(report)
history, confusion = plot_history(report), plot_confusion(report)
