"""Reading a region: its own file over the province's over the nation's, each figure with its whole history."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from counter_tui.policy.histories import TRAINING_CITATION, Figures
from counter_tui.policy.profile import CodeOverlay, FieldOverlay, FormOverlay, MenuEntry, Region
from counter_tui.policy.regions import LateFeePeriod, Notice, Policy, UnknownRegion
from counter_tui.policy.sections import Section
from counter_tui.policy.yearly_figures import shipped_yearly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from counter_tui.policy.charges import Charge
    from counter_tui.policy.dated import Dated
    from counter_tui.policy.parameters import Setting

NATION = "nation"
TRAINING_BUREAU = "999999"
_BUREAU_DIGITS = 6
_MAX_CHAIN = 4


@dataclass(slots=True, kw_only=True)
class _Law:
    """What was read so far; a later file replaces whole histories, never parts of them."""

    schemes: dict[str, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    late_fee: tuple[LateFeePeriod, ...] = ()
    notices: tuple[Notice, ...] = ()
    floors: dict[str, Dated[int]] = field(default_factory=dict)
    ceilings: dict[str, Dated[int]] = field(default_factory=dict)
    charges: dict[str, Dated[Charge]] = field(default_factory=dict)
    settings: dict[str, Dated[Setting]] = field(default_factory=dict)
    menu: dict[str, MenuEntry] = field(default_factory=dict)
    forms: dict[str, FormOverlay] = field(default_factory=dict)
    codes: dict[str, dict[str, CodeOverlay]] = field(default_factory=dict)
    region: Region | None = None


def read_policy(folder: Path, name: str, *, training: bool) -> Policy:
    """Read the region of a name from a folder of region files; errors as `load_policy`."""
    chain = _chain(folder, name)
    overlay = folder / "training" / f"{name}.toml"
    if training and overlay.is_file():
        chain.append((overlay, Section.of_file(overlay)))
    law = _Law()
    for path, section in chain:
        _read_file(law, section, training=path.parent != folder)
    if law.region is None:
        raise _unknown(folder, name)
    return Policy(
        region=_for_training(law.region) if training else law.region,
        version=_version([path for path, _ in chain], training=training),
        training=training,
        menu=tuple(law.menu[path] for path in sorted(law.menu)),
        schemes=law.schemes,
        late_fee_periods=law.late_fee,
        notices=law.notices,
        floors=law.floors,
        ceilings=law.ceilings,
        charges=law.charges,
        settings=law.settings,
        yearly=shipped_yearly(law.region.code, law.region.city),
        forms=law.forms,
        code_lists=law.codes,
    )


def _chain(folder: Path, name: str) -> list[tuple[Path, Section]]:
    """Return the files of a region, the nation first."""
    files: list[tuple[Path, Section]] = []
    wanted: str | None = name
    while wanted is not None:
        path = folder / f"{wanted}.toml"
        if not (wanted.isascii() and wanted.isalpha()) or not path.is_file():
            raise _unknown(folder, wanted)
        section = Section.of_file(path)
        if len(files) == _MAX_CHAIN:
            raise section.fault("extends", "上级地区互相引用")
        files.insert(0, (path, section))
        wanted = section.text("extends") if section.has("extends") else None
    return files


def _unknown(folder: Path, name: str) -> UnknownRegion:
    return UnknownRegion(name=name, known="、".join(_known(folder)) or "无")


def _known(folder: Path) -> Iterator[str]:
    for path in sorted(folder.glob("*.toml")):
        if Section.of_file(path).has("region"):
            yield path.stem


def _version(paths: list[Path], *, training: bool) -> str:
    digest = hashlib.sha256(b"training" if training else b"production")
    for path in paths:
        content = path.read_bytes()
        digest.update(f"\n{path.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _for_training(region: Region) -> Region:
    return Region(
        name=region.name,
        code=region.code,
        profile=region.profile,
        city=region.city,
        title=region.title,
        bureau=TRAINING_BUREAU,
    )


def _read_file(law: _Law, section: Section, *, training: bool) -> None:
    marked = section.flag("training") if section.has("training") else False
    if marked != training:
        raise section.fault("training", f"“{TRAINING_CITATION}”的文件只能放在 training 目录，并须写明 training = true")
    law.schemes.update(_texts(section.section("schemes")))
    law.groups.update(_texts(section.section("groups")))
    figures = Figures(schemes=law.schemes, training=training)
    for limits in section.sections("limits"):
        figures.limits(limits, law.floors, law.ceilings)
    for rates in section.sections("rates"):
        figures.rates(rates, law.charges)
    parameters = section.section("parameters")
    for name in parameters.rest():
        figures.keep(parameters, law.settings, name, figures.setting(parameters.section(name), name))
    if periods := section.sections("late_fee"):
        law.late_fee = _late_fee(periods)
    law.notices += tuple(_notice(notice, figures) for notice in section.sections("notices"))
    if section.has("region"):
        law.region = _region(section.section("region"))
    _read_profile(law, section)
    section.finish()


def _read_profile(law: _Law, section: Section) -> None:
    menu = section.section("menu")
    for path in menu.rest():
        law.menu[path] = _menu_entry(menu.section(path), path, law.groups)
    forms = section.section("forms")
    for function in forms.rest():
        law.forms[function] = _form(forms.section(function))
    lists = section.section("codes")
    for list_id in lists.rest():
        law.codes[list_id] = _codes(lists.section(list_id))


def _notice(section: Section, figures: Figures) -> Notice:
    notice = Notice(
        since=section.month("since"),
        until=section.month("until"),
        schemes=figures.named_schemes(section),
        text=section.text("text"),
        by=section.text("by"),
    )
    section.finish()
    return notice


def _texts(section: Section) -> dict[str, str]:
    return {key: section.text(key) for key in section.rest()}


def _region(section: Section) -> Region:
    region = Region(
        name=section.text("name"),
        code=section.text("code"),
        profile=section.text("profile"),
        city=section.text("city"),
        title=section.text("title"),
        bureau=section.text("bureau"),
    )
    for key, digits in (("code", region.code), ("bureau", region.bureau)):
        if len(digits) != _BUREAU_DIGITS or not (digits.isascii() and digits.isdigit()):
            raise section.fault(key, "应为六位数字")
    if region.bureau == TRAINING_BUREAU:
        raise section.fault("bureau", f"{TRAINING_BUREAU} 只用于演练")
    section.finish()
    return region


def _menu_entry(section: Section, path: str, groups: dict[str, str]) -> MenuEntry:
    if not (path.isascii() and path.isdigit()) or path[0] not in groups:
        raise section.fault("", "菜单路径应为数字，首位为已有的分组")
    entry = MenuEntry(
        path=path,
        function=section.text("function"),
        name=section.text("name"),
        group=groups[path[0]],
        note=section.text("note") if section.has("note") else "",
    )
    section.finish()
    return entry


def _form(section: Section) -> FormOverlay:
    return FormOverlay({name: _field(section.section(name)) for name in section.rest()})


def _field(section: Section) -> FieldOverlay:
    overlay = FieldOverlay(
        required=_optional_flag(section, "required"),
        required_when=section.text("required_when") if section.has("required_when") else None,
        default=section.text("default") if section.has("default") else None,
        hidden=_optional_flag(section, "hidden"),
        collapsed=_optional_flag(section, "collapsed"),
        fixed=_optional_flag(section, "fixed"),
    )
    section.finish()
    return overlay


def _codes(section: Section) -> dict[str, CodeOverlay]:
    overlays = {}
    for code in section.rest():
        item = section.section(code)
        name = item.text("name") if item.has("name") else None
        overlays[code] = CodeOverlay(name=name, hidden=bool(_optional_flag(item, "hidden")))
        item.finish()
    return overlays


def _optional_flag(section: Section, key: str) -> bool | None:
    return section.flag(key) if section.has(key) else None


def _late_fee(sections: tuple[Section, ...]) -> tuple[LateFeePeriod, ...]:
    periods: list[LateFeePeriod] = []
    for section in sections:
        period = LateFeePeriod(
            since=section.day("since"),
            until=section.optional_day("until"),
            per_day=section.rate("per_day"),
            by=section.text("by"),
            confidence=section.confidence(),
        )
        if periods and (periods[-1].until is None or (period.since - periods[-1].until).days != 1):
            raise section.fault("since", "各段日期应首尾相接")
        section.finish()
        periods.append(period)
    return tuple(periods)
