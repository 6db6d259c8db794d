"""Plots of recordings, windows and reports; matplotlib loads when one is made."""

from sensorhar.plot.confusion import plot_confusion
from sensorhar.plot.history import plot_history
from sensorhar.plot.page import html_report
from sensorhar.plot.quality import plot_quality
from sensorhar.plot.recording import plot_recording
from sensorhar.plot.render_video import render_video
from sensorhar.plot.subjects import plot_subjects
from sensorhar.plot.video import plot_frames, plot_video
from sensorhar.plot.windows import plot_windows

__all__ = [
    "html_report",
    "plot_confusion",
    "plot_frames",
    "plot_history",
    "plot_quality",
    "plot_recording",
    "plot_subjects",
    "plot_video",
    "plot_windows",
    "render_video",
]
