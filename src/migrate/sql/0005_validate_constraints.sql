-- Validate what the files before added NOT VALID. SHARE UPDATE EXCLUSIVE: reads and writes go on.
-- A row that breaks one (a column of the same name may have been there before) leaves the
-- constraint as it is, in force for new rows, and says so.
do $$
declare
  constraint_name name;
begin
  for constraint_name in
    select conname from pg_constraint
    where conrelid = 'public.trader_execution_errors'::regclass
      and conname like 'filtermend\_%' and not convalidated
  loop
    begin
      execute format(
        'alter table public.trader_execution_errors validate constraint %I', constraint_name);
    exception when check_violation or foreign_key_violation then
      raise notice 'Old rows break %: it holds for new rows only.', constraint_name;
    end;
  end loop;
end
$$;
