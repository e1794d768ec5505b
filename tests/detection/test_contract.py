"""The core's own detectors and causal models keep the contracts that third parties' do."""

import pytest

from causely_core.builtin import CorePlugin
from causely_core.detection.builtin import builtin_detectors
from causely_core.testing import CausalModelContract, DetectorContract

KINDS = list({type(each): each for each in builtin_detectors()}.values())


class TestDetectors(DetectorContract):
    @pytest.fixture
    def plugin(self):
        return CorePlugin

    @pytest.fixture(params=KINDS, ids=lambda one: type(one).__name__)
    def detector(self, request):
        return request.param


class TestModels(CausalModelContract):
    @pytest.fixture
    def plugin(self):
        return CorePlugin
