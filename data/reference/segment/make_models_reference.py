"""Writes models.json: what scikit-learn makes of small inputs that the file itself carries. See README-models.md."""

import json
import pathlib

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.mixture import GaussianMixture
from sklearn.mixture._gaussian_mixture import _compute_precision_cholesky, _estimate_gaussian_parameters

rng = np.random.default_rng(20240611)


def rounded(values, digits=4):
    """Inputs keep few digits, so that the file stays small and both sides read exactly the same numbers."""
    return np.round(np.asarray(values, dtype=float), digits)


def plain(values):
    return np.asarray(values).tolist()


def logistic_inputs():
    n, d = 160, 4
    base = rounded(rng.normal(size=(n, d)))
    z = base @ np.array([1.2, -0.7, 0.0, 0.4]) - 0.3
    balanced = (rng.random(n) < 1 / (1 + np.exp(-z))).astype(float)
    rare = (rng.random(n) < 1 / (1 + np.exp(-(z - 3)))).astype(float)
    collinear = np.column_stack([base, base[:, 0], base[:, 1] - base[:, 2]])
    scaled = base * np.array([1.0, 100.0, 0.01, 1.0]) + np.array([0.0, 500.0, 0.0, -2.0])
    separable = (base[:, 0] > 0).astype(float)
    return {
        "balanced": (base, balanced, [1e-4, 0.1, 1.0, 10.0, 1000.0]),
        "rare": (base, rare, [0.01, 1.0]),
        "collinear": (collinear, balanced, [0.1, 1.0]),
        "scaled": (scaled, balanced, [1.0]),
        "separable": (base, separable, [0.01, 1.0]),
    }


def logistic_cases():
    cases = []
    for name, (rows, target, strengths) in logistic_inputs().items():
        fits = []
        for l2 in strengths:
            model = LogisticRegression(C=1 / l2, solver="newton-cholesky", tol=1e-14, max_iter=500).fit(rows, target)
            fits.append(
                {
                    "l2": l2,
                    "intercept": float(model.intercept_[0]),
                    "weights": plain(model.coef_[0]),
                    "probabilities": plain(model.predict_proba(rows)[:5, 1]),
                }
            )
        cases.append({"name": name, "rows": plain(rows), "target": plain(target), "fits": fits})
    return cases


def boosting_cases():
    """scikit-learn keeps derivatives in single precision, so that these numbers are good to about 1e-6 only."""
    draw = np.random.default_rng(77)  # of its own: the other inputs stay what they are
    n = 320
    whole = rounded(draw.normal(size=(n, 4)), 2)
    whole[:, 3] = draw.integers(0, 5, size=n)
    z = 2 * np.sin(2 * whole[:, 0]) + whole[:, 1] * (whole[:, 3] > 1)
    target = (draw.random(n) < 1 / (1 + np.exp(-z))).astype(float)
    missing = np.where(draw.random((n, 4)) < 0.15 + 0.3 * (target[:, None] * np.array([1, 0, 0, 0])), np.nan, whole)
    cases = []
    for name, rows in [("whole", whole), ("missing", missing)]:
        for leaves, least, l2, bins in [(2, 1, 0.0, 255), (8, 10, 0.0, 255), (15, 5, 2.0, 255), (8, 10, 1.0, 16)]:
            model = HistGradientBoostingClassifier(
                max_iter=12,
                learning_rate=0.2,
                max_leaf_nodes=leaves,
                min_samples_leaf=least,
                l2_regularization=l2,
                max_bins=bins,
                early_stopping=False,
            ).fit(rows, target)
            options = {"trees": 12, "learningRate": 0.2, "maxLeaves": leaves, "minRowsPerLeaf": least, "l2": l2, "bins": bins}
            cases.append({"rows": name, "options": options, "probabilities": plain(model.predict_proba(rows)[:, 1].round(8))})
    absent = [[None if np.isnan(value) else value for value in row] for row in plain(missing)]
    return {"rows": {"whole": plain(whole), "missing": absent}, "target": plain(target), "cases": cases}


def mixture_rows():
    centers = np.array([[0.0, 0.0, 0.0], [4.0, 1.0, -2.0], [-3.0, 3.0, 1.0]])
    shapes = [np.diag([1.0, 0.5, 0.8]), np.array([[1.0, 0.0, 0.0], [0.8, 0.6, 0.0], [0.1, 0.2, 0.7]]), np.diag([0.4, 1.2, 0.5])]
    parts = [rng.normal(size=(size, 3)) @ shape.T + center for size, center, shape in zip([70, 50, 40], centers, shapes)]
    return rounded(np.concatenate(parts)), centers + 0.5


def mixture_cases():
    rows, start = mixture_rows()
    nearest = ((rows[:, None, :] - start[None]) ** 2).sum(-1).argmin(1)
    responsibilities = np.eye(len(start))[nearest]
    cases = []
    for covariance in ["diag", "full"]:
        counts, means, covariances = _estimate_gaussian_parameters(rows, responsibilities, 1e-6, covariance)
        factors = _compute_precision_cholesky(covariances, covariance)
        precisions = factors**2 if covariance == "diag" else np.array([f @ f.T for f in factors])
        for iterations, tolerance in [(1, 0.0), (7, 0.0), (500, 1e-9)]:
            model = GaussianMixture(
                n_components=len(start),
                covariance_type=covariance,
                reg_covar=1e-6,
                tol=tolerance,
                max_iter=iterations,
                weights_init=counts / counts.sum(),
                means_init=means,
                precisions_init=precisions,
            ).fit(rows)
            cases.append(
                {
                    "covariance": "DIAGONAL" if covariance == "diag" else "FULL",
                    "maxIterations": iterations,
                    "tolerance": tolerance,
                    "iterations": int(model.n_iter_),
                    "weights": plain(model.weights_),
                    "means": plain(model.means_),
                    "covariances": [plain(np.ravel(c)) for c in model.covariances_],
                    "logLikelihood": float(model.score(rows) * len(rows)),
                    "bic": float(model.bic(rows)),
                    "aic": float(model.aic(rows)),
                    "labels": plain(model.predict(rows)),
                    "memberships": plain(model.predict_proba(rows)[:4]),
                }
            )
    return {"rows": plain(rows), "start": plain(start), "regularisation": 1e-6, "cases": cases}


def delong(target, scores, z):
    """The quadratic definition, with every pair compared."""
    positives, negatives = scores[target == 1], scores[target == 0]
    wins = (positives[:, None] > negatives[None]) + 0.5 * (positives[:, None] == negatives[None])
    error = np.sqrt(wins.mean(1).var(ddof=1) / len(positives) + wins.mean(0).var(ddof=1) / len(negatives))
    auc = wins.mean()
    return {"z": z, "auc": auc, "standardError": error, "lower": max(0, auc - z * error), "upper": min(1, auc + z * error)}


def ranking_cases():
    cases = []
    for name, n, share, digits in [("smooth", 120, 0.4, 6), ("ties", 150, 0.3, 1), ("rare", 200, 0.04, 3)]:
        target = (rng.random(n) < share).astype(float)
        scores = rounded(1 / (1 + np.exp(-(rng.normal(size=n) + 1.1 * target - 0.6))), digits)
        bins = 10
        edges = np.linspace(0, 1, bins + 1)
        which = np.searchsorted(edges[1:-1], scores)
        filled = np.unique(which)
        cases.append(
            {
                "name": name,
                "scores": plain(scores),
                "target": plain(target),
                "rocAuc": metrics.roc_auc_score(target, scores),
                "interval": delong(target, scores, 1.959963984540054),
                "averagePrecision": metrics.average_precision_score(target, scores),
                "logLoss": metrics.log_loss(target, scores),
                "brierScore": metrics.brier_score_loss(target, scores),
                "calibration": {
                    "bins": bins,
                    "rows": [int((which == b).sum()) for b in filled],
                    "meanPredicted": [float(scores[which == b].mean()) for b in filled],
                    "observed": [float(target[which == b].mean()) for b in filled],
                },
            }
        )
    return cases


def labelling_cases():
    n = 140
    a = rng.integers(0, 4, size=n)
    near = np.where(rng.random(n) < 0.8, a, rng.integers(0, 4, size=n))
    pairs = {
        "near": (a, near),
        "unrelated": (a, rng.integers(0, 6, size=n)),
        "renamed": (a, (a + 1) % 4),
        "coarser": (a, a // 2),
        "one cluster": (a, np.zeros(n, dtype=int)),
    }
    return [
        {
            "name": name,
            "a": plain(x),
            "b": plain(y),
            "adjustedRandIndex": metrics.adjusted_rand_score(x, y),
            "normalizedMutualInformation": metrics.normalized_mutual_info_score(x, y),
        }
        for name, (x, y) in pairs.items()
    ]


def separation_cases(rows):
    true = np.repeat([0, 1, 2], [70, 50, 40])
    mixed = rng.integers(0, 5, size=len(rows))
    return [
        {
            "labels": plain(labels),
            "clusters": int(labels.max()) + 1,
            "silhouetteScore": metrics.silhouette_score(rows, labels),
            "calinskiHarabasz": metrics.calinski_harabasz_score(rows, labels),
            "daviesBouldin": metrics.davies_bouldin_score(rows, labels),
        }
        for labels in [true, mixed]
    ]


def main():
    mixture = mixture_cases()
    reference = {
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "logistic": logistic_cases(),
        "boosting": boosting_cases(),
        "mixture": mixture,
        "ranking": ranking_cases(),
        "labellings": labelling_cases(),
        "separation": separation_cases(np.array(mixture["rows"])),
    }
    path = pathlib.Path(__file__).with_name("models.json")
    path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
