"""Cut a notice of opening hours into tokens: months, days, spans of time, closures.

The text is rewritten step by step (`REWRITES`); what a step understands it puts as `@kind:value`. Kinds are

    clock   minutes from midnight, and the half of the day that was said: a(m), p(m), m (noon), n(ext day), x (none)
    span    minutes from midnight to minutes from midnight, after 1440 on the next day
    since, last   minutes from midnight: it opens then; it lets in for the last time
    season  months or days of the year in OSM syntax, its spaces as dots
    days    Mo to Su and PH, with commas
    off, shut     what was named before, what is named next is closed
    as, except, but, beyond, rest, noon, label, bracket, stop, unsure   words, see `hours_notice.py`
    left    letters that stand for nothing here
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator

from .opening_hours import DAYS, MONTHS

HOLIDAY = "PH"
NOON_MIN, DAY_MIN = 12 * 60, 24 * 60

Match = re.Match[str]

# Letters and signs that stand for others here.
SIGNS = str.maketrans(
    "週時點開館間閉營業啟關門節遊園場進後晚區參觀國隊領單雙內對為從須證約~～–—―−〜、，；。（）【】[]“”@",
    '周时点开馆间闭营业启关门节游园场进后晚区参观国队领单双内对为从须证约-------,,;;()()()"" ',
)
DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
WEEKDAYS = dict(zip("一二三四五六日1234567天", (*DAYS, *DAYS, "Su"), strict=True))
ENGLISH = {day.lower(): day for day in DAYS}
HALVES = {
    "a": ("上午", "早上", "早晨", "清晨", "凌晨", "早", "am"),
    "m": ("中午",),
    "p": ("下午", "傍晚", "晚上", "晚间", "晚", "pm"),
    "n": ("次日", "翌日", "第二天"),
}
HALF = "|".join(word for words in HALVES.values() for word in words if not word.isascii())
TO = r"\s*(?:-+|至|到|\bto\b|\buntil\b)\s*"
CHINESE = r"(?:周|星期|礼拜)"
ENGLISH_NAME = r"\b(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:days?)?|mo|tu|we|th|fr|sa|su)\b"
LAST_WORDS = r"(?:停止|截止|谢绝)(?:检票|售票|领票|取票|换票|(?:观众)?(?:入场|入馆|进馆|进场|入园|入内|接待|参观))"
NOISE = re.compile(
    r"(?:开放|开馆|参观|营业|服务|接待|开园|游览|正常)(?:时间|日)?|时间|每逢?|如?遇|逢|对外|免费|实行|期间?|全天|以?及|[为是均都的则在和与]|其中"
    r"|opening|open|hours|times?|from|between|on|the|is|are|and|&|[,:)\"|/.\s]"
)


def read_tokens(text: str) -> Iterator[tuple[str, str]]:
    """Yield the tokens of a notice as (kind, value), and each run of letters that stands for nothing as "left"."""
    text = unicodedata.normalize("NFKC", text).translate(SIGNS).casefold()
    for pattern, rewrite in REWRITES:
        text = re.sub(pattern, rewrite, text)
    for piece in re.split(r"(@[a-z]+:\S*)", text):
        if piece.startswith("@"):
            kind, _, value = piece[1:].partition(":")
            yield kind, value
        elif words := NOISE.sub(" ", piece).strip():
            yield "left", words


def _numeral(found: Match) -> str:
    """Return a numeral up to 99 as digits."""
    if "十" not in found[0]:
        return "".join(str(DIGITS[sign]) for sign in found[0])
    tens, _, ones = found[0].partition("十")
    is_plain = (not tens or tens in DIGITS) and (not ones or ones in DIGITS)
    return str(DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)) if is_plain else found[0]


def _clock(found: Match) -> str:
    """Return a time of day as minutes from midnight, with the half of the day that it names (a m p n), else x."""
    said = (found["half"] or found["suffix"] or "").replace(".", "")
    half = next((half for half, words in HALVES.items() if said in words), "x")
    minutes = {"半": 30, "一刻": 15, "三刻": 45}.get(found["part"] or "", int(found["minute"] or found["few"] or 0))
    at_min = int(found["hour"]) * 60 + minutes
    if minutes > 59 or at_min > DAY_MIN:
        return found[0]
    return f" @clock:{_in_half(at_min, half)}{half} "


def _in_half(at_min: int, half: str) -> int:
    """Return minutes from midnight of a time that a clock with twelve hours shows."""
    if half == "a" and at_min >= NOON_MIN:
        return at_min - NOON_MIN if at_min < NOON_MIN + 60 else at_min
    is_later = half == "p" or (half == "m" and at_min < NOON_MIN / 2)
    return at_min + NOON_MIN if is_later and at_min < NOON_MIN else at_min


def _span(found: Match) -> str:
    """Return two times as a span of minutes from midnight, its end after 24:00 where that is on the next day."""
    end_min, end_half = int(found["end"]), found["end_half"]
    if found["bare"]:
        start_half = next((half for half, words in HALVES.items() if found["half"] in words), "x")
        start_min = _in_half(int(found["bare"]) * 60, start_half)
        if start_half == "x" and end_half == "p" and start_min + NOON_MIN < end_min:
            start_min += NOON_MIN  # 1-5pm
    else:
        start_min, start_half = int(found["start"]), found["start_half"]
    if end_half == "x" and start_half in "pm":
        later_min = _in_half(end_min, "p")
        end_min = later_min if later_min > start_min else end_min  # 晚上6点-2点 ends at night
    if end_half == "n" or (start_half == "p" and end_min < start_min):
        end_min += DAY_MIN
    if end_min > start_min:
        return f" @span:{start_min}-{end_min} "
    later_min = end_min + (NOON_MIN if end_min + NOON_MIN > start_min else DAY_MIN)
    return f" @unsure: @span:{start_min}-{later_min} "  # 9:00-5:00, 18:00-2:00: which half of the day is meant?


def _months(found: Match) -> str:
    """Return a season in OSM syntax, its spaces as dots: May-Sep, May.01-Oct.07."""
    first, last = int(found["first"]), int(found["last"])
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return found[0]
    if found["first_day"] or found["last_day"]:
        days = int(found["first_day"] or 1), int(found["last_day"] or 0)
        return f" @season:{MONTHS[first - 1]}.{days[0]:02}-{MONTHS[last - 1]}.{days[1]:02} " if days[1] else found[0]
    return f" @season:{MONTHS[first - 1]}-{MONTHS[last - 1]} "


def _month(found: Match) -> str:
    number = int(found[1])
    return f" @season:{MONTHS[number - 1]} " if 1 <= number <= 12 else found[0]


def _weekdays(found: Match) -> str:
    """Return days of the week: a run of them, or one after another."""
    names = re.findall(r"[一二三四五六日天1-7]", found[0])
    return _days([WEEKDAYS[name] for name in names], is_run=bool(re.search(TO, found[0])))


def _english_days(found: Match) -> str:
    names = re.findall(ENGLISH_NAME, found[0])
    return _days([ENGLISH[name[:2]] for name in names], is_run=len(names) == 2)


def _days(days: list[str], *, is_run: bool) -> str:
    if is_run:
        first, last = DAYS.index(days[0]), DAYS.index(days[-1])
        days = [DAYS[(first + n) % 7] for n in range((last - first) % 7 + 1)]
    return f" @days:{','.join(days)} "


DIGITS_OF = r"(?<!\d)(?<!\d:)"  # where a number begins
AT = (
    rf"(?:(?P<half>{HALF})[:\s]*)?{DIGITS_OF}(?P<hour>\d{{1,2}})"
    r"(?::(?P<minute>\d\d)(?!\d)|[点时](?P<part>半|一刻|三刻)|[点时](?P<few>\d{1,2})分?|[点时][整钟]?|(?=\s*[ap]\.?m\b))"
    r"(?:\s*(?P<suffix>[ap]\.?m\b\.?))?"
)
START, END = r"@clock:(?P<start>\d+)(?P<start_half>[ampnx])", r"@clock:(?P<end>\d+)(?P<end_half>[ampnx])"
FROM_TO = rf"(?:{START}|(?:(?P<half>{HALF})\s*)?{DIGITS_OF}(?P<bare>\d{{1,2}})){TO}{END}"
OPENS_CLOSES = rf"{START}\s*(?:开馆|开门|开园|开放|open)[\s,]*{END}\s*(?:闭馆|关门|关闭|闭园)(?P<bare>)(?P<half>)"
SEASON = (
    rf"(?<![年\d])(?P<first>\d{{1,2}})月?(?:(?<=月)(?P<first_day>\d{{1,2}})[日号])?{TO}(?:次年|翌年)?"
    r"(?P<last>\d{1,2})月(?:(?P<last_day>\d{1,2})[日号])?份?"
)
Rewrite = Callable[[Match], str] | str
# In this order: what is longer, or stands for more, comes before its parts.
REWRITES: tuple[tuple[str, Rewrite], ...] = (
    (r"(?<=\d)\s+(?=[月日号点时分])", ""),
    (r"朝九晚五", "9:00-17:00"),
    (r"早([零一二三四五六七八九十\d]+)点?晚([零一二三四五六七八九十\d]+)点?", r"早\1点-晚\2点"),
    (r"[零〇一二两三四五六七八九十]+(?=[点时月分])", _numeral),
    (r"(?<=[点时])[零〇一二三四五六七八九十]+(?=分|[^\d刻]|$)", _numeral),
    (r"24小时|全天候|24/7|全天(?:对外|免费)*开放", " @span:0-1440 "),
    (r"全年无休|无休|(?:正常|照常)(?:对外)?(?:开放|开馆|参观|营业)|不休(?:息|馆)?|也开放", " @as: "),
    (AT, _clock),
    (FROM_TO, _span),
    (OPENS_CLOSES, _span),
    (rf"@clock:(\d+)[ampnx]\s*(?:后|起|以后|之后)?\s*{LAST_WORDS}", r" @last:\1 "),
    (r"(?:最[晚后迟](?:入场|入馆|进馆|入园)|last (?:entry|admission))[\s:为(at)]*@clock:(\d+)[ampnx]", r" @last:\1 "),
    (r"@clock:(\d+)[ampnx]\s*(?:起|开始|开馆|开门|开园)", r" @since:\1 "),
    (SEASON, _months),
    (r"(?<![年\d])(\d{1,2})月(?!\d)份?", _month),
    (
        rf"{CHINESE}[一二三四五六日天1-7](?:{TO}(?:{CHINESE})?[一二三四五六日天1-7]|(?:,?{CHINESE}?[一二三四五六日天])*)(?![年月日点时])",
        _weekdays,
    ),
    (rf"{ENGLISH_NAME}(?:{TO}{ENGLISH_NAME})?", _english_days),
    (r"每天|每日|天天|全周|全年|daily|every ?day", f" @days:{','.join(DAYS)} "),
    (r"周末|双休日|weekends?", " @days:Sa,Su "),
    (r"工作日|weekdays|working days", " @unsure: @days:Mo,Tu,We,Th,Fr "),
    (r"(?:国家|法定|国定)*(?:节假日|假日)|(?:public|national|legal) holidays?", f" @days:{HOLIDAY} "),
    (r"[夏冬春秋旺淡]季(?:时间)?|[夏冬]令时?", " @label: "),
    (r"其[余他](?:时间|日期|月份)?|平时", " @rest: "),
    (r"除外|不含|except(?:ing)?|excluding", " @except: "),
    (r"除了?(?=\s*@days)", " @but: "),
    (r"(?<!对)以?外", " @beyond: "),
    (r"午休|午间休息|中午休息", " @noon: "),
    (r"闭馆日|休馆日|休息日|闭馆时间(?=:)", " @shut: "),
    (r"不(?:对外)?开放|(?:暂停|停止)(?:对外)?开放|不开馆?|闭馆|休馆|闭园|休园|休息|关闭|关门|例休|closed", " @off: "),
    (r"\(", " @bracket: "),
    (r"[;\n]|(?<!\d)\.(?!\d)", " @stop: "),
)
