-- The Lambdas read every trader. A policy does nothing on a table without row security, and
-- making one locks the table: only where it is needed and missing, and alone in its transaction.
do $$
declare
  traders constant regclass := 'public.traders';
begin
  if to_regrole('filtermend_service') is null
     or not (select relrowsecurity from pg_class where oid = traders)
     or exists (select from pg_policy
                where polrelid = traders and polname = 'filtermend_service_read') then
    return;
  end if;
  create policy filtermend_service_read on public.traders
    for select to filtermend_service using (true);
exception when insufficient_privilege then
  raise notice 'filtermend_service cannot read traders: this role does not own the table.';
end
$$;
