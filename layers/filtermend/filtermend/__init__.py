"""The core of filtermend: rules, use cases and one adapter per outside system."""
