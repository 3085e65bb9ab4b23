-- How errors are dispatched, for the doctor function: the settings row is nobody's to read, since
-- it has the token. Of the token that filtermend_send would take, the row's own or the vault's, it
-- tells only whether there is one and whether it is the one given.
create or replace function public.filtermend_dispatch_settings(webhook_token text)
returns table (dispatch text, target text, region text, token_stored boolean, token_is_given boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  settings public.filter_regeneration_settings;
  token text;
begin
  select * into settings from public.filter_regeneration_settings;
  if not found then
    return;
  end if;
  token := settings.token;
  if token is null and settings.dispatch = 'pg_net' then
    begin
      if to_regclass('vault.decrypted_secrets') is not null then
        execute 'select decrypted_secret from vault.decrypted_secrets where name = $1 limit 1'
          into token using 'filtermend_webhook_token'::text;
      end if;
    exception when insufficient_privilege then
      null;  -- filtermend_send may not look there either
    end;
  end if;
  return query select settings.dispatch, settings.target, settings.region, token is not null,
                      coalesce(token = webhook_token, false);
end
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
