"""Clusters a file of rows with scikit-learn's MiniBatchKMeans, and times it.

    python cluster_rows.py ROWS COLUMNS K SEED [BATCH_SIZE N_INIT]

ROWS holds row-major doubles. Prints one JSON object: name, version, threads (of OpenMP), seconds, cpuSeconds, peakMiB, centroids. The time is
that of `fit` alone, which labels all rows at its end: reading the file, and scaling columns to mean 0 and variance 1, happen outside the clock.
Scaling works in place, in pieces, so that the peak is that of fitting.
"""

import importlib.metadata
import json
import resource
import sys
import time

import numpy as np
from sklearn.cluster import MiniBatchKMeans
from sklearn.utils._openmp_helpers import _openmp_effective_n_threads

PIECE = 65536
# Clustered before the clock starts, as on our side: what is loaded or set up at the first call is not timed.
WARM_UP_ROWS = 20000


def read_scaled(path, columns):
    rows = np.fromfile(path).reshape(-1, columns)
    mean = rows.mean(axis=0)
    squares = np.zeros(columns)
    for start in range(0, len(rows), PIECE):
        rows[start : start + PIECE] -= mean
        squares += (rows[start : start + PIECE] ** 2).sum(axis=0)
    scale = np.sqrt(squares / len(rows))
    scale[scale == 0] = 1
    for start in range(0, len(rows), PIECE):
        rows[start : start + PIECE] /= scale
    return rows


def peak_mib():
    """The most memory this program held; the resource module counts in what the process was before it became this program."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(path, columns, k, seed, batch_size=None, n_init=None):
    rows = read_scaled(path, int(columns))
    settings = {} if batch_size is None else {"batch_size": int(batch_size), "n_init": int(n_init)}
    model = MiniBatchKMeans(n_clusters=int(k), random_state=int(seed), **settings)
    model.fit(rows[:WARM_UP_ROWS])
    cpu, start = time.process_time(), time.perf_counter()
    model.fit(rows)
    seconds, cpu_seconds = time.perf_counter() - start, time.process_time() - cpu
    answer = {
        "name": "MiniBatchKMeans" + "".join(f" {name}={value}" for name, value in settings.items()),
        "version": importlib.metadata.version("scikit-learn"),
        "threads": _openmp_effective_n_threads(),
        "seconds": seconds,
        "cpuSeconds": cpu_seconds,
        "peakMiB": peak_mib(),
        "centroids": model.cluster_centers_.tolist(),
    }
    print(json.dumps(answer))


main(*sys.argv[1:])
