"""What a prompt's template needs before it may serve."""

import pytest

from filtermend.prompt import bundled_template, check_template
from filtermend.prompt_store import read_prompt


def changed(part: str, before: str, after: str) -> None:
    template = bundled_template()
    text = getattr(template, part)
    assert before in text
    check_template(template.model_copy(update={part: text.replace(before, after)}))


def test_the_shipped_template_may_serve() -> None:
    check_template(bundled_template())


@pytest.mark.parametrize(
    ("part", "before", "after", "complaint"),
    [
        ("user", "{{{failed_code}}}", "{{failed_code}}", "user: write {{{failed_code}}}"),
        ("user", "{{{failed_code}}}", "", "user lacks {{{failed_code}}}"),
        ("system", "{{{filter_contract}}}", "the contract", "system lacks {{{filter_contract}}}"),
        ("feedback", "Provide", "{{{strategy}}}", "feedback has {{{strategy}}}, which is none"),
    ],
)
def test_a_template_that_spoils_or_lacks_something_is_refused(
    part: str, before: str, after: str, complaint: str
) -> None:
    with pytest.raises(ValueError, match="^" + complaint.replace("{", r"\{").replace("}", r"\}")):
        changed(part, before, after)


def row(*texts: str) -> dict[str, object]:
    messages = [{"role": "user", "content": text} for text in texts]
    return {"_xact_id": "7", "prompt_data": {"prompt": {"type": "chat", "messages": messages}}}


def test_a_prompt_of_braintrust_is_the_template_it_was_made_from() -> None:
    shipped = bundled_template()
    read = read_prompt(row(shipped.system, shipped.user, shipped.feedback))
    assert (read.version, read.source) == ("7", "braintrust")
    assert (read.system, read.user, read.feedback) == (
        shipped.system,
        shipped.user,
        shipped.feedback,
    )


@pytest.mark.parametrize("value", [{}, row("one"), row("a", "b", "c"), {"_xact_id": "7"}])
def test_what_is_no_such_prompt_is_refused(value: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"lacks|messages|Field required|valid"):
        read_prompt(value)
