"""
Grid search with scikit-learn
=============================

Windows and classifiers follow scikit-learn's rules, so its searches, splitters,
pipelines and scores work on them as they are.
"""

# %%
# Windows go where arrays go
# --------------------------
# ``windows.y`` holds the labels and ``windows.groups`` the subjects: scikit-learn's
# own words for them.
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut

import sensorhar as sh
from sensorhar.plot import plot_windows

recordings = sh.simulate_recordings(
    4, minutes_per_activity=0.3, activities=["standing", "walking", "running"]
)
channels = ["acc_x", "acc_y", "acc_z"]
windows = sh.make_windows(recordings, length_s=2, overlap=0.5, channels=channels)
print(windows)
windows_figure = plot_windows(windows)

# %%
# Search without leaking
# ----------------------
# Pass the subjects as ``groups`` and a splitter that heeds them. With a plain ``cv=5``
# overlapping windows of one person would stand on both sides, and the search would
# pick whatever learns by heart best.
search = GridSearchCV(
    sh.CNNClassifier(filters=(8, 16), epochs=10, batch_size=8, verbose=0),
    {"kernel_size": [3, 9]},
    cv=LeaveOneGroupOut(),
    scoring="f1_macro",
)
is_new = windows.groups == "person04"
learn, test = windows[~is_new], windows[is_new]
search.fit(learn, learn.y, groups=learn.groups)
for parameters, score in zip(
    search.cv_results_["params"], search.cv_results_["mean_test_score"], strict=True
):
    print(f"{parameters}: macro F1 {score:.3f}")

# %%
# The score of the winner is flattered
# ------------------------------------
# The best of many candidates was partly lucky. Somebody whom the search has never
# seen tells the truth; so does ``cross_validate`` around the whole search.
print(f"best: {search.best_params_}")
print(f"on person04, who took no part in the search: {search.score(test, test.y):.3f}")
