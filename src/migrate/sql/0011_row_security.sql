-- Who may do what. Users read their own rows and write none; the Lambdas' role filtermend_service
-- has exactly what they need; owner, superuser and BYPASSRLS roles bypass policies as ever.
-- Policies are created once (creating one locks its table); grants are cheap and repeated.

-- Roles belong to the whole server: another database may have made this one, or make it just now.
do $$
begin
  if not exists (select from pg_roles where rolname = 'filtermend_service') then
    create role filtermend_service nologin;
  end if;
exception
  when insufficient_privilege then
    raise notice 'This role may not create roles: the Lambdas need a role that owns the tables, '
      'or an administrator creates filtermend_service and runs the migration again.';
  when duplicate_object or unique_violation then
    null;
end
$$;

-- The errors. Where the screener has row security on, its policies stay as they are and ours
-- only add what is missing. Where it is off, everyone with a grant saw every row: users are now
-- held to their own, and back ends, which act for nobody, keep what their grants allow.
do $$
declare
  errors constant regclass := 'public.trader_execution_errors';
begin
  if not (select relrowsecurity from pg_class where oid = errors) then
    alter table public.trader_execution_errors enable row level security;
    create policy filtermend_backend on public.trader_execution_errors
      using ((select public.filtermend_user_id()) is null
             and current_user not in ('anon', 'authenticated'));
  end if;
  if not exists (
    select from pg_policy
    where polrelid = errors and polpermissive and polcmd in ('r', '*')
      and polname <> 'filtermend_backend'
      and exists (select from unnest(polroles) as grantee
                  where grantee = 0 or grantee = to_regrole('authenticated'))
  ) then
    create policy filtermend_own on public.trader_execution_errors for select
      using (user_id = (select public.filtermend_user_id()));
  end if;
end
$$;

-- The policies: each line a table, a name, and what it allows.
do $$
declare
  wanted record;
begin
  for wanted in
    select * from (values
      ('filter_regeneration_attempts', 'filtermend_own', 'public',
       'for select using (user_id = (select public.filtermend_user_id()))'),
      ('filter_regeneration_daily_costs', 'filtermend_own', 'public',
       'for select using (user_id = (select public.filtermend_user_id()))'),
      ('filter_regeneration_limits', 'filtermend_own', 'public',
       'for select using (user_id = (select public.filtermend_user_id()))'),
      ('traders', 'filtermend_service_read', 'filtermend_service',
       'for select to filtermend_service using (true)'),
      ('trader_execution_errors', 'filtermend_service_read', 'filtermend_service',
       'for select to filtermend_service using (true)'),
      ('trader_execution_errors', 'filtermend_service_update', 'filtermend_service',
       'for update to filtermend_service using (true)'),
      ('filter_regeneration_attempts', 'filtermend_service_read', 'filtermend_service',
       'for select to filtermend_service using (true)'),
      ('filter_regeneration_attempts', 'filtermend_service_insert', 'filtermend_service',
       'for insert to filtermend_service with check (true)'),
      ('filter_regeneration_attempts', 'filtermend_service_update', 'filtermend_service',
       'for update to filtermend_service using (true)'),
      ('filter_regeneration_daily_costs', 'filtermend_service_read', 'filtermend_service',
       'for select to filtermend_service using (true)'),
      ('filter_regeneration_daily_costs', 'filtermend_service_insert', 'filtermend_service',
       'for insert to filtermend_service with check (true)'),
      ('filter_regeneration_daily_costs', 'filtermend_service_update', 'filtermend_service',
       'for update to filtermend_service using (true)'),
      ('filter_regeneration_limits', 'filtermend_service_read', 'filtermend_service',
       'for select to filtermend_service using (true)')
    ) as listed (relation, name, grantee, allows)
    -- A policy on a table without row security does nothing: the screener's traders may be one.
    where (select relrowsecurity from pg_class where oid = to_regclass('public.' || relation))
      and (grantee = 'public' or to_regrole(grantee) is not null)
      and not exists (select from pg_policy
                      where polrelid = to_regclass('public.' || relation) and polname = name)
  loop
    begin
      execute format('create policy %I on public.%I %s',
                     wanted.name, wanted.relation, wanted.allows);
    exception when insufficient_privilege then
      raise notice 'No policy % on %: this role does not own the table.',
        wanted.name, wanted.relation;
    end;
  end loop;
end
$$;

-- The grants. Supabase's default privileges give its three roles everything on every new table
-- and function, so what they are not meant to have is taken from them by name.
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
                   'regeneration_lease_until, regeneration_trace, fingerprint, duplicate_of) '
                   'on public.trader_execution_errors to %I', client);
  end loop;
end
$$;
