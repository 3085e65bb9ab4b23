-- runs outside a transaction
-- CONCURRENTLY builds without stopping writers and cannot be inside a transaction. The runner
-- skips an index that is there, and drops and rebuilds one that a broken-off build left invalid.

-- One problem, one run: of all rows with a fingerprint only one is its live or final primary.
create unique index concurrently if not exists trader_execution_errors_fingerprint_key
  on public.trader_execution_errors (fingerprint)
  where duplicate_of is null and regeneration_status in
    ('running', 'proposed', 'exhausted', 'over_budget', 'stopped', 'rejected');

-- The sweep's two questions: what did no event reach, and whose lease is over.
create index concurrently if not exists trader_execution_errors_pending_idx
  on public.trader_execution_errors (created_at)
  where regeneration_status = 'pending';
create index concurrently if not exists trader_execution_errors_lease_idx
  on public.trader_execution_errors (regeneration_lease_until)
  where regeneration_status in ('running', 'over_budget');

-- Duplicates follow their primary, and so does the key when a primary is deleted.
create index concurrently if not exists trader_execution_errors_duplicate_idx
  on public.trader_execution_errors (duplicate_of)
  where duplicate_of is not null;

-- For the key to auth.users: deleting an account would scan the table without it.
create index concurrently if not exists trader_execution_errors_applied_by_idx
  on public.trader_execution_errors (fix_applied_by)
  where fix_applied_by is not null;

-- The cost report per user, and the alerts that were recorded and not delivered yet.
create index concurrently if not exists filter_regeneration_attempts_user_idx
  on public.filter_regeneration_attempts (user_id, started_at);
create index concurrently if not exists filter_regeneration_daily_costs_alert_idx
  on public.filter_regeneration_daily_costs (alert_recorded_at)
  where alert_id is not null and alert_delivered_at is null;
