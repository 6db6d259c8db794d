"""Honest scores: splits by subject, metrics, reports and leak audits."""

from sensorhar.evaluation.bootstrap import bootstrap_interval
from sensorhar.evaluation.confusion import confusion_by_group, confusion_matrix
from sensorhar.evaluation.evaluate import evaluate
from sensorhar.evaluation.leak_audit import LeakAudit, leak_audit
from sensorhar.evaluation.leakage import check_no_leak
from sensorhar.evaluation.metrics import (
    accuracy,
    balanced_accuracy,
    cohen_kappa,
    macro_f1,
    matthews,
    per_class,
    weighted_f1,
)
from sensorhar.evaluation.report import Report
from sensorhar.evaluation.result import Result, Score
from sensorhar.evaluation.splits import Splits, make_splits

__all__ = [
    "LeakAudit",
    "Report",
    "Result",
    "Score",
    "Splits",
    "accuracy",
    "balanced_accuracy",
    "bootstrap_interval",
    "check_no_leak",
    "cohen_kappa",
    "confusion_by_group",
    "confusion_matrix",
    "evaluate",
    "leak_audit",
    "macro_f1",
    "make_splits",
    "matthews",
    "per_class",
    "weighted_f1",
]
