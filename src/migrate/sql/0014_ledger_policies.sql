-- The ledger, the days and the limits: users read their own rows and write none, the Lambdas add
-- and settle, and nobody deletes. The settings row has no policy: it is the owner's alone.
do $$
declare
  wanted record;
begin
  for wanted in
    select listed.*, to_regclass('public.' || relation) as id
    from (values
      ('filter_regeneration_attempts', 'filtermend_own', null),
      ('filter_regeneration_attempts', 'filtermend_service_read', 'for select'),
      ('filter_regeneration_attempts', 'filtermend_service_insert', 'for insert'),
      ('filter_regeneration_attempts', 'filtermend_service_update', 'for update'),
      ('filter_regeneration_daily_costs', 'filtermend_own', null),
      ('filter_regeneration_daily_costs', 'filtermend_service_read', 'for select'),
      ('filter_regeneration_daily_costs', 'filtermend_service_insert', 'for insert'),
      ('filter_regeneration_daily_costs', 'filtermend_service_update', 'for update'),
      ('filter_regeneration_limits', 'filtermend_own', null),
      ('filter_regeneration_limits', 'filtermend_service_read', 'for select')
    ) as listed (relation, name, service)
  loop
    if exists (select from pg_policy where polrelid = wanted.id and polname = wanted.name)
       or (wanted.service is not null and to_regrole('filtermend_service') is null) then
      continue;
    end if;
    execute format('create policy %I on %s ', wanted.name, wanted.id) || case wanted.service
      when 'for insert' then 'for insert to filtermend_service with check (true)'
      when 'for select' then 'for select to filtermend_service using (true)'
      when 'for update' then 'for update to filtermend_service using (true)'
      else 'for select using (user_id = (select public.filtermend_user_id()))' end;
  end loop;
end
$$;
