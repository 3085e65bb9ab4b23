-- How errors are dispatched, for the doctor function: the settings row is nobody's to read, since
-- it has the token. Of that it tells only whether it is the one given.
create or replace function public.filtermend_dispatch_settings(webhook_token text)
returns table (dispatch text, target text, region text, token_stored boolean, token_is_given boolean)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select settings.dispatch, settings.target, settings.region, settings.token is not null,
         settings.token is not distinct from webhook_token
  from public.filter_regeneration_settings as settings
$$;

do $$
declare
  client name;
begin
  revoke all on function public.filtermend_dispatch_settings(text) from public;
  for client in
    select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')
  loop
    execute format('revoke all on function public.filtermend_dispatch_settings(text) from %I', client);
  end loop;
  if exists (select from pg_roles where rolname = 'filtermend_service') then
    grant execute on function public.filtermend_dispatch_settings(text) to filtermend_service;
  end if;
end
$$;
