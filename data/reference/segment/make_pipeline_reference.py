"""Writes pipeline.json.gz: what scikit-learn makes of every step of the feature pipeline. See README.md beside it."""

import gzip
import json
import pathlib

import numpy as np
import pandas as pd
import scipy
import scipy.sparse
import sklearn
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_selection import SelectKBest, VarianceThreshold, f_classif
from sklearn.impute import SimpleImputer
from sklearn.metrics import mutual_info_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, PowerTransformer, RobustScaler, StandardScaler, TargetEncoder

HERE = pathlib.Path(__file__).parent
TRAIN, TEST = 160, 40
SHOP_NUMBERS = ["ProductRelated", "ProductRelated_Duration", "ExitRates in %", "SpecialDay (probability)"]
SHOP_TEXTS = ["Month", "VisitorType", "TrafficType"]
DRAWN_NUMBERS = ["skewed", "signed", "hour", "constant"]
DRAWN_TEXTS = ["city"]
NUMBERS = SHOP_NUMBERS + DRAWN_NUMBERS
TEXTS = SHOP_TEXTS + DRAWN_TEXTS
WITH_GAPS = ["ProductRelated_Duration", "signed"]
TEXTS_WITH_GAPS = ["VisitorType"]


def make_rows(rng):
    """Real sessions beside drawn columns; some values are taken out, and the last rows hold texts that the first do not."""
    shop = pd.read_csv(HERE / "../../shoppers/online-shoppers.csv.gz", dtype={name: str for name in SHOP_TEXTS})
    buyers, others = shop[shop["Revenue"]], shop[~shop["Revenue"]]
    rows = TRAIN + TEST
    frame = pd.concat([buyers.iloc[rng.choice(len(buyers), rows // 3, replace=False)], others.iloc[rng.choice(len(others), rows - rows // 3, replace=False)]])
    frame = frame.iloc[rng.permutation(rows)].reset_index(drop=True)
    target = frame["Revenue"].astype(int).to_numpy()
    frame = frame[SHOP_NUMBERS + SHOP_TEXTS].copy()
    frame[SHOP_NUMBERS] = frame[SHOP_NUMBERS].astype(float)
    frame["skewed"] = rng.lognormal(1.0, 1.2, rows)
    frame["signed"] = rng.normal(-2.0, 5.0, rows) + 3.0 * target
    frame["hour"] = rng.integers(0, 24, rows).astype(float)
    frame["constant"] = 7.25
    frame["city"] = [f"city-{c}" for c in rng.geometric(0.12, rows)]
    for name in WITH_GAPS:
        frame.loc[rng.random(rows) < 0.15, name] = np.nan
    for name in TEXTS_WITH_GAPS:
        frame.loc[rng.random(rows) < 0.15, name] = None
    frame.loc[TRAIN + 3, "city"] = "Besançon 🎈"
    frame.loc[TRAIN + 5, "Month"] = "Smarch"
    return frame, target


def numbers(matrix):
    dense = matrix.toarray() if scipy.sparse.issparse(matrix) else np.asarray(matrix, dtype=float)
    return [[None if np.isnan(value) else float(value) for value in row] for row in dense]


def case(name, columns, steps, expected, **more):
    kinds = [{"name": column, "kind": "NUMERIC" if column in NUMBERS else "CATEGORICAL"} for column in columns]
    return {"name": name, "spec": {"columns": kinds, "steps": steps}, "expected": numbers(expected), **more}


def words_of(frame, columns, missing):
    return np.array([[missing if value != value or value is None else value for value in row] for row in frame[columns].to_numpy(dtype=object)], dtype=object)


def fitted(estimator, frame, columns, target=None):
    """Fitted on the training rows, applied to all."""
    values = words_of(frame, columns, None) if columns[0] in TEXTS else frame[columns].to_numpy()
    return estimator.fit(values[:TRAIN], target if target is None else target[:TRAIN]).transform(values)


def plain_cases(frame):
    gaps, full = WITH_GAPS, ["ProductRelated", "skewed", "SpecialDay (probability)", "constant"]
    texts = ["Month", "TrafficType", "city"]
    yield case("impute-mean", gaps, [{"kind": "impute", "columns": "*", "strategy": "mean", "indicator": True}], fitted(SimpleImputer(add_indicator=True), frame, gaps))
    yield case("impute-median", gaps, [{"kind": "impute", "columns": "*", "strategy": "median"}], fitted(SimpleImputer(strategy="median"), frame, gaps))
    yield case("impute-most-frequent", gaps, [{"kind": "impute", "columns": "*", "strategy": "most-frequent"}], fitted(SimpleImputer(strategy="most_frequent"), frame, gaps))
    yield case("impute-constant", gaps, [{"kind": "impute", "columns": "*", "strategy": "constant", "fill": -1.5}], fitted(SimpleImputer(strategy="constant", fill_value=-1.5), frame, gaps))
    visitors = words_of(frame, ["VisitorType"], None)
    filled = SimpleImputer(strategy="most_frequent", missing_values=None).fit(visitors[:TRAIN]).transform(visitors)
    yield case("impute-texts", ["VisitorType"], [{"kind": "impute", "columns": "*", "strategy": "most-frequent"}, {"kind": "one-hot", "columns": "*"}], OneHotEncoder(handle_unknown="ignore").fit(filled[:TRAIN]).transform(filled))
    values = frame[gaps].to_numpy()
    yield case("log1p", gaps, [{"kind": "log1p", "columns": "*"}], np.sign(values) * np.log1p(np.abs(values)))
    yield case("clip", gaps, [{"kind": "clip", "columns": "*", "low": -3.0, "high": 4.5}], np.clip(values, -3.0, 4.5))
    yield case("standard-scale", gaps + full, [{"kind": "standard-scale", "columns": "*"}], fitted(StandardScaler(), frame, gaps + full))
    yield case("robust-scale", gaps + full, [{"kind": "robust-scale", "columns": "*"}], fitted(RobustScaler(), frame, gaps + full))
    yield case("robust-scale-10-90", gaps + full, [{"kind": "robust-scale", "columns": "*", "quantiles": [0.1, 0.9]}], fitted(RobustScaler(quantile_range=(10, 90)), frame, gaps + full))
    yield case("one-hot", texts, [{"kind": "one-hot", "columns": "*"}], fitted(OneHotEncoder(handle_unknown="ignore"), frame, texts))
    yield case("one-hot-rare", texts, [{"kind": "one-hot", "columns": "*", "minCount": 9}], fitted(OneHotEncoder(handle_unknown="ignore", min_frequency=9), frame, texts))
    ordinal = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    yield case("ordinal", texts, [{"kind": "ordinal", "columns": "*"}], fitted(ordinal, frame, texts))
    rows = [{f"{name}": row[name] for name in texts} for _, row in frame.iterrows()]
    yield case("hash", texts, [{"kind": "hash", "columns": "*", "name": "h", "buckets": 13}], FeatureHasher(n_features=13).transform(rows))
    angle = 2 * np.pi * frame[["hour"]].to_numpy() / 24
    yield case("cyclical", ["hour"], [{"kind": "cyclical", "columns": "*", "period": 24}], np.hstack([np.sin(angle), np.cos(angle)]))


def target_cases(frame, target):
    columns = ["Month", "city"]
    for smooth in ["auto", 7.5]:
        folds = list(StratifiedKFold(5, shuffle=True, random_state=3).split(np.zeros(TRAIN), target[:TRAIN]))
        encoder = TargetEncoder(smooth=smooth, target_type="binary", cv=StratifiedKFold(5, shuffle=True, random_state=3))
        train = frame[columns].to_numpy(dtype=object)[:TRAIN]
        crossed = encoder.fit_transform(train, target[:TRAIN])
        fold_of = np.zeros(TRAIN, dtype=int)
        for fold, (_, held) in enumerate(folds):
            fold_of[held] = fold
        steps = [{"kind": "target-encode", "columns": "*", "smooth": smooth}]
        yield case(f"target-encode-{smooth}", columns, steps, encoder.transform(frame[columns].to_numpy(dtype=object)), foldOf=fold_of.tolist(), crossFitted=numbers(crossed))


def selection_cases(frame, target):
    columns = ["ProductRelated", "ExitRates in %", "SpecialDay (probability)", "skewed", "hour", "constant"]
    values, labels = frame[columns].to_numpy(), target[:TRAIN]
    threshold = VarianceThreshold(0.05).fit(values[:TRAIN])
    yield case("select-variance", columns, [{"kind": "select-variance", "columns": "*", "threshold": 0.05}], threshold.transform(values), scores=threshold.variances_.tolist())
    varying = columns[:-1]
    values = frame[varying].to_numpy()
    best = SelectKBest(f_classif, k=2).fit(values[:TRAIN], labels)
    yield case("select-anova", varying, [{"kind": "select-k-best", "columns": "*", "k": 2, "score": "anova-f"}], best.transform(values), scores=best.scores_.tolist())
    informed = lambda X, y: np.array([mutual_info_score(np.searchsorted(np.unique(np.quantile(x, np.arange(1, 8) / 8)), x, side="right"), y) for x in X.T])
    best = SelectKBest(informed, k=2).fit(values[:TRAIN], labels)
    yield case("select-information", varying, [{"kind": "select-k-best", "columns": "*", "k": 2, "score": "mutual-information", "bins": 8}], best.transform(values), scores=best.scores_.tolist())


def projection_cases(frame, target):
    columns = ["ProductRelated", "ExitRates in %", "SpecialDay (probability)", "skewed", "hour"]
    values = frame[columns].to_numpy()
    scaler = StandardScaler().fit(values[:TRAIN])
    scaled = scaler.transform(values)
    scale = {"kind": "standard-scale", "columns": "*"}
    pca = PCA(n_components=3, svd_solver="full").fit(scaled[:TRAIN])
    for solver in ["exact", "randomised"]:
        yield case(f"pca-{solver}", columns, [scale, {"kind": "pca", "columns": "*", "components": 3, "solver": solver}], pca.transform(scaled), upToSign=True, explained=pca.explained_variance_ratio_.tolist())
    svd = TruncatedSVD(n_components=3, algorithm="arpack", random_state=0).fit(values[:TRAIN])
    explained = svd.singular_values_**2 / np.sum(values[:TRAIN] ** 2)
    yield case("truncated-svd", columns, [{"kind": "truncated-svd", "columns": "*", "components": 3}], svd.transform(values), upToSign=True, explained=explained.tolist())
    yield chain_case(frame)


def chain_case(frame):
    """Impute, log, scale, one-hot and PCA, one after the other."""
    numeric, texts = ["ProductRelated_Duration", "ProductRelated", "signed"], ["Month", "VisitorType"]
    filled = SimpleImputer(strategy="median", add_indicator=True).fit(frame[numeric][:TRAIN].to_numpy()).transform(frame[numeric].to_numpy())
    filled[:, :2] = np.log1p(filled[:, :2])
    filled[:, :3] = StandardScaler().fit(filled[:TRAIN, :3]).transform(filled[:, :3])
    words = words_of(frame, texts, "(none)")
    hot = OneHotEncoder(handle_unknown="ignore", min_frequency=5).fit(words[:TRAIN]).transform(words).toarray()
    features = np.hstack([filled, hot])
    steps = [
        {"kind": "impute", "columns": numeric, "strategy": "median", "indicator": True},
        {"kind": "impute", "columns": texts, "strategy": "constant", "fill": "(none)"},
        {"kind": "log1p", "columns": numeric[:2]},
        {"kind": "standard-scale", "columns": numeric},
        {"kind": "one-hot", "columns": texts, "minCount": 5},
        {"kind": "pca", "columns": "*", "components": 4},
    ]
    pca = PCA(n_components=4, svd_solver="full").fit(features[:TRAIN])
    return case("chain", numeric + texts, steps, pca.transform(features), upToSign=True, explained=pca.explained_variance_ratio_.tolist())


def power_cases(frame):
    for method, ours, columns in [("yeo-johnson", "yeo-johnson", ["signed", "skewed", "ProductRelated", "ProductRelated_Duration"]), ("box-cox", "box-cox", ["skewed"])]:
        power = PowerTransformer(method=method, standardize=False).fit(frame[columns].to_numpy()[:TRAIN])
        yield {"columns": columns, "method": ours, "lambdas": power.lambdas_.tolist(), "expected": numbers(power.transform(frame[columns].to_numpy()))}


def sparse_case(rng):
    matrix = scipy.sparse.random(140, 60, density=0.06, format="csr", random_state=np.random.default_rng(5))
    matrix.data = matrix.data * np.exp(rng.normal(0, 1, matrix.data.size))
    svd = TruncatedSVD(n_components=6, algorithm="arpack", random_state=0).fit(matrix)
    return {
        "rows": 140, "columns": 60, "starts": matrix.indptr.tolist(), "indexes": matrix.indices.tolist(), "values": matrix.data.tolist(),
        "singularValues": svd.singular_values_.tolist(), "components": numbers(svd.components_), "projected": numbers(svd.transform(matrix)),
    }


def main():
    rng = np.random.default_rng(20)
    frame, target = make_rows(rng)
    reference = {
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
        "trainingRows": TRAIN,
        "numeric": {name: [None if np.isnan(value) else float(value) for value in frame[name]] for name in NUMBERS},
        "categorical": {name: [None if value is None or value != value else str(value) for value in frame[name]] for name in TEXTS},
        "target": target.tolist(),
        "cases": [*plain_cases(frame), *target_cases(frame, target), *selection_cases(frame, target), *projection_cases(frame, target)],
        "powers": [*power_cases(frame)],
        "sparse": sparse_case(rng),
    }
    text = json.dumps(reference, separators=(",", ":"), allow_nan=False)
    (HERE / "pipeline.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
