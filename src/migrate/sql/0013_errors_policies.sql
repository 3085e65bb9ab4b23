-- The errors: users read their own, the Lambdas read and update all. Where the screener has row
-- security on, its policies stay as they are and ours only add what is missing. Where it is off,
-- everyone with a grant saw every row: users are now held to their own, and back ends, which act
-- for nobody, keep what their grants allow.
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
  if to_regrole('filtermend_service') is not null and not exists (
    select from pg_policy where polrelid = errors and polname = 'filtermend_service_read'
  ) then
    create policy filtermend_service_read on public.trader_execution_errors
      for select to filtermend_service using (true);
    create policy filtermend_service_update on public.trader_execution_errors
      for update to filtermend_service using (true);
  end if;
end
$$;
