"""Scans the dataset every night, and trains on nothing that did not pass. Copy to the folder of DAGs."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException

#: In an environment of its own, whose packages do not have to be those of Airflow.
SANITIZE = "/opt/sanitize/bin/sanitize"
IMAGES, LIST, OUT = "/data/photos", "/data/train.txt", "/data/sanitized"


@dag(schedule="30 2 * * *", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1)
def sanitize_photos() -> None:
    """Scan, then train."""

    @task(retries=2, retry_delay=timedelta(minutes=15), execution_timeout=timedelta(hours=6))
    def scan() -> dict[str, object]:
        command = [SANITIZE, "scan", IMAGES, "--labels", LIST, "--max-bad", "0.1%", "--quiet", "-o", OUT]
        done = subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode == 1:  # no other answer will come from trying again
            raise AirflowFailException(f"{IMAGES} has more errors than may be, see {OUT}/quarantine.csv")
        if done.returncode:  # a disk that was away, or a mistake of the program
            raise RuntimeError(f"the scan ended with status {done.returncode}: {done.stderr.strip()}")
        return json.loads(Path(OUT, "summary.json").read_text(encoding="utf-8"))

    @task.bash
    def train() -> str:
        return f"{SANITIZE} verify {OUT} --max-age 24h && echo training with {OUT}/images and {OUT}/train.txt"

    scan() >> train()


sanitize_photos()
