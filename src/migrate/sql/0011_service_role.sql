-- The Lambdas' role, filtermend_service: no login of its own, granted to the one they use.
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
