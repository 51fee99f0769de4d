"""The cases that officials can read and sign beyond the monthly contribution: tests/regions/*.toml."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from counter_tui.domain.bills import BillLine
from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.money import read_signed_yuan, read_yuan, yuan
from counter_tui.errors import CounterError
from counter_tui.policy.arrears_interest import arrears_interest
from counter_tui.policy.back_month_fees import FreeOfFee, back_month_fees
from counter_tui.policy.dated import Confidence, Dated, Value
from counter_tui.policy.differences import Footing, base_difference
from counter_tui.policy.late_fees import late_fee
from counter_tui.policy.provisional import provisional_policy
from counter_tui.policy.regions import Policy, load_policy
from counter_tui.policy.tiers import Choice, choice, flexible_contribution, tier
from counter_tui.policy.undeclared import undeclared_due

if TYPE_CHECKING:
    from counter_tui.policy.parameters import Setting

FOLDER = Path(__file__).parent.parent / "regions"


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


FEES, DIFFERENCES, TIERS, INTEREST = (read(name) for name in ("late-fees", "differences", "tiers", "interest"))
HANDAN = load_policy("handan", training=False)


def without_limits(policy: Policy, since: YearMonth) -> Policy:
    """The law on a day when the limits from this month on were not yet published; last year's are carried."""

    def cut(history: Dated[int]) -> Dated[int]:
        return replace(history, values=tuple(value for value in history.values if value.since < since))

    return provisional_policy(
        replace(
            policy,
            floors={scheme: cut(each) for scheme, each in policy.floors.items()},
            ceilings={scheme: cut(each) for scheme, each in policy.ceilings.items()},
        ),
        since.first_day,
    )


@pytest.mark.parametrize("case", DIFFERENCES["difference"], ids=lambda case: case["name"])
def test_a_base_difference_is_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    law = load_policy(case["region"], training=False)
    then = without_limits(law, YearMonth.parse(case["unpublished"])) if "unpublished" in case else law
    found = base_difference(
        (case["scheme"],),
        YearMonth.parse(case["since"]),
        YearMonth.parse(case["until"]),
        Footing(policy=then, wage=read_yuan(case["old_wage"])),
        Footing(policy=law, wage=read_yuan(case["new_wage"])),
        injury_class=case.get("injury_class"),
    )
    assert (found.employer, found.person, found.account) == tuple(
        read_signed_yuan(case[side]) for side in ("employer", "person", "account")
    )
    assert found.collected - found.refunded == found.total == found.pool + found.account


@pytest.mark.parametrize("case", DIFFERENCES["undeclared"], ids=lambda case: case["last"][0])
def test_an_undeclared_month_is_fixed_at_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    employer, person = (read_yuan(text) for text in case["last"])
    line = BillLine(
        scheme="110", heads=1, wages=0, employer_base=0, person_base=0, employer=employer, person=person, late_fee=777
    )
    fixed = undeclared_due(HANDAN, YearMonth(2026, 11), (line,))
    assert [yuan(fixed.lines[0].employer), yuan(fixed.lines[0].person)] == case["fixed"]
    assert fixed.total == sum(read_yuan(text) for text in case["fixed"])


def chosen(case: dict[str, Any]) -> Choice:
    if "percent" in case:
        return tier(case["percent"])
    return choice(case["code"], read_yuan(case.get("free", "0")))


@pytest.mark.parametrize("case", TIERS["tier"], ids=lambda case: f"{case['region']}-{case['month']}-{case['base']}")
def test_a_tier_costs_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    law = load_policy(case["region"], training=False)
    owed = flexible_contribution(law, YearMonth.parse(case["month"]), chosen(case))
    assert {name: yuan(getattr(owed, name)) for name in ("base", "person", "account", "pool")} == {
        name: case[name] for name in ("base", "person", "account", "pool")
    }


@pytest.mark.parametrize("case", TIERS["not_open"], ids=lambda case: case["sentence"])
def test_a_tier_that_is_not_open_is_refused_in_words(case: dict[str, Any]) -> None:
    law = load_policy(case["region"], training=False)
    with pytest.raises(CounterError) as refusal:
        flexible_contribution(law, YearMonth.parse(case["month"]), chosen(case))
    assert refusal.value.sentence == case["sentence"]


def with_interest_rates(policy: Policy, rates: dict[str, int], form: str) -> Policy:
    """The law with yearly rates from these months on, each up to the next."""
    starts = [YearMonth.parse(month) for month in rates]
    ends = [*(start - 1 for start in starts[1:]), None]

    def value(setting: Setting, since: YearMonth, until: YearMonth | None) -> Value[Setting]:
        return Value(value=setting, since=since, until=until, known_from=None, by="演算", confidence=Confidence.HIGH)

    ppm = tuple(value(each, *span) for each, span in zip(rates.values(), zip(starts, ends, strict=True), strict=True))
    settings = {
        **policy.settings,
        "arrears_interest_ppm": Dated(figure="欠费补缴年利率", values=ppm),
        "arrears_interest_form": Dated(figure="计息方式", values=(value(form, YearMonth(1990, 1), None),)),
    }
    return replace(policy, settings=settings)


@pytest.mark.parametrize("form", ["simple", "compound"])
@pytest.mark.parametrize("case", INTEREST["interest"], ids=lambda case: f"{case['principal']}-{case['since']}")
def test_interest_is_what_was_worked_out_by_hand(case: dict[str, Any], form: str) -> None:
    law = with_interest_rates(load_policy(INTEREST["region"], training=False), case["rates"], form)
    since, now = YearMonth.parse(case["since"]), YearMonth.parse(case["now"])
    earned = arrears_interest(law, read_yuan(case["principal"]), since, now)
    assert (yuan(earned.amount), earned.months) == (case[form], case["months"])


@pytest.mark.parametrize("case", FEES["injury_uninsured"], ids=lambda case: f"{case['due']}-{case['paid']}")
def test_a_fee_of_an_employer_not_insured_against_injury_is_what_was_worked_out(case: dict[str, Any]) -> None:
    due, paid = date.fromisoformat(case["due"]), date.fromisoformat(case["paid"])
    fee = late_fee(HANDAN, read_yuan(case["principal"]), due, paid, injury_uninsured=True)
    assert (yuan(fee.amount), fee.days_old, fee.days_new) == (case["amount"], case["days_old"], case["days_new"])


@pytest.mark.parametrize("case", FEES["back_months"], ids=lambda case: case["name"])
def test_back_months_bear_their_own_fees(case: dict[str, Any]) -> None:
    found = back_month_fees(
        HANDAN,
        [(YearMonth.parse(month), read_yuan(text)) for month, text in case["owed"].items()],
        date.fromisoformat(case["paid"]),
        free={YearMonth.parse(month): FreeOfFee.DEFERRED for month in case.get("deferred", ())},
    )
    assert {str(each.month): yuan(each.amount) for each in found.months} == case["fees"]
    assert yuan(found.amount) == case["amount"]
    assert found.explanation.lines[-1].value == case["amount"].replace("1005.00", "1,005.00")


def test_every_calculation_brings_ten_cases() -> None:
    counts = {
        "difference": len(DIFFERENCES["difference"]),
        "undeclared": len(DIFFERENCES["undeclared"]),
        "tier": len(TIERS["tier"]),
        "interest": len(INTEREST["interest"]),
        "late_fee": len(FEES["late_fee"]),
    }
    assert min(counts.values()) >= 10, counts
