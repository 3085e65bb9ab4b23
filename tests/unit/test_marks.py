"""Marks at failing lines, and their removal from what a model copies."""

from hypothesis import given
from hypothesis import strategies as st

from filtermend.marks import MOST_MARKS, mark, unmark
from filtermend.models import Diagnostic


def at(line: int, message: str = "undefined: x") -> Diagnostic:
    return Diagnostic(line=line, message=message)


def test_a_line_says_what_is_wrong_with_it() -> None:
    found = at(2, "compiles, but fails when it is run with the data of AUSDT: index out of range")
    assert mark("a\nb", [found]) == "a\nb  // <<< index out of range"


def test_a_line_has_one_mark_and_a_code_a_few() -> None:
    marked = mark("a\n" * 9, [at(1), at(1, "other"), *(at(line) for line in range(1, 10))])
    assert marked.count("<<<") == MOST_MARKS
    assert "other" not in marked


def test_what_has_no_line_is_not_marked() -> None:
    assert mark("a\nb", [at(0), at(3), at(-1)]) == "a\nb"


def test_only_the_first_line_of_a_message_is_told() -> None:
    assert mark("a", [at(1, "not enough arguments\n\thave ()")]) == "a  // <<< not enough arguments"


def test_copied_marks_go_and_comments_stay() -> None:
    assert unmark("a  // <<< gone\nb // stays\n// <<< gone too\nc") == "a\nb // stays\n\nc"


@given(st.text(), st.lists(st.tuples(st.integers(-2, 9), st.text()), max_size=8))
def test_unmarking_undoes_marking(code: str, found: list[tuple[int, str]]) -> None:
    code = unmark(code).rstrip(" \t")
    plain = "\n".join(line.rstrip(" \t") for line in code.split("\n"))
    assert unmark(mark(plain, [at(*where) for where in found])) == plain
