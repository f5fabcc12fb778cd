"""Assembling a fact: the answers about one number, put into one row with its spans, quote and evidence.

Belongs here: offsets back into the document, the quote, the key, the sign. Not here: any decision about words.
"""

from __future__ import annotations

from bisect import bisect_left
from hashlib import sha256

from ingest.extract.found import Found
from ingest.extract.indicator import Link
from ingest.extract.period import Period
from ingest.extract.quantity import Quantity
from ingest.extract.role import RoleReading
from ingest.extract.scope import Place
from ingest.extract.statement import Phrase
from ingest.model import Fact
from ingest.versions import EXTRACTOR_VERSION

_QUOTE_REACH = 24  # characters of a noun after the number that a quote may take in
_BEFORE_QUOTE = frozenset(" ,;:、。)\n|.")
_BEHIND_QUOTE = frozenset(" ,;:、。\n|")
_CLOSING = frozenset(",;。、)(: \n|")


class Assembler:
    """Makes the facts of one document."""

    def __init__(self, found: Found) -> None:
        self.document = found.document
        self.reading = found.reading
        self.text = found.text

    def fact(
        self,
        quantity: Quantity,
        phrase: Phrase,
        words: str,
        link: Link | None,
        unit: str,
        role: RoleReading,
        subgroup: str,
        place: Place,
        period: Period,
        sentence: str,
    ) -> Fact:
        """One fact.

        Args:
            quantity: the number.
            phrase: the stretches around it.
            words: what it counts, for people to read.
            link: the indicator, if the catalogue has it.
            unit, role, subgroup, place, period: the answers of the other modules.
            sentence: what else it holds (`confidence.sentence`).

        The confidence is weighed when all facts of the document are known.
        """
        document = self.document
        comparator = quantity.comparator
        if role.rule == "named_as_target" and comparator in {">", "<"}:
            comparator = "="  # 高于90%的国家标准 compares with the standard, whose own level is 90
        value = quantity.value
        if role.sign < 0 and value is not None:
            value = -value
        last = quantity.stop if quantity.end == quantity.start else quantity.end
        start, end = self.reading.span(quantity.start, last)
        code = _code(link, place.entity)
        key = f"{document.document_id}|{start}|{end}|{code}|{words}"
        evidence = {
            "indicator": f"{link.rule}: {'、'.join(link.words)}" if link else "no entry of the catalogue",
            "unit": quantity.unit_text or "by the indicator's name",
            "role": role.rule,
            "period": period.rule,
            "ref_area": place.rule,
            "sentence": sentence,
        }
        return Fact(
            fact_id=sha256(key.encode()).hexdigest()[:16],
            document_id=document.document_id,
            char_start=start,
            char_end=end,
            quote=self._quote(quantity, phrase, start),
            number_text=document.text[start:end],
            value=value,
            value_max=quantity.value_max,
            unit=unit,
            comparator=comparator,
            role=role.role,
            indicator_text=words,
            indicator_code=code,
            subgroup=subgroup,
            entity=place.entity,
            ref_area=place.ref_area,
            period_start=period.start,
            period_end=period.end,
            quality_flags=quantity.flags,
            repaired_value=quantity.repaired,
            confidence=0.0,
            evidence=evidence,
            extractor_version=EXTRACTOR_VERSION,
        )

    def _quote(self, quantity: Quantity, phrase: Phrase, number: int) -> str:
        """The exact text from the naming words to the unit, without what a cut would put into it.

        Args:
            number: where the number begins in the document.
        """
        text = self.text
        lead, stop = quantity.lead, quantity.stop
        begin = min(phrase.left[0][0], lead)
        if quantity.start == quantity.end:
            begin = min(begin, phrase.clause_start)  # a number that is not there is shown by its whole clause
        while begin < lead and text[begin] in _BEFORE_QUOTE:
            begin += 1
        end = stop
        right_start, right_end = phrase.right
        if right_start < right_end and text[right_start] not in _CLOSING:
            end = min(right_end, stop + _QUOTE_REACH)
        while end > stop and text[end - 1] in _BEHIND_QUOTE:
            end -= 1
        first, last = self.reading.span(begin, end)
        cuts = self.document.cuts
        if cuts and last - first > end - begin:
            number_end = self.reading.span(quantity.start, stop)[1]
            for cut_start, cut_end in cuts[bisect_left(cuts, (first,)) : bisect_left(cuts, (last,))]:
                if cut_end <= number:
                    first = cut_end
                elif cut_start >= number_end:
                    last = cut_start
                    break
        return self.document.text[first:last]


def _code(link: Link | None, entity: str) -> str:
    """The indicator's code; one institution's beds are hospital beds or a township health centre's (standard)."""
    if link is None:
        return ""
    if link.indicator.code == "beds" and entity:
        return "beds_township" if entity.endswith("卫生院") else "beds_hospital"
    return link.indicator.code
