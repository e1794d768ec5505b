"""An analyzer whose reasoner is simple enough to foresee; as a script, one to be killed.

usage: standalone.py DATA_DIR
"""

import asyncio
import json
import sys
from pathlib import Path

import structlog
from attrs import evolve
from opentelemetry.metrics import NoOpMeter

from causely_core.causal.catalogue import Catalogue
from causely_core.model import Diagnosis, PathStep, RootCause, SymptomKey, SystemClock
from causely_core.services.analyzer.config import AnalyzerConfig
from causely_core.services.analyzer.service import Analyzer

QUICK = AnalyzerConfig(listen="127.0.0.1:0", api_listen="127.0.0.1:0", confirm_after=0.1, hold=0.2)


class FirstIsToBlame:
    """Blames the abnormal entity that comes first by id for everything."""

    def answer(self, question):
        if not question.active:
            return Diagnosis(question.time)
        keys = tuple(question.active)
        cause = SymptomKey(keys[0].entity, "Malfunction")
        path = tuple(PathStep(cause, key, "" if key.entity == cause.entity else "calls", 0.8) for key in keys)
        impacted = tuple(dict.fromkeys(key.entity for key in keys if key.entity != cause.entity))
        onset = min(symptom.onset for symptom in question.active.values())
        blamed = RootCause("", *cause, 0.9, onset, keys, path, impacted=impacted, remediation=("roll back",))
        return Diagnosis(question.time, (blamed,))


def analyzer(data_dir, reasoner=None, **changes):
    """One on ports of its own that decides fast."""
    return Analyzer(
        evolve(QUICK, **changes),
        Catalogue(),
        Path(data_dir),
        SystemClock(),
        structlog.get_logger(),
        NoOpMeter("test"),
        reasoner=reasoner or FirstIsToBlame(),
    )


async def main(data_dir):
    """Serve until killed; the log goes where the ports do not."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    served = analyzer(data_dir)
    await served.start()
    print(json.dumps({"port": served.port, "api_port": served.api_port}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
