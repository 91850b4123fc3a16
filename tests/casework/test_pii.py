import pytest
from hypothesis import given, strategies

from casework.pii import CARD_WEIGHTS, find, mask


def card(seventeen):
    """A number that nobody has, with its check sign."""
    total = sum(int(digit) * weight for digit, weight in zip(seventeen, CARD_WEIGHTS, strict=True))
    return seventeen + "10X98765432"[total % 11]


CARD = card("35040020160229123")


@pytest.mark.parametrize(
    "text, kind, number",
    [
        (f"身份证{CARD}", "identity_card", CARD),
        (f"身份证号：{CARD[:6]} {CARD[6:14]} {CARD[14:]}。", "identity_card", f"{CARD[:6]} {CARD[6:14]} {CARD[14:]}"),
        (" ".join(CARD), "identity_card", " ".join(CARD)),
        ("他的是11010519491231002x", "identity_card", "11010519491231002x"),
        ("写错一位350400201602291239", "identity_card", "350400201602291239"),
        ("老证350400850505123", "identity_card", "350400850505123"),
        ("我手机13800001234", "mobile", "13800001234"),
        ("打138 0000 1234吧", "mobile", "138 0000 1234"),
        ("138-0000-1234", "mobile", "138-0000-1234"),
        ("１３８００００１２３４", "mobile", "１３８００００１２３４"),
        ("1 3 8 0 0 0 0 1 2 3 4", "mobile", "1 3 8 0 0 0 0 1 2 3 4"),
        ("+86 13800001234", "mobile", "+86 13800001234"),
        ("家里0598-8223456", "landline", "0598-8223456"),
        ("（0598）8223456", "landline", "（0598）8223456"),
        ("01082234567", "landline", "01082234567"),
        ("家里电话是8223456", "landline", "8223456"),
        ("卡号 6222 0200 0000 0000 000", "bank_card", "6222 0200 0000 0000 000"),
        ("4111111111111111", "bank_card", "4111111111111111"),
        ("卡号6222020000000000001", "account", "6222020000000000001"),
        ("爸爸（2023）闽0404刑初123号", "judgment", "（2023）闽0404刑初123号"),
        ("(2009)三刑初字第12号判的", "judgment", "(2009)三刑初字第12号"),
        ("2023闽0404刑初123号", "judgment", "2023闽0404刑初123号"),
        ("（2021）内04执恢56号之一", "judgment", "（2021）内04执恢56号之一"),
    ],
)
def test_a_number_by_which_somebody_can_be_found_is_found(text, kind, number):
    [span] = find(text)

    assert (kind, number) == (span.kind, text[span.start : span.end])


@pytest.mark.parametrize(
    "text",
    [
        "110、119、120、122、12345、12355、12356、12338、12348",
        "打0591-12345或者4001234567",
        "一个月1891元，一年22692元，补了1380000元",
        "2025-07-01起，20231105办的，2023110512",
        "判了3年6个月，2021年3月5日到2024年9月4日",
        "民发〔2019〕62号、国办发〔2010〕54号、明政（2016）13号、闽民保〔2023〕5号",
        "孩子9岁，姐妹13 14 15 16 17 18岁",
        "2019年在民政局第3号窗口办的，2023年刑满释放",
        "电话20231105打过，号码是12356",
        "3.14159265358979",
        "（2023）第123号",
    ],
)
def test_what_everybody_may_read_stays(text):
    assert text == mask(text)


def test_several_numbers_are_found_in_order():
    text = f"{CARD} 13800001234，卡4111111111111111"

    assert ["identity_card", "mobile", "bank_card"] == [span.kind for span in find(text)]
    assert f"{'•' * 18} {'•' * 11}，卡{'•' * 16}" == mask(text)


@given(strategies.text(alphabet="0123456789 -.()（）年号闽刑初元岁电话X１•，", max_size=60))
def test_masking_keeps_the_length_hides_all_that_is_found_and_does_so_once(text):
    masked = mask(text)

    assert len(text) == len(masked)
    assert all(set(masked[span.start : span.end]) == {"•"} for span in find(text))
    assert [] == find(masked)
    assert masked == mask(masked)


@given(strategies.text(max_size=200))
def test_any_text_can_be_masked(text):
    assert len(text) == len(mask(text))
