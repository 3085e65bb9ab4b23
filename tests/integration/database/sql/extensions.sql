-- Stand-ins for aws_lambda, aws_commons and pg_net, with the signatures of the real ones. What
-- they are to do is a row of stand_in.behaviour; what they got is in stand_in.calls.
create schema stand_in;
create table stand_in.calls (
  id bigint generated always as identity, method text, target text, region text,
  payload jsonb, headers jsonb, connect_ms text, request_ms text, called_by name
);
create table stand_in.behaviour (does text not null);
insert into stand_in.behaviour values ('succeed');

create function stand_in.behave() returns int language plpgsql as $$
declare
  does text := (select behaviour.does from stand_in.behaviour);
begin
  case does
  when 'succeed' then return 202;
  when 'throttle' then return 429;
  when 'fail' then raise exception 'unreachable, Authorization: Bearer top-secret';
  when 'assert' then assert false, 'cannot be';
  when 'hang' then perform pg_sleep(3600);
  when 'slow' then perform pg_sleep(0.7);
  when 'time out' then
    -- As the extension does: wait as long as its own settings say, then raise.
    perform pg_sleep(current_setting('aws_lambda.request_timeout_ms')::numeric / 1000);
    raise exception 'the request timed out';
  end case;
  return 202;
end
$$;

create schema aws_commons;
create type aws_commons._lambda_function_arn_1 as (function_name text, region text);
create function aws_commons.create_lambda_function_arn(function_name text, region text default null)
returns aws_commons._lambda_function_arn_1 language sql as $$ select function_name, region $$;

create function stand_in.invoked(
  arn aws_commons._lambda_function_arn_1, payload json, invocation_type text
) returns int language plpgsql as $$
begin
  insert into stand_in.calls (method, target, region, payload, connect_ms, request_ms, called_by)
  values (invocation_type, arn.function_name, arn.region, payload,
          current_setting('aws_lambda.connect_timeout_ms', true),
          current_setting('aws_lambda.request_timeout_ms', true), current_user);
  return stand_in.behave();
end
$$;
create function stand_in.wrong_overload() returns int language plpgsql as
$$ begin raise exception 'not the overload of an ARN and json'; end $$;

create schema aws_lambda;
create function aws_lambda.invoke(
  in function_name aws_commons._lambda_function_arn_1, in payload json,
  in invocation_type text default 'RequestResponse', in log_type text default 'None',
  in context json default null, in qualifier varchar(128) default null,
  out status_code int, out payload json, out executed_version text, out log_result text
) language sql as $$ select stand_in.invoked($1, $2, $3), null::json, null, null $$;
create function aws_lambda.invoke(
  in function_name text, in payload json, in region text default null,
  in invocation_type text default 'RequestResponse', in log_type text default 'None',
  in context json default null, in qualifier varchar(128) default null,
  out status_code int, out payload json, out executed_version text, out log_result text
) language sql as $$ select stand_in.wrong_overload(), null::json, null, null $$;
create function aws_lambda.invoke(
  in function_name aws_commons._lambda_function_arn_1, in payload jsonb,
  in invocation_type text default 'RequestResponse', in log_type text default 'None',
  in context jsonb default null, in qualifier varchar(128) default null,
  out status_code int, out payload jsonb, out executed_version text, out log_result text
) language sql as $$ select stand_in.wrong_overload(), null::jsonb, null, null $$;

create schema net;
create function net.http_post(
  url text, body jsonb default '{}', params jsonb default '{}',
  headers jsonb default '{"Content-Type": "application/json"}', timeout_milliseconds int default 5000
) returns bigint language plpgsql as $$
begin
  insert into stand_in.calls (method, target, payload, headers, called_by)
  values ('http_post', url, body, headers, current_user);
  return stand_in.behave();
end
$$;
