"""`make eval`: every case through the pipeline, by Braintrust's Eval, into a report."""

import asyncio
import json
import threading
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

import httpx
from braintrust.framework import EvalHooks
from tqdm import tqdm

from evals import configuration, experiment, report, services, tools
from evals.dataset import EvalCase, choose, read_cases, read_fixtures, read_json
from evals.options import CannotEvaluate, Options
from evals.outcome import result_of
from evals.pipeline import Interrupted, Pipeline
from evals.results import Journal, Result
from evals.rows import Rows
from evals.scoring import Judge
from evals.screener import NoScreener, Screener
from filtermend.database import Database
from filtermend.settings import Secret
from local.folder import write_private

MOST_BROKEN = 3
SCREENER_SECONDS = 60


def evaluate(options: Options, say: Callable[[str], None]) -> dict[str, Any]:
    """Run what is not done yet, write the report, return it.

    Raises:
        CannotEvaluate: a bad option, file or case, or a service that does not work.
    """
    cases = choose(read_cases(options.cases), options.split, options.limit)
    fixtures = read_fixtures(options.fixtures)
    with services.running(options, say) as started:
        configuration.prepare(options, started)
        if options.script is not None:
            started.play(read_json(options.script, "SCRIPT"))
        known = configuration.configuration(options, fixtures)
        journal = Journal.open(options.results, known, restart=options.restart)
        headers = {"Accept": "application/json", "Content-Type": "application/json"}
        with httpx.Client(
            base_url=started.screener_url, headers=headers, timeout=SCREENER_SECONDS
        ) as http:
            judge = Judge(Screener(http), fixtures)
            results = Evaluation(options, started, judge, journal).run(cases, say)
    about = configuration.about(options, known)
    built = report.build(results, about)
    write_private(options.report, json.dumps(built, indent=1, ensure_ascii=False) + "\n")
    return built


class Evaluation:
    """The cases of one eval, in the hands of Braintrust's Eval."""

    def __init__(
        self, options: Options, started: services.Services, judge: Judge, journal: Journal
    ) -> None:
        self._options = options
        self._started = started
        self._judge = judge
        self._journal = journal
        self._stop = threading.Event()
        self._rows = Rows(started.dsn)
        self._database = Database(lambda _: started.dsn)
        self._pipelines: dict[int, Pipeline] = {}
        self._done: dict[tuple[str, int], Result] = {}
        self._broken = 0
        self._failure: Exception | None = None

    def run(self, cases: list[EvalCase], say: Callable[[str], None]) -> list[Result]:
        """A result for each case and trial, in the cases' order."""
        places = [(case, trial) for case in cases for trial in range(1, self._options.trials + 1)]
        open_ = [place for place in places if self._found(*place) is None]
        if len(open_) < len(places):
            say(f"{len(places) - len(open_)} of {len(places)} results are there already")
        try:
            unjudged = {case.id: case for case, _ in open_}.values()
            for case in tqdm(unjudged, "references", disable=not open_):
                self._judge.check_reference(case)
            self._evaluate(cases)
        finally:
            self._stop.set()
            self._rows.close()
            self._database.close()
        return [self._done[case.id, trial] for case, trial in places]

    def _evaluate(self, cases: list[EvalCase]) -> None:
        by_id = {case.id: case for case in cases}

        def repair(input: dict[str, Any], hooks: EvalHooks[str]) -> dict[str, Any]:  # noqa: A002  Braintrust's name
            result = self._result(by_id[input["id"]], hooks.trial_index + 1)
            hooks.span.log(metrics={"estimated_cost": result.cost_usd, "seconds": result.seconds})
            return result.model_dump(mode="json")

        try:
            with redirect_stdout(configuration.core_log(self._options)):
                experiment.run(cases, repair, self._options, self._stop)
        except asyncio.CancelledError:
            assert self._failure is not None
        except Exception as error:  # whatever Braintrust raises, said in a sentence
            if self._failure is None:
                raise CannotEvaluate(
                    f"Braintrust's Eval failed ({type(error).__name__}: {error}); without "
                    "BRAINTRUST_API_KEY nothing is sent. The same command goes on where this ended"
                ) from error
        if self._failure is not None:
            raise self._failure

    def _result(self, case: EvalCase, trial: int) -> Result:
        """The result that is there, or a new one; what breaks the whole eval ends it."""
        try:
            result = self._found(case, trial) or self._new(case, trial)
        except Exception as error:  # kept, since Braintrust would log it and go on
            if self._failure is None:
                self._failure = _as_reason(error)
            self._stop.set()
            raise
        self._done[result.key] = result
        return result

    def _found(self, case: EvalCase, trial: int) -> Result | None:
        return self._journal.find(case.id, trial, case.digest)

    def _new(self, case: EvalCase, trial: int) -> Result:
        if self._options.model == "scripted" and self._options.script is None:
            self._started.play({"default": {"text": f"```go\n{case.reference_code}\n```"}})
        run = self._pipeline(trial).run(case)
        result = result_of(case, trial, run, self._judge, self._options.attempts)
        self._journal.add(result)
        if result.fault:
            self._broken += 1
        elif result.model_versions:  # a mechanical fix does not show that the model can be asked
            self._broken = 0
        if self._broken >= MOST_BROKEN:
            raise CannotEvaluate(
                f"{self._broken} cases broke down with no answer in between (the last: {result.fault}): see "
                f"{self._options.folder.logs}; the same command goes on where this ended"
            )
        return result

    def _pipeline(self, trial: int) -> Pipeline:
        if trial not in self._pipelines:
            secret = Secret(database_url=self._started.dsn, gemini_api_key=configuration.api_key())
            built = tools.build(
                self._database, secret, self._options.seed, trial, self._options.without
            )
            saved = self._started.saved_seconds
            self._pipelines[trial] = Pipeline(built, self._rows, saved, self._stop)
        return self._pipelines[trial]


def _as_reason(error: Exception) -> Exception:
    """A failure of what the eval runs against, as a sentence for the user."""
    if isinstance(error, Interrupted | NoScreener | httpx.HTTPError):
        return CannotEvaluate(
            f"a service of the eval ended ({type(error).__name__}: {error}); the same command "
            "goes on where this ended"
        )
    return error
