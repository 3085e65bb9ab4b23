-- runs outside a transaction
-- What the sweep asks: which decisions are not on their trace yet.
create index concurrently if not exists trader_execution_errors_feedback_idx
  on public.trader_execution_errors (id)
  where regeneration_trace is not null and regeneration_feedback_at is null
    and regeneration_status in ('applied', 'rejected');
