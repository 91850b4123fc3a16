from casework.writing import LASTS, Writing


def test_writing_is_over_some_seconds_after_the_last_key():
    now = [0.0]
    writing = Writing(lambda: now[0])

    assert writing.begins("c", "family")
    assert not writing.begins("c", "family")
    assert writing.writes("c", "family") and not writing.writes("c", "worker") and not writing.writes("d", "family")
    now[0] = LASTS + 0.1
    assert not writing.writes("c", "family")
    assert writing.begins("c", "family")


def test_what_was_sent_is_written_no_more():
    writing = Writing()
    writing.begins("c", "worker")
    writing.ends("c", "worker")

    assert not writing.writes("c", "worker")
