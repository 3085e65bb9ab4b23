"""What an environment has imported and built when it is forked, as if restored from a snapshot.

How long that takes is measured by `make bench`; connections are opened anew. The logger is not
made here: it takes the function's name from the environment.
"""

import gc

import aws_lambda_powertools  # noqa: F401
import boto3  # noqa: F401
import braintrust  # noqa: F401
import google.genai  # noqa: F401
import httpx  # noqa: F401
import psycopg  # noqa: F401
import pydantic  # noqa: F401

from filtermend import aws
from load import environment  # noqa: F401

for service in ("secretsmanager", "ssm", "stepfunctions"):
    aws.client(service)
gc.freeze()  # what is here stays shared between the processes
