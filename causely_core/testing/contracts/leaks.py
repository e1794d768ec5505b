"""What a stream has opened and not released."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from pathlib import Path

OPEN_FILES = Path("/proc/self/fd")


def held() -> Counter[str]:
    """What this process holds now, by a name that people recognise: files and sockets, threads, tasks."""
    tasks = (task.get_coro() for task in asyncio.all_tasks() if task is not asyncio.current_task())
    names = [f"task {getattr(work, '__qualname__', work)}" for work in tasks]
    # Threads of the pool of the event loop are the loop's, and stay.
    names += [f"thread {each.name}" for each in threading.enumerate() if not each.name.startswith("asyncio_")]
    return Counter(names + list(map(_kind, _targets())))


def _targets() -> list[str]:
    targets = []
    for link in OPEN_FILES.iterdir() if OPEN_FILES.is_dir() else ():
        try:
            targets.append(str(link.readlink()))
        except OSError:  # the descriptor that lists the folder
            continue
    return targets


def _kind(target: str) -> str:
    """Without what is different each time: the numbers of sockets and pipes, the names of temporary files."""
    if target.startswith("/"):
        return f"an open file in {Path(target).parent}"
    return f"an open {target.partition(':')[0]}"
