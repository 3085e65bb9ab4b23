"""The adapter to the operators: an alert goes to the alarm topic and onto the event bus."""

from filtermend import aws
from filtermend.faults import AlertLost
from filtermend.settings import AlertSettings
from filtermend.store.budget import BudgetAlert

SUBJECT = "filtermend: a user's daily limit for repairs is reached"
SOURCE = "filtermend"
DETAIL_TYPE = "BudgetAlert"


def deliver(alert: BudgetAlert, settings: AlertSettings) -> None:
    """Publish an alert by both ways; `alert_id` tells a repeated one.

    Raises:
        AlertLost: the event bus refused it. Whatever boto raises goes through.
    """
    text = alert.model_dump_json()
    aws.client("sns").publish(TopicArn=settings.alarm_topic_arn, Subject=SUBJECT, Message=text)
    entry = {
        "EventBusName": settings.event_bus_name,
        "Source": SOURCE,
        "DetailType": DETAIL_TYPE,
        "Detail": text,
    }
    answer = aws.client("events").put_events(Entries=[entry])
    if answer["FailedEntryCount"]:
        raise AlertLost(f"the event bus refused the alert: {answer['Entries'][0]['ErrorCode']}")
