"""Whether words are said as true now: negation, hypothesis, question, past, and doubt."""

from __future__ import annotations

import re
from enum import Enum


class Stance(Enum):
    """How the writer stands to what the words say."""

    SAID = "said"
    DOUBTED = "doubted"
    DENIED = "denied"
    SUPPOSED = "supposed"
    ASKED = "asked"
    PAST = "past"


_FILLER = r"(?:被|在|去|再|真|真的|说|有|人|是|给|过|曾|怎么|什么|啥|听说|正式|就|都|马上|判|还)"
_NEGATION = re.compile(
    rf"(?:没有|没|未|不是|并非|不算|并没有?|从没|从不|从来没有?|不曾|没得|木有|莫|冇|别|非|不会|不用|不能|不肯|不想|不可能|(?<![要是])不){_FILLER}{{0,2}}$"
)
_NOT_THEM = re.compile(r"(?:不是|并非)(?:说)?(?:孩子|娃|他|她|我)?的?(?:爸爸?|妈妈?|爹|娘|父亲|母亲|父母|爸妈)[^，。,是]{0,6}$")
_SUPPOSED = re.compile(r"要是|如果|假如|假使|假设|假若|倘若|倘使|若是|万一|哪怕|即使|就算(?!是)|除非|比如|例如")
_FEARED = re.compile(
    r"怕|担心|会不会|能不能|可不可以|是否能|想不想|打算|准备|同意|将来|以后(?:会|要|怎)|有没有可能|不如|差点|假装|威胁|吓唬|逼|非要|想要?(?!办法)$|(?:要不要|该不该)(?!告诉|跟|和|让)"
)
_NO_LONGER_SUPPOSED = re.compile(r"^(?:但是?|可是?|不过)?(?:现在|目前|眼下|其实|实际上|事实上)")
_ASKED_BEFORE = re.compile(
    r"(?:是不是|够不够|符不符合|达到|是否|有没有|算不算|到底|究竟|谁(?![也都])|哪[些个种]|什么样|怎么(?:算|才)|必须|一定要|非得|得要|需要|要求|只有)[^，。,]{0,8}$"
)
_ASKED_AFTER = re.compile(
    r"^(?:了|的话|着|过)*(?:没有?(?=$|[?？，,。\s])|吗|么(?=$|[?？])|不(?=$|[?？])|没(?=$|[?？])|的话|才[能算行可给有]|就能|也能|的?[^，。,]{0,6}(?:行不行|可以吗|行吗|可不可以|好不好|怎么认定|怎么证明|是什么意思|条件))"
)
_ANYONE = re.compile(r"^(?:了|的|着)*的(?:孩子|小孩|娃|儿童|家庭|人家|情况|这种|学生|人)(?!他|她|爸|妈)")
_PAST = re.compile(r"以前|曾经|原来|过去|从前|原先|早些年|当年|当时|那时候?|那会儿?|小时候|的时候|时候")
_STILL = re.compile(r"以来|到现在|至今|一直|还|现在|以前[^，。,]{0,4}(?:就|也)|没回|再没|就没|就不")
_DOUBT = re.compile(
    r"好像|听说|听人说|听别人说|可能|估计|应该是|据说|说是|也许|恐怕|似乎|大概是|不确定|说不准|说不定|我猜|猜|怀疑|传言|有人说|人家说|别人说|村里人?说|都说|八成|多半|不知道是不是|像是|貌似|或许"
)
_DOUBT_AFTER = re.compile(r"^(?:了|的)?(?:吧|也说不定|不太?确定|不太?清楚|还不确定|我也不知道真假)")
_CLOSED = re.compile(r"不是[^，。,]{1,12}就是")


def stance(before: str, after: str, sentence: str) -> Stance:
    """`before` and `after` are the rest of the clause around the words, `sentence` what stands before the clause in its sentence."""
    if _CLOSED.search(before + after) or _supposed(sentence, before):
        return Stance.SUPPOSED
    if _FEARED.search(before[-12:]):
        return Stance.SUPPOSED
    if _ASKED_BEFORE.search(before) or _ASKED_AFTER.match(after) or _ANYONE.match(after):
        return Stance.ASKED
    if _NEGATION.search(before) or _NOT_THEM.search(before):
        return Stance.DENIED
    if _PAST.search(before) and not _STILL.search(before + after):
        return Stance.PAST
    if _DOUBT.search(before) or _DOUBT_AFTER.match(after):
        return Stance.DOUBTED
    return Stance.SAID


def _supposed(sentence: str, before: str) -> bool:
    if _SUPPOSED.search(before):
        return True
    return bool(_SUPPOSED.search(sentence)) and not _NO_LONGER_SUPPOSED.match(before.strip())
