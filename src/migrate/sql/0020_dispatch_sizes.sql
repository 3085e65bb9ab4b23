-- An invocation admits its errors one after the other: of a hundred in one, the last would begin
-- seconds after the first. So a statement's errors are shared out among ten invocations, each with
-- 10 to 100 of them; a statement of up to 1,000 rows waits for no more than ten calls.
create or replace function public.filtermend_dispatch(errors jsonb) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
declare
  settings public.filter_regeneration_settings;
  chunk jsonb;
  chunk_size int;
  started constant timestamptz := clock_timestamp();
begin
  select * into settings from public.filter_regeneration_settings;
  if settings.dispatch is null or settings.dispatch = 'none' then
    return;
  end if;
  chunk_size := least(greatest(ceil(jsonb_array_length(errors) / 10.0), 10), 100);
  if settings.dispatch = 'notify' then
    -- A notification holds less than 8,000 bytes; an error takes about 110.
    chunk_size := least(chunk_size, 60);
  end if;

  for chunk in
    select jsonb_agg(item.error order by item.position)
    from jsonb_array_elements(errors) with ordinality as item (error, position)
    group by (item.position - 1) / chunk_size
    order by min(item.position)
  loop
    if clock_timestamp() - started > interval '2 seconds' then
      raise warning 'filtermend: dispatch takes too long; the sweep takes up the rest.';
      exit;
    end if;
    perform public.filtermend_send(settings, jsonb_build_object('errors', chunk));
  end loop;
exception
  -- OTHERS leaves out cancellation (statement_timeout, pg_cancel_backend) and failed assertions.
  when query_canceled or assert_failure or others then
    -- Only the state of the error: a message of pg_net's could quote the header with the token.
    raise warning 'filtermend: dispatch by % failed with SQLSTATE %; the sweep takes it up.',
      coalesce(settings.dispatch, 'an unreadable settings row'), sqlstate;
end
$$;
