-- Takes filtermend out of a database: psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f docs/uninstall.sql
-- as the owner of the tables. Its columns go with the proposed fixes in them, and so do the ledger
-- and the limits; traders and trader_execution_errors stay, with the screener's own columns
-- (auto_regeneration_triggered and regeneration_count are the screener's). Row security stays
-- where filtermend switched it on, with its two policies: without them users could see each
-- other's rows. A second run does no harm.
begin;
set local lock_timeout = '5s'; -- where a table is busy, nothing is changed: run it again

drop trigger if exists filtermend_errors_inserted on public.trader_execution_errors;
drop trigger if exists filtermend_guard_error on public.trader_execution_errors;
drop trigger if exists filtermend_start_error on public.trader_execution_errors;

drop function if exists public.filtermend_errors_inserted();
drop function if exists public.filtermend_guard_error();
drop function if exists public.filtermend_start_error();
drop function if exists public.request_regeneration(uuid);
drop function if exists public.decide_fix(uuid, text, text);
drop function if exists public.filtermend_lock_error(uuid, uuid);
drop function if exists public.filtermend_require_user();
drop function if exists public.filtermend_dispatch(jsonb);
drop function if exists public.filtermend_dispatch_settings(text);
do $$
begin -- its argument has the type of a table, without which it cannot even be named
  if to_regclass('public.filter_regeneration_settings') is not null then
    drop function if exists
      public.filtermend_send(public.filter_regeneration_settings, jsonb);
  end if;
end
$$;

drop table if exists public.filter_regeneration_attempts;
drop table if exists public.filter_regeneration_daily_costs;
drop table if exists public.filter_regeneration_limits;
drop table if exists public.filter_regeneration_settings;

drop policy if exists filtermend_service_read on public.traders;
drop policy if exists filtermend_service_read on public.trader_execution_errors;
drop policy if exists filtermend_service_update on public.trader_execution_errors;

-- Constraints and indexes on these columns go with them.
alter table public.trader_execution_errors
  drop column if exists duplicate_of,
  drop column if exists execution_input,
  drop column if exists fingerprint,
  drop column if exists fix_applied_at,
  drop column if exists fix_applied_by,
  drop column if exists proposed_fix_code,
  drop column if exists proposed_fix_diagnostics,
  drop column if exists proposed_fix_replayed,
  drop column if exists proposed_fix_source,
  drop column if exists proposed_fix_validated,
  drop column if exists regenerated_at,
  drop column if exists regeneration_breakdowns,
  drop column if exists regeneration_feedback_at,
  drop column if exists regeneration_first_run,
  drop column if exists regeneration_lease_until,
  drop column if exists regeneration_reason,
  drop column if exists regeneration_run,
  drop column if exists regeneration_status,
  drop column if exists regeneration_trace;

-- Who reads own rows by filtermend's policy alone, on a table whose row security is filtermend's
-- too, keeps it; on a table with row security of its own, only what was added goes.
do $$
begin
  if not exists (select from pg_policy
                 where polrelid = 'public.trader_execution_errors'::regclass
                   and polname = 'filtermend_backend') then
    drop policy if exists filtermend_own on public.trader_execution_errors;
  end if;
  if not exists (select from pg_policy where polname in ('filtermend_own', 'filtermend_backend')) then
    drop function if exists public.filtermend_user_id();
  end if;
end
$$;

-- The functions' role belongs to the whole server: another database may still use it.
do $$
begin
  if to_regrole('filtermend_service') is not null then
    revoke all on public.traders, public.trader_execution_errors from filtermend_service;
    revoke all on schema public from filtermend_service;
  end if;
end
$$;
do $$
begin
  drop role if exists filtermend_service;
exception when dependent_objects_still_exist or insufficient_privilege then
  raise notice 'filtermend_service stays: another database uses it, or this role may not drop it.';
end
$$;
commit;
