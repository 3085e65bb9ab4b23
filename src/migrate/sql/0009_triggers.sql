-- Before an insert: where an error starts. Whatever the client sent in the columns of
-- regeneration is replaced, so that nobody inserts a fix that looks proposed, a count that buys
-- more attempts, or a key to someone else's error. execution_input is the client's to give.
create or replace function public.filtermend_start_error() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.error_type in ('compilation', 'runtime', 'panic') then
    new.regeneration_status := 'pending';
    new.regeneration_run := 1;
    new.regeneration_first_run := 1;
  else
    new.regeneration_status := null;
    new.regeneration_run := null;
    new.regeneration_first_run := null;
  end if;
  new.auto_regeneration_triggered := false;
  new.regeneration_count := 0;
  new.proposed_fix_code := null;
  new.proposed_fix_validated := false;
  new.proposed_fix_replayed := null;
  new.proposed_fix_diagnostics := null;
  new.proposed_fix_source := null;
  new.regenerated_at := null;
  new.regeneration_breakdowns := 0;
  new.regeneration_reason := null;
  new.regeneration_lease_until := null;
  new.regeneration_trace := null;
  new.fix_applied_at := null;
  new.fix_applied_by := null;
  new.fingerprint := null;
  new.duplicate_of := null;
  return new;
end
$$;

-- Before an update that changes a column of regeneration: the screener's own policies may let
-- users update their errors (to mark one resolved), and its grants then cover our columns too.
-- Whoever acts for a user is sent to the functions that check; they run as the table's owner.
create or replace function public.filtermend_guard_error() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  trusted boolean;
begin
  if public.filtermend_user_id() is null and current_user not in ('anon', 'authenticated') then
    return new;
  end if;
  select bool_or(role.rolbypassrls or pg_has_role(role.oid, owner.oid, 'usage'))
  into trusted
  from pg_roles as role
  cross join pg_roles as owner
  where role.rolname = current_user
    and (owner.rolname = 'filtermend_service'
         or owner.oid = (select relowner from pg_class where oid = tg_relid));
  if trusted then
    return new;
  end if;
  raise exception using
    errcode = 'insufficient_privilege',
    message = 'The columns of regeneration are not written directly.',
    hint = 'Use decide_fix or request_regeneration.';
end
$$;

-- After an insert, once per statement: say which errors came in. See filtermend_dispatch.
create or replace function public.filtermend_errors_inserted() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
declare
  errors jsonb;
begin
  begin
    select jsonb_agg(jsonb_build_object('error_id', id, 'trader_id', trader_id))
    into errors
    from inserted
    where regeneration_status = 'pending';
    if errors is not null then
      perform public.filtermend_dispatch(errors);
    end if;
  exception when query_canceled or assert_failure or others then
    raise warning 'filtermend: no dispatch, SQLSTATE %; the sweep takes it up.', sqlstate;
  end;
  return null;
end
$$;

-- Created once: replacing a trigger would lock the table on every deploy.
do $$
declare
  errors constant regclass := 'public.trader_execution_errors';
begin
  if not exists (select from pg_trigger
                 where tgrelid = errors and tgname = 'filtermend_start_error') then
    create trigger filtermend_start_error
      before insert on public.trader_execution_errors
      for each row execute function public.filtermend_start_error();
  end if;

  if not exists (select from pg_trigger
                 where tgrelid = errors and tgname = 'filtermend_guard_error') then
    create trigger filtermend_guard_error
      before update on public.trader_execution_errors
      for each row
      when ((old.auto_regeneration_triggered, old.regeneration_count, old.proposed_fix_code,
             old.proposed_fix_validated, old.proposed_fix_replayed, old.proposed_fix_diagnostics,
             old.proposed_fix_source, old.regenerated_at, old.regeneration_status,
             old.regeneration_reason, old.regeneration_run, old.regeneration_first_run,
             old.regeneration_breakdowns, old.regeneration_lease_until, old.regeneration_trace,
             old.fix_applied_at, old.fix_applied_by, old.fingerprint, old.duplicate_of)
            is distinct from
            (new.auto_regeneration_triggered, new.regeneration_count, new.proposed_fix_code,
             new.proposed_fix_validated, new.proposed_fix_replayed, new.proposed_fix_diagnostics,
             new.proposed_fix_source, new.regenerated_at, new.regeneration_status,
             new.regeneration_reason, new.regeneration_run, new.regeneration_first_run,
             new.regeneration_breakdowns, new.regeneration_lease_until, new.regeneration_trace,
             new.fix_applied_at, new.fix_applied_by, new.fingerprint, new.duplicate_of))
      execute function public.filtermend_guard_error();
  end if;

  if not exists (select from pg_trigger
                 where tgrelid = errors and tgname = 'filtermend_errors_inserted') then
    create trigger filtermend_errors_inserted
      after insert on public.trader_execution_errors
      referencing new table as inserted
      for each statement execute function public.filtermend_errors_inserted();
  end if;
end
$$;
