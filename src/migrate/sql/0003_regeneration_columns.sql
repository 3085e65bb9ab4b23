-- What regeneration adds to an error. One catalogue-only ALTER TABLE: no default that would
-- rewrite the table (a constant one does not), no constraint that would scan it under the lock
-- (NOT VALID; file 0005 validates under a lock that lets readers and writers through). Each step
-- looks first, so that a repeated run takes no lock on a busy table.
--
-- regeneration_status has no default on purpose: rows older than this file keep null, and
-- nothing ever picks up null.
do $$
declare
  errors constant regclass := 'public.trader_execution_errors';
  additions text;
begin
  select string_agg('add column ' || wanted.definition, ', ' order by wanted.position)
  into additions
  from unnest(array[
    -- Two columns of the screener that we write; older versions of its table may lack them.
    'auto_regeneration_triggered boolean not null default false',
    'regeneration_count int not null default 0',
    'proposed_fix_code text',
    'proposed_fix_validated boolean default false',
    'regenerated_at timestamptz',
    'fix_applied_at timestamptz',
    'fix_applied_by uuid',
    'regeneration_status text',
    'regeneration_reason text',
    'regeneration_run int',
    -- The run that began with the error, or with a person's last request: attempts count from it.
    'regeneration_first_run int',
    -- Runs since then whose execution ended without an end: so many are restarted by themselves.
    'regeneration_breakdowns int',
    'regeneration_lease_until timestamptz',
    'regeneration_trace text',
    -- When the user's decision was logged on that trace.
    'regeneration_feedback_at timestamptz',
    'fingerprint text',
    'duplicate_of uuid',
    'proposed_fix_replayed boolean',
    'proposed_fix_diagnostics jsonb',
    'proposed_fix_source text',
    'execution_input jsonb'
  ]) with ordinality as wanted (definition, position)
  where not exists (
    select from pg_attribute
    where attrelid = errors and attname = split_part(wanted.definition, ' ', 1)
      and not attisdropped
  );
  if additions is not null then
    execute format('alter table %s %s', errors, additions);
  end if;

  select string_agg(format('add constraint %I %s not valid', wanted.name, wanted.definition), ', ')
  into additions
  from (values
    ('filtermend_status_check', $check$check (regeneration_status in (
       'pending', 'running', 'proposed', 'exhausted', 'over_budget',
       'duplicate', 'stopped', 'applied', 'rejected'))$check$),
    ('filtermend_source_check',
     $check$check (proposed_fix_source in ('model', 'mechanical'))$check$),
    ('filtermend_run_check', 'check (regeneration_run >= 1)'),
    -- Of rows that take part only: an unchecked old row may hold any count, and NOT VALID alone
    -- would still refuse every later update of such a row.
    ('filtermend_count_check', $check$check (
       regeneration_status is null or coalesce(regeneration_count between 0 and 3, false))$check$),
    ('filtermend_duplicate_fkey', $check$foreign key (duplicate_of)
       references public.trader_execution_errors (id) on delete set null$check$)
  ) as wanted (name, definition)
  where not exists (
    select from pg_constraint where conrelid = errors and conname = wanted.name
  );
  if additions is not null then
    execute format('alter table %s %s', errors, additions);
  end if;
end
$$;
