from datetime import datetime, timezone

from casework.store import Message
from desk.packet import Known, Open, Packet, packet
from desk.quotes import Quote
from desk.words import words

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)
STORY = "儿子判了三年 媳妇走了大半年没音信 俩孙子跟我过"


def talk(*lines):
    """A ledger of (sender, text) or (sender, text, turn)."""
    return [
        Message("c", seq, line[0], line[1], str(seq), (), line[2] if len(line) > 2 else None, None, NOW)
        for seq, line in enumerate(lines, 1)
    ]


def turn(**members):
    return {"child": 1, "facts": {}, "partial": {}, "evidence": {}, "results": [], "asking": None} | members


def said(**evidence):
    """Evidence by fact; two underscores stand for the dot of its id."""
    return {fact.replace("__", "."): [{"seq": seq, "words": words}] for fact, (seq, words) in evidence.items()}


def test_a_fact_stands_with_its_words_and_their_message(library):
    now = turn(
        facts={"father.situation": ["imprisoned"], "father.term_months": 36},
        evidence=said(father__situation=(1, "儿子判了三年"), father__term_months=(1, "判了三年")),
    )
    child = packet(library, talk(("family", STORY), ("bot", "多久了？", now))).children[0]

    assert [
        Known("father.situation", "孩子爸爸现在的情况", "判了刑，在服刑", (Quote(1, "儿子判了三年"),), ()),
        Known("father.term_months", "爸爸文书上写的期限", "36 个月", (Quote(1, "判了三年"),), ()),
    ] == list(child.known)


def test_a_fact_without_words_is_to_be_checked_not_known(library):
    now = turn(facts={"child.age": 9}, partial={"mother.lost_contact_months": {"min": 6}})
    child = packet(library, talk(("family", STORY), ("bot", "好的。", now))).children[0]

    assert () == child.known + child.partly
    assert ["child.age", "mother.lost_contact_months"] == [fact.fact for fact in child.unquoted]


def test_evidence_that_points_at_nobodys_words_supports_nothing(library):
    now = turn(
        facts={"child.age": 9}, evidence={"child.age": [{"seq": 2, "words": "九岁"}, {"seq": None, "words": "x"}]}
    )
    child = packet(library, talk(("family", "您好"), ("bot", "九岁吗？", now))).children[0]

    assert () == child.known
    assert "child.age" == child.unquoted[0].fact


def test_words_that_do_not_stand_in_the_message_are_not_put_into_the_familys_mouth(library):
    now = turn(facts={"child.age": 9}, evidence=said(child__age=(1, "9岁")))
    child = packet(library, talk(("family", "娃滿九歲了"), ("bot", "好的。", now))).children[0]

    assert (Quote(1, "娃滿九歲了"),) == child.known[0].said


def test_nothing_stands_in_it_without_support(library):
    now = turn(
        facts={"child.age": 9, "mother.situation": ["dead"], "need.lawyer": True},
        partial={"father.situation": {"one_of": ["dead", "lost_contact"]}},
        evidence=said(child__age=(1, "九岁"), father__situation=(3, "说不清"), need__lawyer=(7, "律师")),
        results=[
            {"id": "dibao", "outcome": "needs_facts", "missing": ["household.size"], "because": [], "sources": []}
        ],
        asking="household.size",
    )
    ledger = talk(("family", "孙子九岁"), ("bot", "爸爸呢？", turn(asking="father.situation")), ("family", "说不清"))
    ledger += talk(*[("system", "")] * 3, ("bot", "几口人？", now))[3:]
    page = packet(library, ledger)
    family = {message.seq: message.text for message in ledger if message.sender == "family"}
    spoken = {message.seq for message in ledger if message.sender == "bot"}
    quotes = [*page.needs, *page.ends]
    for child in page.children:
        quotes += [quote for fact in [*child.known, *child.partly] for quote in fact.said]
        assert all(fact.said for fact in [*child.known, *child.partly])
        assert {told.seq for told in child.outcomes} | {seq for one in child.asked for seq in one.seqs} <= spoken

    assert {seq for told in page.explained for seq in told.seqs} <= spoken
    assert all(quote.words in family[quote.seq] for quote in quotes)
    assert {risk.seq for risk in page.risks} <= set(family)


def test_what_is_narrowed_is_said_as_it_is(library):
    now = turn(
        partial={
            "mother.lost_contact_months": {"min": 6, "max": 12},
            "mother.situation": {"one_of": ["dead", "lost_contact"]},
        },
        evidence=said(mother__lost_contact_months=(1, "大半年"), mother__situation=(1, "没音信")),
    )
    child = packet(library, talk(("family", STORY), ("bot", "好的。", now))).children[0]

    titles = [library.facts["mother.situation"].choice(value).title for value in ("dead", "lost_contact")]
    assert ["6 到 12 个月", " 或 ".join(titles)] == [fact.value for fact in child.partly]


def test_a_value_that_was_taken_back_is_shown_as_changed(library):
    before = turn(facts={"father.term_months": 36}, evidence=said(father__term_months=(1, "判了三年")))
    after = turn(facts={"father.term_months": 42}, evidence=said(father__term_months=(3, "三年半")))
    ledger = talk(("family", STORY), ("bot", "好的。", before), ("family", "不对，三年半"), ("bot", "改了。", after))
    fact = packet(library, ledger).children[0].known[0]

    assert ("42 个月", ("36 个月",)) == (fact.value, fact.before)


def test_a_set_that_only_heard_more_is_not_called_changed(library):
    before = turn(facts={"father.situation": ["imprisoned"]}, evidence=said(father__situation=(1, "判了三年")))
    after = turn(facts={"father.situation": ["dead", "imprisoned"]}, evidence=said(father__situation=(1, "判了三年")))
    ledger = talk(("family", STORY), ("bot", "好的。", before), ("family", "后来没了"), ("bot", "好的。", after))

    assert () == packet(library, ledger).children[0].known[0].before


def test_what_is_open_and_what_was_asked_are_told_apart(library):
    result = {"id": "defacto_living", "outcome": "needs_facts", "because": [], "sources": []}
    first = turn(asking="child.age", results=[{**result, "missing": ["child.age", "mother.situation"]}])
    second = turn(
        asking="mother.situation",
        facts={"child.age": 9},
        evidence=said(child__age=(3, "九岁")),
        results=[{**result, "missing": ["mother.situation"]}],
    )
    ledger = talk(("family", "有啥补贴"), ("bot", "几岁？", first), ("family", "九岁"), ("bot", "妈妈呢？", second))
    child = packet(library, ledger).children[0]
    mother = library.facts["mother.situation"]

    assert (Open(mother.id, mother.title, mother.question, (4,)),) == child.open
    assert [("child.age", (2,), True), ("mother.situation", (4,), False)] == [
        (one.fact, one.seqs, one.answered) for one in child.asked
    ]


def test_an_outcome_stands_with_its_clause_its_sources_and_where_it_was_told(library):
    result = {
        "id": "defacto_living",
        "outcome": "eligible",
        "missing": [],
        "because": ["符合：父亲服刑（民发〔2019〕62号 一）。"],
        "sources": ["《意见》第一条"],
    }
    told = packet(library, talk(("family", STORY), ("bot", "可以申请。", turn(results=[result])))).children[0].outcomes

    assert [("事实无人抚养儿童基本生活补贴", "eligible", ("《意见》第一条",), 2)] == [
        (one.name, one.outcome, one.sources, one.seq) for one in told
    ]
    assert tuple(result["because"]) == told[0].because


def test_a_later_outcome_replaces_an_earlier_one(library):
    def outcome(word):
        return turn(results=[{"id": "dibao", "outcome": word, "missing": [], "because": [], "sources": []}])

    ledger = talk(
        ("family", "a"), ("bot", "b", outcome("needs_facts")), ("family", "c"), ("bot", "d", outcome("eligible"))
    )

    assert [("eligible", 4)] == [(one.outcome, one.seq) for one in packet(library, ledger).children[0].outcomes]


def test_every_child_has_its_own_part(library):
    first = turn(facts={"child.age": 9}, evidence=said(child__age=(1, "老大九岁")))
    second = turn(child=2, facts={"child.age": 4}, evidence=said(child__age=(3, "老二四岁")))
    ledger = talk(("family", "老大九岁"), ("bot", "好。", first), ("family", "老二四岁"), ("bot", "好。", second))

    assert [(1, "9 岁"), (2, "4 岁")] == [
        (child.number, child.known[0].value) for child in packet(library, ledger).children
    ]


def test_danger_is_traced_to_the_message_it_came_from(library):
    thought = turn(safety={"level": "urgent", "kinds": ["neglect"]})
    card = {"safety": {"level": "emergency", "kinds": ["self_harm"]}}
    ledger = talk(
        ("family", "孩子没人理"),
        ("bot", "现在安全吗？", thought),
        ("family", "我不想活了，今晚就跳楼"),
        ("system", "先别一个人待着。", card),
    )
    page = packet(library, ledger)

    assert [(1, "urgent", "model"), (3, "emergency", "words")] == [(one.seq, one.level, one.by) for one in page.risks]
    assert (4,) == page.safety_shown


def test_what_the_family_wants_is_told_in_their_words(library):
    now = turn(facts={"need.lawyer": True}, evidence=said(need__lawyer=(1, "想找个律师")))

    assert (Quote(1, "想找个律师"),) == packet(library, talk(("family", "想找个律师"), ("bot", "好。", now))).needs


def test_a_family_that_named_no_need_is_quoted_with_its_first_and_last_words(library):
    page = packet(library, talk(("family", STORY), ("family", "在吗"), ("family", "转人工")))

    assert ((), (Quote(1, STORY), Quote(3, "转人工"))) == (page.needs, page.ends)


def test_an_empty_conversation_makes_an_empty_page(library):
    page = packet(library, [])

    assert Packet((), (), (), (), (), ()) == page


def test_a_child_that_is_not_at_hand_is_shown_with_what_is_known_now(library):
    first = turn(facts={"child.age": 9}, evidence=said(child__age=(1, "九岁")))
    other = turn(facts={"child.age": 6}, evidence=said(child__age=(3, "小的六岁")))
    talked = talk(
        ("family", "大的九岁"), ("bot", "好的。", first),
        ("family", "小的六岁"), ("bot", "好的。", other | {"child": 2, "others": [first]}),
    )  # fmt: skip

    assert [(1, ["9 岁"]), (2, ["6 岁"])] == [
        (child.number, [fact.value for fact in child.known]) for child in packet(library, talked).children
    ]


def test_a_child_noted_in_passing_is_on_the_page_before_its_turn_comes(library):
    noted = turn(facts={"child.age": 6}, evidence=said(child__age=(1, "小的六岁"))) | {"child": 2}
    now = turn(facts={"child.age": 9}, evidence=said(child__age=(1, "大的九岁")), others=[noted])

    assert [1, 2] == [
        child.number
        for child in packet(library, talk(("family", "大的九岁，小的六岁"), ("bot", "好的。", now))).children
    ]


def test_what_the_assistant_has_explained_with_its_sources_need_not_be_told_again(library):
    told, chatted = turn(topics=["dibao", "gone"], sources=["某法#一"]), turn(topics=["tekun_minor"])
    page = packet(library, talk(("family", "低保咋办"), ("bot", "…", told), ("bot", "…", chatted), ("bot", "…", told)))

    assert [("dibao", library.policies["dibao"].short, (2, 4))] == [
        (each.id, each.name, each.seqs) for each in page.explained
    ]


def test_no_title_calls_the_worker_by_the_familys_you(library):
    now = turn(facts={"asker.role": "grandparent_paternal"}, evidence=said(asker__role=(1, "我儿")))
    (known,) = packet(library, talk(("family", STORY), ("bot", "好的。", now))).children[0].known

    assert "说话的人和孩子的关系" == known.title
    assert all(fact.id in words()["titles"] for fact in library.facts.values() if "您" in fact.title)
