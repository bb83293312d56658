"""Scans as the command does and prints how long each stage of the driver took, and how long that process worked for it."""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import sanitize
from sanitize import early, gathering, labels, outputs, scanning
from sanitize.copies import finding
from sanitize.report import making
from sanitize.sources import folder


def main(images: str, label_list: str, out: str) -> None:
    seconds: dict[str, float] = defaultdict(float)
    worked: dict[str, float] = defaultdict(float)

    def timed(stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            start, busy = time.perf_counter(), time.process_time()
            try:
                return function(*given, **named)
            finally:
                seconds[stage] += time.perf_counter() - start
                worked[stage] += time.process_time() - busy

        return call

    stages = [
        ("walk the folder", early, "begin"),
        ("walk the folder", folder, "find"),
        ("read and resolve the list", labels, "read"),
        ("measure, or recall facts", gathering, "measure"),
        ("begin to compare pictures", gathering, "find_same"),
        ("judge by all rules, and compare pictures", scanning, "_judge"),
        ("of these comparing", finding, "_confirmed"),
        ("give verdicts", scanning, "give_verdicts"),
        ("compare with the last scan", scanning, "_compare"),
        ("render all outputs", outputs, "render_all"),
        ("of these the report for people", making, "render"),
    ]
    patches = [patch.object(module, name, timed(stage, getattr(module, name))) for stage, module, name in stages]
    for each in patches:
        each.start()
    result = sanitize.scan(images, label_list, out=out, images=False)
    for stage in dict.fromkeys(stage for stage, _, _ in stages):
        print(f"{stage}: {seconds[stage]:.2f} s, {worked[stage]:.2f} s of the processor")
    busy = f"{time.process_time():.2f} s of the processor"
    print(f"the whole scan: {result.seconds:.2f} s, {busy}, {result.probed:,} of {result.images:,} images opened")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stages", description=__doc__)
    parser.add_argument("folder", help="of images; it is only read")
    parser.add_argument("list", help="of labels")
    parser.add_argument("out", help="folder that the scan writes")
    arguments = parser.parse_args()
    main(arguments.folder, arguments.list, arguments.out)
