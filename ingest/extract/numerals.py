"""Chinese numerals to numbers: 二点一八万, 三百二十, 一千〇五.

Belongs here: the arithmetic of numerals. Not here: which numerals measure anything (`quantity`).
"""

from __future__ import annotations

_DIGITS = {"〇": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "亿": 100_000_000}


def chinese_number(text: str) -> float | None:
    """The number that a numeral writes, or None where the characters form none.

    Returns:
        e.g. 三百二十 → 320, 二点一八万 → 21800, 九十五点六 → 95.6, 二〇二二 → 2022.
    """
    whole, point, fraction = text.partition("点")
    if point:
        scale = 1
        while fraction and fraction[-1] in _LARGE:
            scale *= _LARGE[fraction[-1]]
            fraction = fraction[:-1]
        if not fraction or any(character not in _DIGITS for character in fraction):
            return None
        base = _integer(whole)
        if base is None:
            return None
        return float(f"{base}.{''.join(str(_DIGITS[character]) for character in fraction)}") * scale
    value = _integer(whole)
    return None if value is None else float(value)


def _integer(text: str) -> int | None:
    if not text:
        return None
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        elif character in _LARGE:
            total = (
                (total + section + digit) * _LARGE[character]
                if character == "亿"
                else total + (section + digit) * _LARGE[character]
            )
            section = digit = 0
        else:
            return None
    return total + section + digit
