-- Who is asking: the user of the JWT that PostgREST (and so Supabase) puts into the session's
-- settings. An application without PostgREST sets the same:
--   select set_config('request.jwt.claims', '{"sub": "<user id>"}', true);
-- Null where nobody is named, and where the subject is not a uuid: both then own no row.
create or replace function public.filtermend_user_id() returns uuid
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select case when claim.sub ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
         then claim.sub::uuid end
  from (
    select coalesce(
      nullif(current_setting('request.jwt.claim.sub', true), ''),
      nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
    ) as sub
  ) as claim
$$;

comment on function public.filtermend_user_id() is
  'The user named by request.jwt.claim.sub or request.jwt.claims; null where none is named.';
