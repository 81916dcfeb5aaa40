"""Plays a labelled CSV (f0,...,fd,label; reward 1 for the right label) as a contextual bandit with another library, and times it.

    python compare_learners.py --library vowpalwabbit|mabwiser --data FILE.csv[.gz] --seed N --epochs E [--rounds R]

Prints one JSON object: library, version, algorithm, rows, orderSha256, rounds, meanReward, microsecondsPerRound. The time is that of
choosing and learning alone: reading the file and turning rows into the library's own examples happen outside the clock.
Exit code 2: the input is at fault, and the last line of standard error tells why.
"""

import argparse
import gzip
import hashlib
import importlib.metadata
import json
import os
import random
import re
import sys
import time

# One thread, as ours: on matrices this small the threads of BLAS cost more than they give. Read when numpy is imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np

WORD = 0xFFFFFFFF


class InputFault(Exception):
    pass


def mulberry32(seed):
    state = seed & WORD
    while True:
        state = (state + 0x6D2B79F5) & WORD
        t = ((state ^ (state >> 15)) * (state | 1)) & WORD
        t ^= (t + ((t ^ (t >> 7)) * (t | 61) & WORD)) & WORD
        yield ((t ^ (t >> 14)) & WORD) / 4294967296


def stream_order(rows, seed, epochs):
    """Row numbers in the order of play: one Fisher-Yates shuffle per epoch, epochs concatenated."""
    order = []
    for epoch in range(epochs):
        uniform = mulberry32(seed * 1000003 + epoch * 101 + 12345)
        shuffled = list(range(rows))
        for i in range(rows - 1, 0, -1):
            j = int(next(uniform) * (i + 1))
            shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
        order += shuffled
    return order


def read_labelled(path):
    """Features [rows, d] and labels [rows], which are whole numbers from 0."""
    try:
        with gzip.open(path, "rt") if path.endswith(".gz") else open(path) as file:
            if not re.search(r"(^|,)label\s*$", file.readline()):
                raise InputFault("the last column of the header must be named label")
            numbers = np.loadtxt(file, delimiter=",", ndmin=2)
    except (OSError, ValueError) as error:
        raise InputFault(f"{path}: {error}") from error
    if numbers.size == 0 or not np.isfinite(numbers).all():
        raise InputFault("the file has no rows, or a number in it is not finite")
    labels = numbers[:, -1]
    if (labels < 0).any() or (labels != np.floor(labels)).any():
        raise InputFault("labels must be whole numbers from 0")
    return numbers[:, :-1], labels.astype(int)


def play_vowpalwabbit(features, labels, order, seed):
    from vowpalwabbit import Workspace

    workspace = Workspace("--cb_explore_adf --epsilon 0 -q SA --quiet")
    arms = int(labels.max()) + 1
    actions = "\n".join(f"|A a{arm}" for arm in range(arms))
    texts = ["shared |S " + " ".join(f"{j}:{v:.9g}" for j, v in enumerate(row) if v != 0) + "\n" + actions for row in features]
    uniforms = random.Random(seed)
    reward_total, spent, clock = 0, 0, time.perf_counter_ns
    for row in order:
        examples = workspace.parse(texts[row])
        label, uniform = int(labels[row]), uniforms.random()
        start = clock()
        probabilities = workspace.predict(examples)
        arm, reached = 0, probabilities[0]
        while reached <= uniform and arm < arms - 1:
            arm += 1
            reached += probabilities[arm]
        reward = 1 if arm == label else 0
        examples[arm + 1].set_label_string(f"0:{-reward}:{probabilities[arm]}")
        workspace.learn(examples)
        spent += clock() - start
        workspace.finish_example(examples)
        reward_total += reward
    workspace.finish()
    return "--cb_explore_adf --epsilon 0 -q SA", reward_total, spent


def play_mabwiser(features, labels, order, seed):
    from mabwiser.mab import MAB, LearningPolicy

    arms = int(labels.max()) + 1
    contexts = np.hstack([features, np.ones((len(features), 1))])  # it has no constant of its own
    player = MAB(list(range(arms)), LearningPolicy.LinUCB(alpha=1.0, l2_lambda=1.0), seed=seed)
    reward_total, spent, clock = 0, 0, time.perf_counter_ns
    for number, row in enumerate(order):
        context, label = contexts[row : row + 1], int(labels[row])
        start = clock()
        # Before its first fit it refuses to predict; all arms are equal then, and equal arms go to the first.
        arm = 0 if number == 0 else player.predict(context)
        reward = 1 if arm == label else 0
        learn = player.fit if number == 0 else player.partial_fit
        learn([arm], [reward], context)
        spent += clock() - start
        reward_total += reward
    return "LinUCB(alpha=1.0, l2_lambda=1.0)", reward_total, spent


PLAYERS = {"vowpalwabbit": play_vowpalwabbit, "mabwiser": play_mabwiser}


def compare(arguments):
    features, labels = read_labelled(arguments.data)
    order = stream_order(len(labels), arguments.seed, arguments.epochs)
    rounds = len(order) if arguments.rounds is None else arguments.rounds
    if not 1 <= rounds <= len(order):
        raise InputFault(f"rounds must be from 1 to {len(order)}, the length of the stream")
    algorithm, reward_total, spent = PLAYERS[arguments.library](features, labels, order[:rounds], arguments.seed)
    return {
        "library": arguments.library,
        "version": importlib.metadata.version(arguments.library),
        "algorithm": algorithm,
        "rows": len(labels),
        "orderSha256": hashlib.sha256(",".join(map(str, order)).encode()).hexdigest(),
        "rounds": rounds,
        "meanReward": reward_total / rounds,
        "microsecondsPerRound": spent / 1000 / rounds,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--library", required=True, choices=sorted(PLAYERS))
    parser.add_argument("--data", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--rounds", type=int)
    try:
        print(json.dumps(compare(parser.parse_args())))
    except InputFault as fault:
        print(f"{fault}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
