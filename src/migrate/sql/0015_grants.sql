-- What each role may do, row security apart; cheap, and repeated on every run. Supabase's default
-- privileges give its three roles everything on every new table and function, so what they are
-- not meant to have is taken from them by name.
do $$
declare
  ours constant text := 'public.filter_regeneration_attempts, '
    'public.filter_regeneration_daily_costs, public.filter_regeneration_limits';
  internal constant text := 'public.filtermend_send(public.filter_regeneration_settings, jsonb), '
    'public.filtermend_dispatch(jsonb), public.filtermend_start_error(), '
    'public.filtermend_guard_error(), public.filtermend_errors_inserted(), '
    'public.filtermend_require_user(), public.filtermend_lock_error(uuid, uuid)';
  decisions constant text :=
    'public.decide_fix(uuid, text, text), public.request_regeneration(uuid)';
  everyone text := 'public';
  client name;
begin
  for client in
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    everyone := everyone || format(', %I', client);
  end loop;
  execute format('revoke all on %s, public.filter_regeneration_settings from %s', ours, everyone);
  execute format('revoke all on function %s, %s from %s', internal, decisions, everyone);

  for client in
    select rolname from pg_roles
    where rolname in ('authenticated', 'service_role', 'filtermend_service')
  loop
    execute format('grant usage on schema public to %I', client);
    execute format('grant select on %s to %I', ours, client);
    execute format('grant select on public.trader_execution_errors to %I', client);
    execute format('grant execute on function %s to %I', decisions, client);
  end loop;

  for client in
    select rolname from pg_roles where rolname in ('service_role', 'filtermend_service')
  loop
    begin
      execute format('grant select on public.traders to %I', client);
    exception when insufficient_privilege then
      raise notice '% may not read traders yet: its owner has to grant it.', client;
    end;
    execute format('grant insert, update on public.filter_regeneration_attempts, '
                   'public.filter_regeneration_daily_costs to %I', client);
    execute format('grant update (auto_regeneration_triggered, regeneration_count, resolved_at, '
                   'proposed_fix_code, proposed_fix_validated, proposed_fix_replayed, '
                   'proposed_fix_diagnostics, proposed_fix_source, regenerated_at, '
                   'regeneration_status, regeneration_reason, regeneration_run, '
                   'regeneration_breakdowns, regeneration_lease_until, regeneration_trace, '
                   'regeneration_feedback_at, '
                   'fingerprint, duplicate_of) '
                   'on public.trader_execution_errors to %I', client);
  end loop;
end
$$;
