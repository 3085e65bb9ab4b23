-- What matters of a Supabase project: its roles, auth, a role that owns the tables and is no
-- superuser, and default privileges that give the API roles everything on every new object.
do $$
declare
  role text;
begin
  foreach role in array array['anon', 'authenticated', 'service_role'] loop
    if to_regrole(role) is null then
      execute format('create role %I nologin', role);
    end if;
  end loop;
  alter role service_role bypassrls;
  if to_regrole('filtermend_test_owner') is null then
    create role filtermend_test_owner login password 'owner' createrole bypassrls;
  end if;
end
$$;
grant all on schema public to filtermend_test_owner with grant option;
grant usage on schema public to anon, authenticated, service_role;
alter default privileges for role filtermend_test_owner in schema public
  grant all on tables to anon, authenticated, service_role;
alter default privileges for role filtermend_test_owner in schema public
  grant all on functions to anon, authenticated, service_role;

create schema auth;
grant usage on schema auth to anon, authenticated, service_role;
create table auth.users (id uuid primary key);
create function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
  )::uuid
$$;
grant usage on schema auth to filtermend_test_owner;
grant all on auth.users to filtermend_test_owner;
