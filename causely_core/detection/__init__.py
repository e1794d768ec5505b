"""Judging observations: windows of samples in, symptoms out; pure (see docs/detection.md)."""

from causely_core.detection.builtin import builtin_detectors
from causely_core.detection.detector import SymptomDetector
from causely_core.detection.error_rate_detector import ErrorRateDetector
from causely_core.detection.growth_detector import GrowthDetector
from causely_core.detection.judge import Judgement, fold, judge, judge_one
from causely_core.detection.threshold_detector import ThresholdDetector
from causely_core.detection.thresholds import Learning, Thresholds
from causely_core.detection.windows import WindowBuffer

__all__ = [
    "ErrorRateDetector",
    "GrowthDetector",
    "Judgement",
    "Learning",
    "SymptomDetector",
    "ThresholdDetector",
    "Thresholds",
    "WindowBuffer",
    "builtin_detectors",
    "fold",
    "judge",
    "judge_one",
]
