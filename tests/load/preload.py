"""What an environment has imported and built when it is forked, as if restored from a snapshot.

How long that takes is measured by `make bench`; connections are opened anew.
"""

import braintrust  # noqa: F401
import google.genai  # noqa: F401

import filtermend.admission
import filtermend.proposal
import filtermend.regeneration
import filtermend.validation  # noqa: F401
from filtermend import aws

for service in ("secretsmanager", "ssm", "stepfunctions"):
    aws.client(service)
