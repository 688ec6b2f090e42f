"""Months, and rows in the order in which a case meets them."""

from services.portal.words import Words


def test_a_month_is_written_out() -> None:
    assert (Words("id").month("2026-11"), Words("en").month("2027-02")) == ("November 2026", "February 2027")


def test_stages_stand_as_a_case_meets_them_and_unknown_ones_last() -> None:
    rows = [{"stage": stage} for stage in ("ours", "ppk", "bkn_liaison", "direct_superior")]
    order = [row["stage"] for row in Words("id").in_order("stages", rows, "stage")]
    assert order == ["direct_superior", "bkn_liaison", "ppk", "ours"]
