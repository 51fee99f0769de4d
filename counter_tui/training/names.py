"""Names of training people: every one is put together by chance and means nobody."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

MALE: Final = "1"
HAN: Final = "01"
RARE_EVERY: Final = 83
"""One person in so many has a character that few fonts hold."""
NAMESAKE_EVERY: Final = 40
"""One person in so many is called as the person before."""


def _words(listing: str) -> tuple[str, ...]:
    return tuple(listing.split())


_SURNAMES: Final = (
    "王70 李69 张65 刘54 陈41 杨31 赵29 黄20 周19 吴18 徐17 孙18 胡13 朱13 高15 林10 何11 郭15 马14 罗9 梁8 "
    "宋9 郑9 谢7 韩9 唐6 冯8 于9 董8 萧5 程6 曹7 袁6 邓5 许6 傅4 沈5 曾4 彭4 吕5 苏4 卢3 蒋4 蔡3 贾5 丁4 魏5 "
    "薛4 叶3 阎4 余2 潘2 杜4 戴2 夏2 钟2 汪2 田4 任4 姜3 范4 方3 石4 姚3 谭2 廖1 邹2 熊1 金3 陆2 郝4 孔2 白3 "
    "崔4 康3 毛2 邱2 秦3 江2 史3 顾1 侯3 邵2 孟3 龙1 万1 段3 雷2 钱1 汤1 尹2 黎1 易1 常3 武3 乔2 贺2 赖1 龚1 "
    "文1 申3 苗2 牛3 霍2 单1 解1 仇1 查1 翟2 冀1 欧阳1 司马1 上官1 诸葛1 令狐1"
)
_MALE_GIVEN: Final = (
    "伟30 强24 军22 勇18 杰18 涛18 明17 超16 刚14 平12 辉12 鹏14 华14 飞12 磊14 斌13 波12 浩12 宇11 亮10 建18 "
    "国16 志16 文14 海12 永11 振7 学9 庆8 春8 立8 玉8 新8 俊9 凯9 峰9 龙8 林8 东8 生7 成7 山5 祥5 福5 泽6 轩5 "
    "晨5 博6 瑞5 子6 家5 一4 天4 然3"
)
_FEMALE_GIVEN: Final = (
    "芳24 娜20 敏20 静22 丽24 艳18 燕16 秀18 英18 红18 霞16 玲16 娟14 梅13 萍12 玉14 桂8 兰10 云10 洁10 倩9 "
    "雪11 婷14 慧13 莉10 晓12 佳10 欣10 雨10 梦7 琳9 颖9 丹8 华8 文8 凤8 春8 淑10 爱6 翠4 彩5 月7 琴5 瑶4 涵6 "
    "怡6 子6 一5 可4 诗4 思6 璐4 蕾4 莹5"
)
_COMMON_MALE: Final = (
    "建国9 建华8 志强9 国强6 建军8 志刚5 文斌4 俊杰8 浩宇6 子轩5 宇航5 海涛6 永强6 海波4 明辉4 国庆4 少华3 晓东6 "
    "春生3 文博4 天宇4 志远4 立新4 卫东5 学军4 新民3 家豪3 一鸣3"
)
_COMMON_FEMALE: Final = (
    "秀英9 桂英7 秀兰7 玉兰6 桂兰5 丽娟6 海燕7 晓燕7 丽华5 春梅6 雪梅5 红梅5 雅静4 婷婷8 欣怡6 梓涵5 雨桐4 佳怡5 "
    "思雨4 丽丽6 晓丽5 静怡3 美玲4 玉梅5 爱华3 淑珍4 慧敏4 诗涵4"
)
_RARE_GIVEN: Final = "䶮㛃𬭚𠅤𬍛𫖯𬸚㼆䲟堃喆犇赟翀甯龑曌槑垚昉珺晛祎旻〇𫍯𬤝㬎"
_MINORITIES: Final = "03300 11200 02120 0590 0845 0740 1017 0440 0620 1510 1712"
"""Nation (CL-NATION, two digits) and weight."""
_UYGHUR_MALE: Final = _words(
    "买买提 吐尔逊 阿不都热合曼 艾力 玉素甫 依明 热合曼 库尔班 艾尼瓦尔 亚森 麦麦提 吾买尔 阿卜杜拉 斯迪克 牙生"
)
_UYGHUR_FEMALE: Final = _words(
    "古丽巴哈尔 阿依古丽 热孜万古丽 帕提古丽 米热班 阿米娜 祖丽胡马尔 迪丽努尔 茹仙古丽 海力且木"
)
_KAZAKH_MALE: Final = _words("叶尔肯 巴合提 努尔兰 别克 哈力 木拉提 赛力克 阿依丁")
_KAZAKH_FEMALE: Final = _words("阿依努尔 古丽娜孜 加依娜 萨吾列 沙依拉")
_MONGOL: Final = _words("巴特尔 苏日勒 乌云 其其格 格日勒 娜仁 布和 斯琴 阿拉腾 哈斯 萨仁 朝鲁 那日松 图雅")
_TIBETAN: Final = _words("扎西 卓玛 顿珠 次仁 央金 多吉 旺堆 拉姆 格桑 平措 尼玛 达瓦 洛桑 白玛")
_YI: Final = (_words("阿苦 吉克 沙马 阿的 曲比"), _words("木呷 伍果 尔布 阿呷 日哈 史布"))
_HUI_SURNAMES: Final = ("马", "哈", "白", "沙", "丁", "穆", "金", "杨")
_KOREAN_SURNAMES: Final = ("金", "朴", "李", "崔", "郑", "全")
_ZHUANG_SURNAMES: Final = ("韦", "覃", "黄", "农", "蒙", "陆")
_FOREIGN_GIVEN: Final = ("JOHN", "ANNA", "PAUL", "MARIA", "DAVID", "YUKI", "KENJI", "ELENA", "JEAN-LUC", "MIN")
_FOREIGN_SURNAMES: Final = ("SMITH", "TANAKA", "O'BRIEN", "MULLER", "KIM", "DUPONT", "IVANOVA", "SATO", "DE VRIES")
_ONE_CHARACTER: Final = 0.16
_COMMON: Final = 0.38
"""Share of given names that everybody knows somebody by."""


@dataclass(frozen=True, slots=True)
class _Pool:
    texts: tuple[str, ...]
    weights: tuple[int, ...]
    """Cumulative."""

    @classmethod
    def of(cls, listing: str, letters: int | None = None) -> _Pool:
        """Read `王70 李69`; with letters, the first so many stand for the text and the rest is its weight."""
        pairs = []
        for word in listing.split():
            text = word.rstrip("0123456789") if letters is None else word[:letters]
            pairs.append((text, int(word[len(text) :])))
        return cls(tuple(text for text, _ in pairs), tuple(accumulate(weight for _, weight in pairs)))

    def draw(self, rng: Random, count: int) -> list[str]:
        return rng.choices(self.texts, cum_weights=self.weights, k=count)


_SURNAME_POOL: Final = _Pool.of(_SURNAMES)
_GIVEN_POOLS: Final = {MALE: _Pool.of(_MALE_GIVEN), "2": _Pool.of(_FEMALE_GIVEN)}
_COMMON_POOLS: Final = {MALE: _Pool.of(_COMMON_MALE), "2": _Pool.of(_COMMON_FEMALE)}
_NATION_POOL: Final = _Pool.of(_MINORITIES, 2)
_BORROWED_SURNAMES: Final = {"03": _HUI_SURNAMES, "10": _KOREAN_SURNAMES, "08": _ZHUANG_SURNAMES}
_MINORITY: Final = 0.05
_ALONE: Final = _MINORITY + 1 / NAMESAKE_EVERY + _ONE_CHARACTER


def names(rng: Random, sexes: list[str]) -> Iterator[tuple[str, str]]:
    """A name and a nation (CL-NATION) for each person, by CL-SEX."""
    count = len(sexes)
    surnames = _SURNAME_POOL.draw(rng, count)
    given = {sex: pool.draw(rng, 2 * count) for sex, pool in _GIVEN_POOLS.items()}
    common = {sex: pool.draw(rng, count) for sex, pool in _COMMON_POOLS.items()}
    before = "", "", ""
    for place, sex in enumerate(sexes):
        chance = rng.random()
        first, second = given[sex][2 * place], given[sex][2 * place + 1]
        if chance < _MINORITY:
            name, nation = _minority(rng, sex, surnames[place], first)
        elif chance < _MINORITY + 1 / NAMESAKE_EVERY and before[2] == sex:
            name, nation = before[0], before[1]
        elif chance > 1 - 1 / RARE_EVERY:
            name, nation = surnames[place] + rng.choice(_RARE_GIVEN), HAN
        elif chance > 1 - _COMMON:
            name, nation = surnames[place] + common[sex][place], HAN
        else:
            alone = chance < _ALONE or first == second
            name, nation = surnames[place] + (first if alone else first + second), HAN
        before = name, nation, sex
        yield before[0], before[1]


def foreign_name(rng: Random) -> str:
    """A name in Latin letters, as on a permanent residence card."""
    return f"{rng.choice(_FOREIGN_GIVEN)} {rng.choice(_FOREIGN_SURNAMES)}"


def _minority(rng: Random, sex: str, surname: str, given: str) -> tuple[str, str]:
    (nation,) = _NATION_POOL.draw(rng, 1)
    male = sex == MALE
    match nation:
        case "05":
            own, father = rng.choice(_UYGHUR_MALE if male else _UYGHUR_FEMALE), rng.choice(_UYGHUR_MALE)
            return f"{own}·{father}", nation
        case "17":
            own, father = rng.choice(_KAZAKH_MALE if male else _KAZAKH_FEMALE), rng.choice(_KAZAKH_MALE)
            return f"{own}·{father}", nation
        case "07":
            return f"{rng.choice(_YI[0])}·{rng.choice(_YI[1])}", nation
        case "02":
            return "".join(rng.sample(_MONGOL, rng.choice((1, 1, 2)))), nation
        case "04":
            return "".join(rng.sample(_TIBETAN, 2)), nation
        case _:
            return rng.choice(_BORROWED_SURNAMES.get(nation, (surname,))) + given, nation
