-- Tell the trigger Lambda which errors came in. A dispatch is a hint that saves the sweep's
-- minute: losing one loses nothing, so failing must never cost the caller its insert.
--
-- The extensions are called through EXECUTE: these functions then compile, and fail no earlier
-- than in use, on a database that has neither. Values go in as parameters, never into the text.

-- One message, or an exception. Not for calling from outside.
create or replace function public.filtermend_send(
  settings public.filter_regeneration_settings, payload jsonb
) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  connect_ms text;
  request_ms text;
  status int;
  token text;
begin
  case settings.dispatch
  when 'aws_lambda' then
    -- The call is synchronous up to Lambda's 202. No statement_timeout set inside a statement
    -- bounds that statement, so the extension's own limits have to, whatever the session has.
    connect_ms := coalesce(current_setting('aws_lambda.connect_timeout_ms', true), '1000');
    request_ms := coalesce(current_setting('aws_lambda.request_timeout_ms', true), '3000');
    begin
      perform set_config('aws_lambda.connect_timeout_ms', '1000', true);
      perform set_config('aws_lambda.request_timeout_ms', '1500', true);
    exception when others then
      null;  -- not ours to set here: the extension's defaults, 1 s and 3 s, hold
    end;
    execute 'select status_code from aws_lambda.invoke('
            'aws_commons.create_lambda_function_arn($1, $2), $3, $4)'
      into status
      using settings.target, settings.region, payload::json, 'Event'::text;
    begin
      perform set_config('aws_lambda.connect_timeout_ms', connect_ms, true);
      perform set_config('aws_lambda.request_timeout_ms', request_ms, true);
    exception when others then
      null;
    end;
    if status is null or status not between 200 and 299 then
      raise exception 'Lambda answered % to an asynchronous invocation.', status;
    end if;

  when 'pg_net' then
    token := settings.token;
    if token is null and to_regclass('vault.decrypted_secrets') is not null then
      execute 'select decrypted_secret from vault.decrypted_secrets where name = $1 limit 1'
        into token using 'filtermend_webhook_token'::text;
    end if;
    if token is null then
      raise exception 'No webhook token in the settings row or in the vault.';
    end if;
    execute 'select net.http_post(url := $1, headers := $2, body := $3,'
            ' timeout_milliseconds := $4)'
      using settings.target,
            jsonb_build_object('Content-Type', 'application/json',
                               'Authorization', 'Bearer ' || token),
            payload, 5000;

  when 'notify' then
    -- A full queue would fail the caller's COMMIT, where nothing can catch it.
    if pg_notification_queue_usage() > 0.5 then
      raise exception 'The notification queue is more than half full.';
    end if;
    perform pg_notify(settings.target, payload::text);

  else
    null;
  end case;
end
$$;

-- Send a list of {error_id, trader_id} as the settings row says, in chunks. Never raises.
create or replace function public.filtermend_dispatch(errors jsonb) returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set lock_timeout = '1s'
as $$
declare
  settings public.filter_regeneration_settings;
  chunk jsonb;
  chunk_size int := 100;
  started constant timestamptz := clock_timestamp();
begin
  select * into settings from public.filter_regeneration_settings;
  if settings.dispatch is null or settings.dispatch = 'none' then
    return;
  end if;
  if settings.dispatch = 'notify' then
    chunk_size := 60;  -- a notification holds less than 8,000 bytes, an error takes about 110
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
