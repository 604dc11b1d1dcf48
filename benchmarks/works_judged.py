"""How well documents are related, on a part of the judged pairs of tests/judged/works.

    python -m benchmarks.works_judged [--half work|untouched|fresh|unread|later|later-unread] [--errors]

All but `unread` and `later-unread` were read while the rules were made, and do not say how well unseen pairs are related. Of these
two only totals are printed: nothing is chosen by them.
"""

from __future__ import annotations

import argparse

from evaluation.works import KindScore, LabelledPair, evaluate
from tests.judged.works.build import HALVES, UNREAD, judged_pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--half", choices=HALVES, default="work")
    parser.add_argument("--errors", action="store_true", help="also print which pairs are wrong; not of unread pairs")
    asked = parser.parse_args()
    pairs = judged_pairs(asked.half)
    report = evaluate(LabelledPair(each.id, each.kind, each.first, each.second, each.also) for each in pairs)
    print(f"{report.pairs} pairs; editions said to be copies or translations: {report.editions_folded}")
    for name, score in report.scores.items():
        print(f"{name:24} {_row(score)}")
    print(f"{'copy, title and year':24} {_row(report.plain)}")
    print(f"{'copy, 0.9 of the words':24} {_row(report.plain_words)}")
    if asked.errors and asked.half not in UNREAD:
        for error in report.errors:
            print(f"{error.id}: {error.labelled}, said {error.given}")


def _row(score: KindScore) -> str:
    precision = f"P {score.precision:.4f} ({score.given_right}/{score.given})"
    return f"{precision:24} R {score.recall:.4f} ({score.labelled_right}/{score.labelled})"


if __name__ == "__main__":
    main()
