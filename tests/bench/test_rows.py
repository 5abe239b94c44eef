"""A missed bar is reported."""

import pytest

from bench import table
from bench.comparison import NAMES, select, sockets_for
from bench.measures import WORKLOADS
from bench.percentile import percentile
from bench.rows import ROWS, Bar, Row


def results(ours, yardstick):
    return {"reply": {"ours": {"p50@1": ours}, "yardstick": {"p50@1": yardstick}}}


@pytest.mark.parametrize(("ours", "verdict"), [(1.5, "ok"), (1.51, "over")])
def test_ratio_is_compared_with_its_bar(ours, verdict):
    row = Row("reply", "p50@1", "ms", Bar(1.5))
    assert row.verdict(*row.values(results(ours, 1.0))) == verdict


@pytest.mark.parametrize(("ours", "verdict"), [(0.5, "ok"), (0.49, "over")])
def test_minimum_bar_is_checked(ours, verdict):
    row = Row("reply", "p50@1", "/s", Bar(0.5, least=True))
    assert row.verdict(*row.values(results(ours, 1.0))) == verdict


def test_absolute_bar_needs_no_yardstick():
    row = Row("memory", "idle", "MB", Bar(110, of="ours"))
    assert row.verdict(110.1, None) == "over"
    assert row.verdict(0.0, None) == "ok"


def test_missing_measurement_has_no_verdict():
    row = Row("reply", "p50@1", "ms", Bar(1.5))
    assert row.verdict(None, 1.0) == ""
    assert row.verdict(2.0, None) == ""


def test_table_shows_figures_ratio_and_verdict():
    first = table.lines("reply", results(3.0, 1.5))[0]
    assert first.split() == ["reply", "p50@1,", "ms", "3", "1.50", "2", "≤", "1.8", "×", "over"]
    assert table.over(results(3.0, 1.5)) == 1


def test_every_row_belongs_to_a_workload_and_every_workload_has_a_row():
    assert {row.workload for row in ROWS} == set(NAMES)


def test_rows_refer_to_measured_sides():
    sides = {workload.name: workload.sides for workload in WORKLOADS}
    for row in ROWS:
        if row.beside:
            side, workload, _ = row.beside
            assert side in sides[workload]


def test_chosen_workload_includes_the_rows_of_its_bars():
    assert select("chat-100-pages") == ["echo", "chat-100", "chat-100-pages"]
    assert "chat-1000" not in select(None)
    with pytest.raises(SystemExit):
        select("chess")


def test_file_limit_allows_the_largest_chat():
    assert sockets_for(["thread", "chat-100"]) == 300
    assert sockets_for(["chat-1000-pages"]) == 1100


@pytest.mark.parametrize(("percent", "value"), [(50, 2), (75, 3), (99, 4), (100, 4), (1, 1)])
def test_percentiles_are_observed_values(percent, value):
    assert percentile([4, 1, 3, 2], percent) == value
