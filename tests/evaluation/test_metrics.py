"""Measures and intervals, against figures worked out by hand and properties that always hold."""

from __future__ import annotations

import math

import pytest

from evaluation.bootstrap import mean_interval
from evaluation.metrics import average_precision, measures_of, ndcg, recall, unjudged


def test_the_gain_of_a_text_is_its_grade():
    grades = {"a": 2, "b": 1}
    best = 2 + 1 / math.log2(3)
    assert ndcg(["b", "a"], grades) == pytest.approx((1 + 2 / math.log2(3)) / best)
    assert ndcg(["a", "b"], grades) == pytest.approx(1.0)


def test_only_the_first_ten_hits_count_for_ndcg():
    hits = [f"other{number}" for number in range(10)]
    assert ndcg([*hits[:9], "a"], {"a": 1}) == pytest.approx(1 / math.log2(11))
    assert ndcg([*hits, "a"], {"a": 1}) == 0


def test_precision_is_averaged_over_all_relevant_texts_found_or_not():
    assert average_precision(["a", "x", "b"], {"a": 1, "b": 2, "c": 1, "x": 0}) == pytest.approx((1 + 2 / 3) / 3)


def test_recall_is_the_share_of_relevant_texts():
    assert recall(["a", "x"], {"a": 2, "b": 1, "x": 0}) == 0.5


def test_hits_after_the_hundredth_count_for_nothing():
    hits = [f"other{number}" for number in range(100)]
    assert measures_of([*hits, "a"], {"a": 1})["recall@100"] == 0
    assert measures_of([*hits[:99], "a"], {"a": 1})["recall@100"] == 1


def test_a_text_that_was_judged_not_relevant_is_not_unjudged():
    assert unjudged(["a", "x", "y", "z"], {"a": 1, "x": 0}) == 0.5


def test_a_query_that_finds_nothing_scores_nothing():
    assert set(measures_of([], {"a": 1}).values()) == {0.0}


def test_the_first_hit_succeeds_when_it_is_relevant_at_all():
    assert measures_of(["b"], {"a": 2, "b": 1})["success@1"] == 1
    assert measures_of(["x", "a"], {"a": 2, "x": 0})["success@1"] == 0


def test_an_interval_holds_the_mean_and_is_the_same_each_time():
    differences = [0.1, -0.2, 0.4, 0.0, 0.3, 0.25, -0.05]
    low, high = mean_interval(differences)
    assert low < sum(differences) / len(differences) < high
    assert (low, high) == mean_interval(differences)


def test_the_same_difference_everywhere_is_sure():
    assert mean_interval([0.25] * 20) == (0.25, 0.25)


def test_one_query_has_no_interval():
    assert all(map(math.isnan, mean_interval([0.3])))
