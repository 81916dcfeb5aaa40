"""Writes clustering.json: what scikit-learn's KMeans makes of small sets of rows from a given start. See README-clustering.md.

    pip install scikit-learn==1.9.1 numpy==2.4.6 scipy==1.17.1
    python make_clustering_reference.py
"""

import json
import os
import warnings

import numpy as np
import scipy
import sklearn
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

HERE = os.path.dirname(os.path.abspath(__file__))


def mixture(rng, rows, columns, components, spread):
    centers = rng.normal(0, 1, (components, columns))
    return np.round(centers[rng.integers(0, components, rows)] + spread * rng.standard_t(5, (rows, columns)), 6)


def cases():
    rng = np.random.default_rng(20260701)
    overlapping = mixture(rng, 240, 5, 6, 0.8)
    yield "overlapping", overlapping, overlapping[:6], {}
    yield "until no row moves", overlapping, overlapping[6:12], {"tol": 0}
    yield "passes used up", overlapping, overlapping[:6], {"max_iter": 2}
    wide = mixture(rng, 150, 12, 4, 1.5) + 1000
    yield "far from the origin", wide, wide[:9], {}
    yield "one cluster", overlapping, overlapping[:1], {}
    yield "one column", overlapping[:, :1], overlapping[:3, :1], {}
    away = np.vstack([overlapping[:3], np.full((1, 5), 50.0)])
    yield "an empty cluster", overlapping, away, {}
    yield "an empty cluster, after one pass", overlapping, away, {"max_iter": 1}
    away = np.vstack([overlapping[:2], np.full((1, 5), 50.0), np.full((1, 5), -60.0)])
    yield "two empty clusters", overlapping, away, {}
    yield "two empty clusters, after one pass", overlapping, away, {"max_iter": 1}
    repeated = np.repeat(mixture(rng, 12, 3, 3, 0.5), 5, axis=0)
    yield "duplicate rows", repeated, repeated[[0, 1, 10, 30]], {}
    distinct = np.repeat(np.array([[0.0, 1.0], [4.0, 1.5]]), 3, axis=0)
    yield "fewer distinct rows than clusters", distinct, distinct[[0, 1, 4]], {}


def fit(rows, start, options):
    settings = {"tol": 1e-4, "max_iter": 300, **options}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model = KMeans(n_clusters=len(start), init=start, n_init=1, algorithm="lloyd", **settings).fit(rows)
    return {
        "tolerance": settings["tol"],
        "maxIterations": settings["max_iter"],
        "centroids": model.cluster_centers_.tolist(),
        "labels": model.labels_.tolist(),
        "inertia": float(model.inertia_),
        "iterations": int(model.n_iter_),
    }


def main():
    found = [
        {"name": name, "rows": rows.tolist(), "start": start.tolist(), **fit(rows, start, options)}
        for name, rows, start, options in cases()
    ]
    versions = {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__}
    with open(os.path.join(HERE, "clustering.json"), "w") as file:
        json.dump({"versions": versions, "cases": found}, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
