-- runs outside a transaction
create index concurrently if not exists filter_regeneration_attempts_open_idx
  on public.filter_regeneration_attempts (lease_until)
  where finished_at is null;
