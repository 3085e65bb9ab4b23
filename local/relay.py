"""The relay: turns the database's NOTIFY into the invocation that `aws_lambda.invoke` would make.

`python -m local.relay`, with DATABASE_URL, AWS_ENDPOINT_URL and TRIGGER_FUNCTION set.
"""

import os
import sys
import time

import psycopg

from local.aws import client

CHANNEL = "filtermend_errors"
RECONNECT_SECONDS = 1.0


def main() -> None:
    """Relay until stopped; a lost connection is opened again (the sweep finds what was missed)."""
    function = os.environ["TRIGGER_FUNCTION"]
    aws = client("lambda", os.environ["AWS_ENDPOINT_URL"])
    while True:
        try:
            with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
                connection.execute(f"listen {CHANNEL}")
                print("relay: listening", file=sys.stderr, flush=True)
                for notice in connection.notifies():
                    aws.invoke(
                        FunctionName=function,
                        InvocationType="Event",
                        Payload=notice.payload.encode(),
                    )
        except psycopg.OperationalError as error:
            print(f"relay: {type(error).__name__}, connecting again", file=sys.stderr, flush=True)
            time.sleep(RECONNECT_SECONDS)


if __name__ == "__main__":
    main()
