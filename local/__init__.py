"""The stack on one machine: endpoints that the real SDKs talk to over HTTP."""
