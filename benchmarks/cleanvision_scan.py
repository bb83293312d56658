"""All checks of CleanVision on a folder, on every core; needs `pip install cleanvision`.

usage: python benchmarks/cleanvision_scan.py FOLDER
"""

from __future__ import annotations

import os
import sys

from cleanvision import Imagelab

if __name__ == "__main__":
    Imagelab(data_path=sys.argv[1], verbose=False).find_issues(n_jobs=os.cpu_count(), verbose=False)
