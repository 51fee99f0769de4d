"""The law of a region with the figures that its bureau has loaded and a second person has confirmed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from counter_tui.domain.calendar import YearMonth
from counter_tui.domain.figures import FiguresState
from counter_tui.domain.posts import same_facts
from counter_tui.policy.dated import Confidence, Dated, Gap, NotInForce
from counter_tui.policy.figure_words import digest_of
from counter_tui.policy.histories import charge_name, limit_names, meet
from counter_tui.policy.parameters import PARAMETERS
from counter_tui.policy.supplements import (
    CEILING,
    CHARGE,
    CONFIRM,
    FLOOR,
    HISTORIES,
    SETTING,
    YEARLY,
    BadFigures,
    keyed_histories,
    read_supplement,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from counter_tui.domain.figures import FiguresFile
    from counter_tui.policy.dated import Value
    from counter_tui.policy.regions import Notice, Policy
    from counter_tui.policy.supplements import Supplement


def text_hash(text: str) -> str:
    """Tell a text from every other one: SHA-256, hex."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(slots=True)
class CurrentLaw:
    """The shipped law, completed by what is confirmed; worked out anew only when files or day have changed."""

    shipped: Policy
    _seen: tuple[object, ...] = ()
    _policy: Policy | None = None

    def on(self, today: date, files: Sequence[FiguresFile]) -> Policy:
        """Return the law as it stands on a business date; never raises because of a file, see `with_loaded`."""
        if not files:
            return self.shipped
        seen = (today, *((each.id, each.state, each.text_hash, text_hash(each.text)) for each in files))
        if self._policy is None or seen != self._seen:
            self._policy, self._seen = with_loaded(self.shipped, files, today), seen
        return self._policy


def with_loaded(policy: Policy, files: Iterable[FiguresFile], today: date) -> Policy:
    """Return the law completed by the confirmed files.

    Of several publications for a month the latest one rules, as everywhere; a figure published after `today` does not
    rule yet. A file whose text is not the one that was confirmed, or that no second person stands behind, makes its
    figures refuse (FigureDamaged): nothing is guessed and everything else goes on, until the very same text was loaded
    and confirmed again.
    """
    confirmed = [each for each in files if each.state is FiguresState.CONFIRMED and each.region == policy.region.name]
    ruling = [each for each in confirmed if each.in_force is not None and each.in_force <= today]
    if not ruling:
        return policy
    merging = _Merging(policy=policy, today=today, histories=keyed_histories(policy))
    whole = {each.text_hash for each in ruling if _is_whole(each)}
    for each in sorted(ruling, key=lambda file: (file.in_force, file.decided.at if file.decided else None, file.id)):
        if _is_whole(each) or each.text_hash not in whole:
            merging.add(each)
    return merging.law()


def _is_whole(file: FiguresFile) -> bool:
    """Whether a text is the one that two different hands have signed for."""
    two = file.decided is not None and not same_facts(file.proposed, file.decided)
    return two and text_hash(file.text) == file.text_hash


def tried(policy: Policy, supplement: Supplement, today: date) -> Policy:
    """Return the law as it would stand with a file that nobody has confirmed yet; for the comparison."""
    merging = _Merging(policy=policy, today=today, histories=keyed_histories(policy))
    merging.take(supplement, "", ())
    return merging.law()


@dataclass(slots=True, kw_only=True)
class _Merging:
    """Histories under way, by the keys of `supplements`."""

    policy: Policy
    today: date
    histories: dict[str, Dated[Any]]
    notices: list[Notice] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    """What the version is made of."""

    def add(self, file: FiguresFile) -> None:
        """Merge a confirmed file, or make its figures refuse."""
        self.marks.append(f"{file.id} {file.text_hash}")
        supplement = self._trusted(file)
        if supplement is None:
            for key in file.figures:
                self._spoil(key, file.name)
        else:
            self.take(supplement, file.name, file.figures)

    def _trusted(self, file: FiguresFile) -> Supplement | None:
        """What a file says, if it is still what two persons have signed for."""
        if not _is_whole(file):
            return None
        try:
            return read_supplement(file.text, name=file.name, policy=self.policy, checked=False)
        except BadFigures:
            return None

    def take(self, supplement: Supplement, name: str, confirmed: Sequence[str]) -> None:
        """Merge what a file says; `confirmed` are its keys as they were signed for, none while it is only tried."""
        for each in supplement.confirmations:
            self._confirm(each.figure, each.since, each.by, confirmed)
        for key, added in supplement.histories.items():
            self._complete(key, added, name)
        for notice in supplement.notices:
            if notice.known_from <= self.today:
                self.notices.append(notice.notice)

    def _complete(self, key: str, added: Dated[Any], name: str) -> None:
        before = self.histories.get(key) or Dated(figure=added.figure, values=())
        fresh = [value for value in added.values if value not in before.values]
        published = [value for value in fresh if value.known_from is not None and value.known_from <= self.today]
        self.marks.append(f"{key} {len(published)}")
        if any(_undecidable(value, other) for value in published for other in before.values):
            self._spoil(key, name)
            return
        gaps = before.gaps
        for value in published:
            gaps = tuple(rest for gap in gaps for rest in _left(gap, value))
        present = YearMonth.of(self.today) if key.startswith(SETTING) else None
        self.histories[key] = replace(before, values=(*before.values, *published), gaps=gaps, present=present)

    def _confirm(self, figure: str, since: YearMonth, by: str, confirmed: Sequence[str]) -> None:
        """Lift the mark of the very value that was looked at; another one keeps its mark."""
        for key, history in self.histories.items():
            if history.figure != figure:
                continue
            try:
                value = history.on(since)
            except NotInForce:
                continue
            if confirmed and f"{CONFIRM}:{figure}@{since}#{digest_of(value)}" not in confirmed:
                continue
            sure = replace(value, by=by, confidence=Confidence.HIGH)
            self.histories[key] = replace(
                history, values=tuple(sure if each == value else each for each in history.values)
            )

    def _spoil(self, key: str, name: str) -> None:
        word, _, of = key.partition(":")
        self.marks.append(f"damaged {key}")
        if word in HISTORIES and (word != YEARLY or key in self.histories):
            before = self.histories.get(key) or Dated(figure=self._name(word, of), values=())
            self.histories[key] = replace(before, damaged=name)

    def _name(self, word: str, of: str) -> str:
        scheme = self.policy.scheme_name(of)
        if word == SETTING:
            return PARAMETERS[of].label if of in PARAMETERS else of
        return charge_name(scheme) if word == CHARGE else limit_names(scheme)[word == CEILING]

    def law(self) -> Policy:
        """The law with everything that was merged."""
        said = "\n".join((self.policy.version, *self.marks))
        return replace(
            self.policy,
            version=hashlib.sha256(said.encode()).hexdigest(),
            floors=self._of(FLOOR),
            ceilings=self._of(CEILING),
            charges=self._of(CHARGE),
            settings=self._of(SETTING),
            yearly=self.policy.yearly.holding(self._of(YEARLY)),
            notices=(*self.policy.notices, *self.notices),
        )

    def _of(self, word: str) -> dict[str, Dated[Any]]:
        return {key.partition(":")[2]: each for key, each in self.histories.items() if key.partition(":")[0] == word}


def _undecidable(value: Value[Any], other: Value[Any]) -> bool:
    """Whether nothing tells which of two different figures rules: both published on one day for one month."""
    return meet(value, other) and value.known_from == other.known_from and value.value != other.value


def _left(gap: Gap, value: Value[Any]) -> Iterator[Gap]:
    """What a value leaves of a gap."""
    if not meet(gap, value):
        yield gap
        return
    if gap.since < value.since:
        yield replace(gap, until=value.since - 1)
    if value.until is not None and (gap.until is None or value.until < gap.until):
        yield replace(gap, since=value.until + 1)
