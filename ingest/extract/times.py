"""Times: the expressions by which a report says when.

Belongs here: finding them and turning each into dates, given the document's own period.
Not here: which quantity a time belongs to (`period`).
"""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import NamedTuple

# Which of a year's months each named part covers.
_PARTS = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "一季度": (1, 3),
    "二季度": (4, 6),
    "三季度": (7, 9),
    "四季度": (10, 12),
    "前三季度": (1, 9),
    "前三个季度": (1, 9),
    "前两季度": (1, 6),
    "1季度": (1, 3),
    "2季度": (4, 6),
    "3季度": (7, 9),
    "4季度": (10, 12),
    "1-3季度": (1, 9),
    "全年": (1, 12),
}
# Five-year plans: the number after 十 gives the years (the eleventh plan began in 2006).
_PLANS = {"十五": 2001, "十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}
_DIGITS = {character: str(number) for number, character in enumerate("〇一二三四五六七八九")} | {"零": "0"}

_YEAR = r"(?:(?P<{0}>(?:19|20)\d\d|[一二][〇零一二三四五六七八九]{{3}})\s*年\s*)"
_PART = r"(?P<part>前三个?季度|前两季度|上半年|下半年|第?[一二三四1234]季度|1-3季度|全年)"
_TIME = re.compile(
    r"(?:(?P<asof>截至|截止到?|截止|到|至)\s*)?(?:"
    # 2022年12月28日…至2023年11月27日, with a verb between allowed
    + r"(?P<ry1>(?:19|20)\d\d)年(?P<rm1>\d{1,2})月(?:(?P<rd1>\d{1,2})日)?(?P<verb>[\u4e00-\u9fff]{0,6})"
    + r"(?:至|到|-|—)\s*(?P<ry2>(?:19|20)\d\d)年(?P<rm2>\d{1,2})月(?:(?P<rd2>\d{1,2})日)?"
    # 2023年1月1日至9月30日
    + r"|(?P<sy>(?:19|20)\d\d)年(?P<sm1>\d{1,2})月(?:(?P<sd1>\d{1,2})日)?"
    + r"(?:至|到|-|—)(?P<sm2>\d{1,2})月(?:(?P<sd2>\d{1,2})日)?"
    # 2016-2020年, 2016年至2020年
    + r"|(?P<yy1>(?:19|20)\d\d)\s*年?(?:至|到|-|—)\s*(?P<yy2>(?:19|20)\d\d)\s*年(?P<yyend>底|末)?"
    # (2022年)1-9月
    + r"|"
    + _YEAR.format("my")
    + r"?(?P<m1>\d{1,2})月?(?:至|到|-|—)(?P<m2>\d{1,2})\s*月(?P<m2end>底|份|末)?"
    # 2022年7月5日, 7月5日, 2022年5月底, 5月底
    + r"|"
    + _YEAR.format("dy")
    + r"?(?P<m>\d{1,2})\s*月(?:(?P<d>\d{1,2})\s*[日号]|(?P<mend>底|末|份|初|上旬|中旬|下旬|中)?)"
    # 2022年上半年, 2022年底, 2022年
    + r"|"
    + _YEAR.format("y")
    + r"(?:"
    + _PART
    + r"|(?P<yend>度?(?:年)?[底末])|(?P<ybegin>年?初)|度|全年)?"
    # 今年上半年, 上半年, 一季度
    + r"|(?:(?P<rel0>今年|本年|去年|上年|明年)\s*)?(?P<part2>前三个?季度|上半年|下半年|第?[一二三四]季度)"
    # 十四五期间
    + r"|[“\"]?(?P<plan>(?<![〇零一二两三四五六七八九十百千])十[一二三四五]?五)[”\"]?"
    + r"(?:规划)?\s*(?P<planpart>期间|时期|以来|末|期末|初|初期|规划)?"
    # words
    + r"|(?P<word>去年同期|上年同期|去年年?底|上年末|上年底|去年末|去年|上年度?|上一年度?|前年|明年"
    + r"|今年以来|今年年底|今年底|今年|本年度?|本月底|年底前|年底|年末|目前|年初|同期|现在|当前|近年来"
    + r"|全年(?!的?(?:任务|目标|计划|指标)))"  # 完成全年任务的63% says what, not when
    # 2022-07-05, 2022/7/5, 2022.7.5
    + r"|(?P<iy>(?:19|20)\d\d)[-/.](?P<im>\d{1,2})[-/.](?P<id>\d{1,2})(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
    # clock, and spans of years that name no period
    + r"|(?P<clock>\d{1,2}[:：]\d\d(?::\d\d)?)"
    + r"|(?P<years>(?:近|过去|连续)?[一二两三四五六七八九十\d]{1,2}年(?:来|间|以来))"
    + r")"
)
# Where an expression can begin. The big pattern is tried there alone; what this lets through in vain costs only time.
_BEGINNING = re.compile(
    r"[截到至\d一二三四五六七八九十两第前上下全今本去明近过连目同现当年“\"]"
    r"(?:(?<=\d)(?=\d{0,3}\s*[年月:：\-—至到]|\d{3}[/.])"
    r"|(?<=[截到至])(?=[止至到\s]*(?:[\d一二第前上下全今本去明近过连目同现当年十“\"]|[三四五六七八九两]))"
    r"|(?<=[一二])(?=[〇零一二三四五六七八九]{3}\s*年)"
    r"|(?<=[一二三四五六七八九十两\d])(?=[一二两三四五六七八九十\d]?(?:年[来间以]|季度))|(?<=十)(?=[一二三四五]?五)|(?<=第)(?=.季)"
    r"|(?<=前)(?=[三两年])|(?<=[上下])(?=半年)|(?<=[上去])(?=[年一])|(?<=[今本去上明全])(?=[年月])"
    r"|(?<=[近过连])(?=[年去续一二两三四五六七八九十\d])|(?<=[目现当同年])(?=[前在期底末初])|(?<=[“\"])(?=十))",
)


class Time(NamedTuple):
    """A time expression at [start, end) of the reading, with the days it covers.

    `kind` says how it may be used: `span` (a stretch with both ends), `as_of` (up to a day), `point` (an event's day or
    month), `now` (截至目前), `reference` (a word such as 去年同期 for an earlier time), `none` (says when, but no
    period follows from it: a clock, 五年来).
    """

    start: int
    end: int
    kind: str
    first: date | None
    last: date | None
    text: str


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int("".join(_DIGITS.get(character, character) for character in text))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_times(
    text: str, period_start: date | None, period_end: date | None, spoken_on: date | None = None
) -> list[Time]:
    """All time expressions of a folded text, in order.

    Args:
        text: folded reading text.
        period_start, period_end: the document's own period; it supplies the year that an expression leaves out.
        spoken_on: the day on which it was said, where that is another year (a press conference on the year before).

    Returns:
        Times in order of their start; an impossible date (13月) is left out.
    """
    own_year = period_end.year if period_end else None
    if spoken_on is not None and own_year is not None and spoken_on.year > own_year:
        own_year, period_start, period_end = spoken_on.year, date(spoken_on.year, 1, 1), spoken_on
        is_past = True
    else:
        is_past = False
    times: list[Time] = []
    at = 0
    while begin := _BEGINNING.search(text, at):
        match = _TIME.match(text, begin.start())
        if match is None:
            at = begin.start() + 1
            continue
        at = match.end()
        found = _read(match, own_year, period_start, period_end)
        if found is not None:
            kind, first, last = found
            if is_past and kind == "own" and match.group().startswith("今年"):
                kind = "span"  # this year is not the document's own
            times.append(Time(match.start(), match.end(), kind, first, last, match.group()))
    return times


def _read(
    part: re.Match[str], own_year: int | None, own_start: date | None, own_end: date | None
) -> tuple[str, date | None, date | None] | None:
    as_of = bool(part["asof"])
    if part["ry1"]:
        first = _day(int(part["ry1"]), int(part["rm1"]), int(part["rd1"] or 1))
        last = _end_day(int(part["ry2"]), int(part["rm2"]), part["rd2"])
        return ("span", first, last) if first and last else None
    if part["sy"]:
        year = int(part["sy"])
        first = _day(year, int(part["sm1"]), int(part["sd1"] or 1))
        last = _end_day(year, int(part["sm2"]), part["sd2"])
        return ("span", first, last) if first and last else None
    if part["yy1"]:
        first_year, last_year = int(part["yy1"]), int(part["yy2"])
        if last_year <= first_year:
            return None
        return "span", date(first_year, 1, 1), date(last_year, 12, 31)
    if part["m1"]:
        year_ = _year(part["my"]) or own_year
        return _months(year_, int(part["m1"]), int(part["m2"]))
    if part["m"]:
        return _month(part, own_year, as_of)
    if part["y"]:
        return _in_year(part, _year(part["y"]), as_of)
    if part["part2"]:
        shift = {"去年": -1, "上年": -1, "明年": 1}.get(part["rel0"] or "", 0)
        if own_year is None:
            return "none", None, None
        found = _months(own_year + shift, *_PARTS[part["part2"].lstrip("第").replace("个季", "季")])
        return ("reference", *found[1:]) if found is not None and shift < 0 else found
    if part["plan"]:
        begin = _PLANS.get(part["plan"])
        if begin is None:
            return None
        if part["planpart"] in {"末", "期末"}:
            return "as_of", date(begin + 4, 12, 31), date(begin + 4, 12, 31)
        return "plan", date(begin, 1, 1), date(begin + 4, 12, 31)
    if part["word"]:
        return _word(part["word"], own_year, own_start, own_end, as_of)
    if part["iy"]:
        day = _day(int(part["iy"]), int(part["im"]), int(part["id"]))
        return ("none", day, day) if day else None
    return "none", None, None


def _end_day(year: int, month: int, day: str | None) -> date | None:
    if not 1 <= month <= 12:
        return None
    return _day(year, month, int(day)) if day else month_end(year, month)


def _months(year: int | None, first: int, last: int) -> tuple[str, date | None, date | None] | None:
    if not (1 <= first <= last <= 12):
        return None
    if year is None:
        return "none", None, None
    return "span", date(year, first, 1), month_end(year, last)


def _month(part: re.Match[str], own_year: int | None, as_of: bool) -> tuple[str, date | None, date | None] | None:
    year, month = _year(part["dy"]) or own_year, int(part["m"] or 0)
    if not 1 <= month <= 12:
        return None
    if year is None:
        return "none", None, None
    if part["d"]:
        day = _day(year, month, int(part["d"]))
        if day is None:
            return None
        return ("as_of" if as_of else "point"), day, day
    if part["mend"] in {"底", "末"}:
        return "as_of", date(year, 1, 1), month_end(year, month)
    if as_of and part["mend"] in {None, "份"}:
        return "as_of", date(year, 1, 1), month_end(year, month)
    if part["mend"] in {"初", "上旬", "中旬", "下旬", "中"}:
        return "point", date(year, month, 1), month_end(year, month)
    return "point", date(year, month, 1), month_end(year, month)


def _in_year(part: re.Match[str], year: int | None, as_of: bool) -> tuple[str, date | None, date | None] | None:
    if year is None:
        return None
    if part["part"]:
        return _months(year, *_PARTS[part["part"].lstrip("第").replace("个季", "季")])
    if part["yend"]:
        return "as_of", date(year, 12, 31), date(year, 12, 31)
    if part["ybegin"]:
        return "point", date(year, 1, 1), date(year, 1, 1)
    return ("year_as_of" if as_of else "year"), date(year, 1, 1), date(year, 12, 31)


def _shift_year(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _word(
    word: str, own_year: int | None, own_start: date | None, own_end: date | None, as_of: bool
) -> tuple[str, date | None, date | None]:
    if own_year is None or own_end is None or own_start is None:
        return "none", None, None
    if word in {"去年同期", "上年同期", "同期"}:
        return "reference", _shift_year(own_start, -1), _shift_year(own_end, -1)
    if word in {"去年底", "去年年底", "上年末", "上年底", "去年末"}:
        return "reference", date(own_year - 1, 12, 31), date(own_year - 1, 12, 31)
    if word in {"去年", "上年", "上年度", "上一年", "上一年度"}:
        return "reference", date(own_year - 1, 1, 1), date(own_year - 1, 12, 31)
    if word == "前年":
        return "reference", date(own_year - 2, 1, 1), date(own_year - 2, 12, 31)
    if word == "明年":
        return "year", date(own_year + 1, 1, 1), date(own_year + 1, 12, 31)
    if word in {"年底前", "年底", "年末", "今年底", "今年年底"}:
        return "year_end", date(own_year, 12, 31), date(own_year, 12, 31)
    if word in {"目前", "现在", "当前"}:
        return "now", own_start, own_end
    if word == "年初":
        return "none", None, None
    if word in {"今年", "本年", "本年度", "全年", "今年以来"}:
        return "own", own_start, own_end
    return "none", None, None


def shift_year(day: date, years: int) -> date:
    """The same day some years away (29 February becomes the 28th)."""
    return _shift_year(day, years)
