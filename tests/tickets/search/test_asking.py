"""What somebody typed into the search, as it is read."""

import pytest

from tickets.search.asking import Operator, Term, number_in, read_question


def test_words_phrases_and_words_to_leave_out_are_told_apart() -> None:
    asked = read_question('gateway "tls handshake" -printer -"old cluster"')

    assert asked.terms == (
        Term("gateway"),
        Term("tls handshake", is_phrase=True),
        Term("printer", is_out=True),
        Term("old cluster", is_phrase=True, is_out=True),
    )
    assert asked.operators == ()


def test_a_word_with_a_colon_is_an_operator_whose_value_may_be_quoted() -> None:
    asked = read_question('Severity:1 customer:"Harbour Foods" -is:open state:')

    assert asked.operators == (
        Operator("severity", "1"),
        Operator("customer", "Harbour Foods"),
        Operator("is", "open", is_out=True),
    )
    assert [term.text for term in asked.terms] == ["state:"]


def test_an_address_is_words() -> None:
    asked = read_question("https://portal.example/a?b=c 10:30")

    assert asked.operators == ()
    assert [term.text for term in asked.terms] == ["https://portal.example/a?b=c", "10:30"]


@pytest.mark.parametrize("text", ["20418", "#20418", "TK-20418", "tk20418", " TK-20418 "])
def test_a_number_is_known_as_people_say_it(text: str) -> None:
    assert number_in(text) == 20418


@pytest.mark.parametrize("text", ["", "TK-", "20418a", "123456789012345678901", "²", "٣"])
def test_other_texts_are_no_number(text: str) -> None:
    assert number_in(text) is None


def test_a_question_is_cut_where_nobody_reads_on() -> None:
    asked = read_question(" ".join(f"w{number}" for number in range(100)))

    assert len(asked.text) <= 200
    assert len(asked.terms) == 12


def test_an_open_quote_ends_with_the_text() -> None:
    assert read_question('"tls hand').terms == (Term("tls hand", is_phrase=True),)
