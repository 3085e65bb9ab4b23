"""Go code out of real answers: every form a model has been seen to answer in, and hostile ones."""

import textwrap
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filtermend.extraction import Extracted, extract_code

BODY = """\
klines := data.Klines["5m"]
if len(klines) < 20 {
\treturn false
}
ema := indicators.CalculateEMA(klines, 20)
if ema == nil {
\treturn false
}
return klines[len(klines)-1].Close > *ema"""

SIGNATURE = "func evaluate(data *types.MarketData) bool {"
FUNCTION = f"{SIGNATURE}\n{textwrap.indent(BODY, chr(9))}\n}}"
FILE = f'package main\n\nimport (\n\t"math"\n)\n\n// evaluate says yes.\n{FUNCTION}\n'


def fenced(code: str, tag: str = "go", mark: str = "```") -> str:
    return f"{mark}{tag}\n{code}\n{mark}"


def code_of(answer: str) -> str | None:
    found = extract_code(answer)
    return found.code if found else None


def whole(code: str) -> Extracted:
    return Extracted(code, complete=True)


# --- fences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag", ["go", "golang", "Go", "GO", "", "c", "python", "text", "go title=x"]
)
@pytest.mark.parametrize("mark", ["```", "````", "~~~"])
def test_a_fenced_answer_is_what_stands_in_the_fence(tag: str, mark: str) -> None:
    assert extract_code(fenced(BODY, tag, mark)) == whole(BODY)


def test_prose_around_the_fence_is_left_out() -> None:
    answer = f"Here is the fix:\n\n{fenced(BODY)}\n\nIt returns false when EMA is nil."
    assert extract_code(answer) == whole(BODY)


def test_windows_line_ends_become_newlines() -> None:
    assert extract_code(fenced(BODY).replace("\n", "\r\n")) == whole(BODY)


def test_a_byte_order_mark_is_ignored() -> None:
    assert extract_code("\ufeff" + fenced(BODY)) == whole(BODY)
    assert extract_code("\ufeff" + BODY) == whole(BODY)


@pytest.mark.parametrize("bullet", ["   ", "\t", "1. ", "- ", "* "])
def test_a_fence_in_a_list_is_outdented(bullet: str) -> None:
    indented = textwrap.indent(fenced(BODY), "   ")
    assert extract_code(f"Steps:\n\n{bullet}{indented.lstrip()}\n") == whole(BODY)


def test_a_fence_may_open_at_the_end_of_a_sentence() -> None:
    assert extract_code(f"The corrected body: {fenced(BODY)}") == whole(BODY)


def test_a_fence_may_close_at_the_end_of_the_last_line() -> None:
    assert extract_code(f"```go\n{BODY}```") == whole(BODY)


def test_words_after_the_closing_fence_are_left_out() -> None:
    assert extract_code(f"```go\n{BODY}\n``` That is all.\nGood luck.") == whole(BODY)


def test_an_unterminated_fence_goes_to_the_end() -> None:
    assert extract_code(f"```go\n{BODY}\n") == whole(BODY)


def test_a_fence_that_was_not_closed_ends_at_the_next_go_fence() -> None:
    assert extract_code(f"```go\nif ema == nil {{\n\treturn false\n}}\n{fenced(BODY)}") == whole(
        BODY
    )


# --- several fences --------------------------------------------------------------------------

SNIPPET = "if ema == nil {\n\treturn false\n}"


def test_the_solution_is_found_after_an_explaining_snippet() -> None:
    answer = f"The cause:\n{fenced(SNIPPET)}\nThe whole body:\n{fenced(BODY)}"
    assert extract_code(answer) == whole(BODY)


def test_the_solution_is_found_before_an_explaining_snippet() -> None:
    answer = f"{fenced(BODY)}\nThe check I added:\n{fenced(SNIPPET)}"
    assert extract_code(answer) == whole(BODY)


def test_a_longer_snippet_without_a_final_return_is_no_solution() -> None:
    longer = "// " + "why " * 100 + "\n" + SNIPPET
    assert extract_code(f"{fenced('return true')}\n{fenced(longer)}") == whole("return true")


def test_a_one_line_snippet_is_no_rival_to_the_solution() -> None:
    answer = f"{fenced(BODY)}\nBefore, it ended in\n{fenced('return true')}"
    assert extract_code(answer) == whole(BODY)


def test_of_a_quoted_original_and_its_correction_the_correction_is_taken() -> None:
    longer_original = BODY + " && klines[len(klines)-1].Volume > 100000"
    assert extract_code(f"You had\n{fenced(longer_original)}\nNow\n{fenced(BODY)}") == whole(BODY)


def test_go_is_preferred_to_another_language() -> None:
    answer = (
        f"{fenced(BODY)}\nIn Python:\n{fenced('x = 1' * 20 + chr(10) + 'return (x)', 'python')}"
    )
    assert extract_code(answer) == whole(BODY)


def test_code_that_returns_is_preferred_to_a_tagged_snippet() -> None:
    assert extract_code(f"{fenced(SNIPPET)}\n{fenced(BODY, '')}\n{fenced(SNIPPET)}") == whole(BODY)


def test_an_empty_fence_before_the_code_does_not_hide_it() -> None:
    assert extract_code(f"```go\n```\n{fenced(BODY)}") == whole(BODY)


# --- no fence --------------------------------------------------------------------------------


def test_bare_code_is_code() -> None:
    assert extract_code(BODY) == whole(BODY)


def test_prose_before_and_after_bare_code_is_left_out() -> None:
    answer = f"Here is the corrected filter.\n\n{BODY}\n\nI have added a nil check for the EMA."
    assert extract_code(answer) == whole(BODY)


@pytest.mark.parametrize(
    "last",
    [
        "return price > ema &&\n\tvolume > average &&\n\trsi < 30",
        "return above(\n\tprice,\n\tema,\n)",
        "return price >\n\tema",
    ],
)
def test_a_last_statement_of_several_lines_is_kept_whole(last: str) -> None:
    code = f"price := data.Price\n{last}"
    assert extract_code(f"Use this:\n\n{code}\n\nIt is short.") == whole(code)


@pytest.mark.parametrize(
    "first", ["const least = 20", "var least int", "// Enough candles?\nleast, most := 20, 30"]
)
def test_bare_code_begins_with_its_first_statement(first: str) -> None:
    statement = first.rpartition("\n")[2]
    assert code_of(f"Sure:\n{first}\nreturn x > least") == f"{statement}\nreturn x > least"


@pytest.mark.parametrize("answer", ["return true", "return !seen", "return len(klines) > 20"])
def test_a_single_return_statement_is_code(answer: str) -> None:
    assert extract_code(answer) == whole(answer)


@pytest.mark.parametrize(
    "prose",
    [
        "",
        " \n\t\n",
        "I cannot help with that.",
        "The filter waits for a\nreturn to the mean and buys then.",
        "A return to the mean is likely.",
        "return to the mean",
        "Prices that\nreturn on volume, and those that\nreturn.\n",
        "It should\nreturn false when the slice is empty.",
        "It should\nreturn true.",
        "You want a higher\nreturn (at least 5 percent) on it.",
        "They expect a\nreturn: 5 percent.",
        "We look for a mean\nreturn strategy",
        "It waits for a\nreturn to the mean (or below it)",
        "```\nreturn to the mean\n```",
        "return 10% or higher",
        "if the RSI is below 30, return true",
        "In order to return true, the code needs data := something, I think.",
        "`return true` is what you need",
        "```go\n```",
        "```go\n\n \t\n```",
        "```go\nSorry, I can not do that.\n```",
        "```\nruntime error: index out of range [5]\n```",
        "```",
        "~~~",
        "{}",
        "}",
    ],
)
def test_prose_is_never_taken_for_code(prose: str) -> None:
    assert extract_code(prose) is None


WORDS = st.sampled_from(
    [
        "return",
        "the",
        "mean",
        "to",
        "a",
        "of",
        "price",
        "if",
        "for",
        "switch",
        "volume",
        "RSI",
        "is",
        "below",
        "30",
        "percent",
        "and",
        "buys",
        "when",
        "candles",
        "close",
        "above",
        "EMA",
        "false",
        "true",
        "nil",
    ]
)
SENTENCE = st.lists(WORDS, min_size=4, max_size=12).map(" ".join)


@given(st.lists(SENTENCE, min_size=1, max_size=8), st.sampled_from([" ", ", ", ".\n", ",\n"]))
def test_no_english_sentence_is_code(sentences: list[str], between: str) -> None:
    assert extract_code(between.join(sentences) + ".") is None


# --- whole functions and files ---------------------------------------------------------------


@pytest.mark.parametrize("wrapped", [FUNCTION, FILE], ids=["function", "file"])
def test_a_whole_function_or_file_is_unwrapped(wrapped: str) -> None:
    assert extract_code(fenced(wrapped)) == whole(BODY)
    assert extract_code(wrapped) == whole(BODY)


@pytest.mark.parametrize(
    "signature",
    [
        "func Evaluate(data *types.MarketData) bool {",
        "func (f *Filter) Evaluate(data *types.MarketData) bool {",
        "func (Filter) check(data *types.MarketData) bool {",
        "func check(data *types.MarketData) (matched bool) {",
        "func evaluate(\n\tdata *types.MarketData,\n) bool {",
        "func  evaluate (data *types.MarketData)  bool  {",
    ],
)
def test_another_signature_is_unwrapped_too(signature: str) -> None:
    assert code_of(fenced(f"{signature}\n{textwrap.indent(BODY, '    ')}\n}}")) == BODY


@pytest.mark.parametrize("helper_first", [True, False])
def test_evaluate_is_chosen_among_functions(*, helper_first: bool) -> None:
    helper = "func above(price, ema float64) bool {\n\treturn price > ema\n}"
    functions = [helper, FUNCTION] if helper_first else [FUNCTION, helper]
    assert code_of(fenced("\n\n".join(functions))) == BODY


def test_main_is_not_the_filter() -> None:
    assert code_of(fenced(f"{FUNCTION}\n\nfunc main() {{\n\tevaluate(nil)\n}}")) == BODY


def test_a_function_without_its_last_brace_is_unwrapped() -> None:
    assert extract_code(f"```go\n{SIGNATURE}\n{textwrap.indent(BODY, chr(9))}") == whole(BODY)


def test_a_one_line_function_is_unwrapped() -> None:
    assert extract_code(fenced(f"{SIGNATURE} return data.Price > 1 }}")) == whole(
        "return data.Price > 1"
    )


def test_a_body_that_talks_about_the_function_stays_whole() -> None:
    code = f"// Body of {SIGNATURE[:-2]}\n/*\n{SIGNATURE}\n*/\n{BODY}"
    assert extract_code(fenced(code)) == whole(code)


def test_a_body_followed_by_a_helper_is_not_taken_for_the_helper() -> None:
    code = f"{BODY}\n\nfunc above(price, ema float64) bool {{\n\treturn price > ema\n}}"
    assert code_of(fenced(code)) == code


def test_closures_stay_in_the_body() -> None:
    code = (
        "above := func(i int) bool {\n\tinner := func() bool { return i > 2 }\n\treturn inner()\n}\n"
        "return above(3)"
    )
    assert extract_code(fenced(code)) == whole(code)
    assert code_of(fenced(f"{SIGNATURE}\n{textwrap.indent(code, chr(9))}\n}}\n\nvar x = 1")) == code


@pytest.mark.parametrize(
    "line",
    [
        's := "}{{" + "\\"}"',
        "r := '}'",
        "q, b := '\\'', '{'",
        "// it's } over {{",
        "/* }}} \" ' ` */",
        "raw := `}}\n}` // {",
        'raw := `"` + "`}"',
    ],
)
def test_braces_in_texts_runes_and_comments_do_not_end_the_function(line: str) -> None:
    wrapped = f"{SIGNATURE}\n{line}\nreturn true\n}}\n\nfunc other() int {{ return 1 }}"
    assert extract_code(fenced(wrapped)) == whole(f"{line}\nreturn true")


# --- cut off ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "end",
    [
        "if len(klines) < 20 {\n\treturn",
        "if len(klines) < 20 {\n\treturn false\n}",
        "ema := indicators.CalculateEMA(klines,",
        "return len(klines) >",
        "return len(klines) > 20 &&\n",
        "return above(klines,",
        's := "half a te',
        "raw := `half a te",
        "/* half a comm",
        "for i := range klines {\n\tsum += i\n}",
    ],
)
def test_code_that_breaks_off_is_incomplete(end: str) -> None:
    found = extract_code(f'```go\nklines := data.Klines["5m"]\n{end}')
    assert found is not None
    assert not found.complete


@pytest.mark.parametrize(
    "end",
    [
        "return true // enough",
        "return len(klines) > 20 &&\n\tlen(klines) < 30",
        "if ok {\n\treturn true\n} else {\n\treturn false\n}",
        "switch {\ncase ok:\n\treturn true\ndefault:\n\treturn false\n}",
        "n++\nreturn n > 2",
        "n := 1; return n > 0",
    ],
)
def test_only_the_closing_fence_may_be_missing(end: str) -> None:
    code = f"ok := true\n{end}"
    assert extract_code(f"```go\n{code}") == whole(code)


def test_code_in_a_closed_fence_did_not_break_off() -> None:
    assert extract_code(fenced("x := 1")) == whole("x := 1")


def test_an_open_bracket_in_a_closed_fence_is_incomplete_all_the_same() -> None:
    assert extract_code(fenced("if ok {\n\treturn true")) == Extracted(
        "if ok {\n\treturn true", complete=False
    )


# --- properties ------------------------------------------------------------------------------

PIECES = st.sampled_from(
    [
        "```",
        "```go",
        "~~~",
        "````",
        "\n",
        " ",
        "\t",
        "{",
        "}",
        "(",
        ")",
        '"',
        "'",
        "`",
        "\\",
        "//",
        "/*",
        "*/",
        "func evaluate(d T) bool {",
        "func f() bool {",
        "func (r R) X() {",
        "return",
        "return x > 1",
        "return to the mean",
        "a := 1",
        "if x {",
        "package main",
        "\r\n",
        "\ufeff",
        "\x00",
        "é",
        "&&",
        ";",
    ]
)
ANSWERS = st.one_of(st.text(), st.lists(PIECES).map("".join), st.lists(PIECES).map("\n".join))


@given(ANSWERS)
def test_any_text_is_read_without_an_exception(answer: str) -> None:
    found = extract_code(answer)
    assert found is None or found.code.strip()


@given(ANSWERS)
def test_extracting_again_changes_nothing(answer: str) -> None:
    code = code_of(answer)
    if code is not None:
        mark = "`" * (answer.count("`") + 3)
        assert code_of(fenced(code, mark=mark)) == code


FORMS = st.sampled_from(
    [
        fenced,
        lambda code: fenced(code, ""),
        lambda code: fenced(code, "golang", "~~~"),
        lambda code: f"Sure!\n\n{fenced(code)}\n\nIt checks the length first.",
        lambda code: f"```go\n{code}",
        lambda code: f"Here you are:\n\n{code}\n\nThat is all.",
        lambda code: textwrap.indent(fenced(code), "    "),
        lambda code: fenced(f"{SIGNATURE}\n{textwrap.indent(code, chr(9))}\n}}"),
        lambda code: fenced(f"package main\n\n{SIGNATURE}\n{textwrap.indent(code, chr(9))}\n}}\n"),
        lambda code: f"{SIGNATURE}\n{textwrap.indent(code, chr(9))}\n}}",
        lambda code: fenced(code).replace("\n", "\r\n"),
        lambda code: fenced("\n\n" + code.replace("\n", "  \n") + "\n\n"),
    ]
)
STATEMENTS = st.sampled_from(
    [
        'klines := data.Klines["5m"]',
        "if len(klines) < 20 {\n\treturn false\n}",
        "for i, k := range klines {\n\tif k.Close > 1 {\n\t\tn += i\n\t}\n}",
        'text := "} ```go {"',
        "n := func(a int) int { return a }(1)",
        "sum := a +\n\tb",
        "// a remark: it's {",
        "n++",
    ]
)
RETURNS = st.sampled_from(
    ["return true", "return n > 1 &&\n\tn < 5", "return above(n)", "return (n > 1)"]
)


@given(st.lists(STATEMENTS, max_size=6), RETURNS, FORMS)
def test_a_body_comes_back_from_every_form(statements, last, form) -> None:
    body = "\n".join(['price := data.Ticker["last"]', *statements, last])
    if "```" in body:
        body = body.replace("```go", "'''")
    assert extract_code(form(body)) == whole(body)


HOSTILE = {
    "backticks": "`",
    "tildes": "~",
    "braces": "{",
    "closing braces": "}",
    "quotes": '"',
    "escaped quotes": '\\"',
    "runes": "\\'",
    "newlines": "\n",
    "spaces": " ",
    "fences": "```go\n",
    "blocks": "```go\nreturn x > 1\n```\n",
    "functions": "func f(\n",
    "whole functions": "func f() bool {\n",
    "evaluates": "func evaluate(x) {",
    "receivers": "func (",
    "a word": "a",
    "comments": "/*",
    "returns": ";return a",
    "returns in lines": "return a > b\n",
    "declarations": "a,",
    "ifs": "if {",
    "operators": "+ ",
    "open ends": "return a &&\n",
    "stars": "*/ /*",
}


@pytest.mark.parametrize("opening", ["", "```go\n", "```go\nfunc (", 'x := 1\nreturn "'])
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_answer_takes_linear_time(unit: str, opening: str) -> None:
    answer = opening + unit * (200_000 // len(unit)) + "\nx"
    started = time.process_time()
    extract_code(answer)
    assert time.process_time() - started < 2
