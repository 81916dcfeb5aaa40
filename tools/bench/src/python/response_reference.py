"""Fits scikit-learn's histogram gradient boosting to the sessions of online shoppers and prints its ROC AUC on the test months.

    python response_reference.py --data FILE.csv[.gz] --numeric A,B --categorical C,D --target T --month M --test-months Nov,Dec

Prints one JSON object: library, version, rows, trainRows, testRows, plain (categories as numbers) and categorical (categories told to be
categories), each an AUC. Defaults otherwise, random_state 0.
"""

import argparse
import json

import pandas as pd
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score


def words(text):
    return [word for word in text.split(",") if word]


parser = argparse.ArgumentParser()
parser.add_argument("--data", required=True)
parser.add_argument("--numeric", type=words, required=True)
parser.add_argument("--categorical", type=words, required=True)
parser.add_argument("--target", required=True)
parser.add_argument("--month", required=True)
parser.add_argument("--test-months", type=words, required=True)
args = parser.parse_args()

frame = pd.read_csv(args.data)
target = (frame[args.target].astype(str).str.upper() == "TRUE").astype(int)
test = frame[args.month].isin(args.test_months)
inputs = frame[args.numeric + args.categorical].copy()
for column in args.categorical:
    inputs[column] = inputs[column].astype("category").cat.codes


def auc(**options):
    model = HistGradientBoostingClassifier(random_state=0, **options).fit(inputs[~test], target[~test])
    return roc_auc_score(target[test], model.predict_proba(inputs[test])[:, 1])


marked = [column in args.categorical for column in inputs.columns]
print(
    json.dumps(
        {
            "library": "scikit-learn",
            "version": sklearn.__version__,
            "rows": len(frame),
            "trainRows": int((~test).sum()),
            "testRows": int(test.sum()),
            "plain": auc(),
            "categorical": auc(categorical_features=marked),
        }
    )
)
