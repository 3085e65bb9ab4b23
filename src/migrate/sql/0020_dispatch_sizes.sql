-- An invocation admits its errors one after the other: of a hundred in one, the last would begin
-- seconds after the first. So a statement's errors are shared out among ten invocations, with 10 to
-- 100 each. They are sent within the statement, before anyone else sees its rows: once that has
-- taken 300 ms, the rest goes in as few as possible.
create or replace function public.filtermend_dispatch(errors jsonb) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
declare
  settings public.filter_regeneration_settings;
  items jsonb[];
  sent int := 0;
  share int;
  most int := 100;
  started constant timestamptz := clock_timestamp();
begin
  select * into settings from public.filter_regeneration_settings;
  if settings.dispatch is null or settings.dispatch = 'none' then
    return;
  end if;
  if settings.dispatch = 'notify' then
    most := 60;  -- a notification holds less than 8,000 bytes, an error takes about 110
  end if;
  items := array(select jsonb_array_elements(errors));
  share := least(greatest(ceil(cardinality(items) / 10.0), 10), most);

  while sent < cardinality(items) loop
    if clock_timestamp() - started > interval '2 seconds' then
      raise warning 'filtermend: dispatch takes too long; the sweep takes up the rest.';
      exit;
    elsif clock_timestamp() - started > interval '300 milliseconds' then
      share := most;
    end if;
    perform public.filtermend_send(
      settings, jsonb_build_object('errors', to_jsonb(items[sent + 1 : sent + share])));
    sent := sent + share;
  end loop;
exception
  -- OTHERS leaves out cancellation (statement_timeout, pg_cancel_backend) and failed assertions.
  when query_canceled or assert_failure or others then
    -- Only the state of the error: a message of pg_net's could quote the header with the token.
    raise warning 'filtermend: dispatch by % failed with SQLSTATE %; the sweep takes it up.',
      coalesce(settings.dispatch, 'an unreadable settings row'), sqlstate;
end
$$;
