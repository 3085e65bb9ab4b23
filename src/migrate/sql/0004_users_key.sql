-- The key from fix_applied_by to Supabase's users, only where they are. Alone in its file: it
-- locks two tables, and should hold neither while it waits for the other's writers.
-- ON DELETE SET NULL: a fix someone applied must not stop the person's account from going.
do $$
begin
  if to_regclass('auth.users') is null or exists (
    select
    from pg_constraint
    join pg_attribute on attrelid = conrelid and attnum = any (conkey)
    where conrelid = 'public.trader_execution_errors'::regclass
      and contype = 'f' and attname = 'fix_applied_by'
  ) then
    return;
  end if;
  alter table public.trader_execution_errors
    add constraint filtermend_applied_by_fkey foreign key (fix_applied_by)
    references auth.users (id) on delete set null not valid;
exception when insufficient_privilege then
  raise notice 'No key from fix_applied_by to auth.users: this role may not reference that table.';
end
$$;
