-- The ledger: every question to a model (and every mechanical fix), written as sent before the
-- call and settled with the answer. Money spent is a fact of its own, so error_id is no foreign
-- key: deleting an error or a trader must not delete what it cost.
create table if not exists public.filter_regeneration_attempts (
  id uuid primary key default gen_random_uuid(),
  error_id uuid not null,
  run int not null check (run >= 1),
  attempt int not null check (attempt between 1 and 3),
  turn int not null check (turn >= 1),
  call int not null check (call >= 1),
  user_id uuid not null,
  source text check (source in ('model', 'mechanical')),
  model text,
  model_version text,
  prompt_version text,
  prompt_source text check (prompt_source in ('bundled', 'braintrust')),
  answer text,
  candidate_code text,
  normalized_code text,
  valid boolean,
  replayed boolean,
  diagnostics jsonb,
  -- Null: sent, and not settled yet.
  outcome text check (outcome in
    ('candidate', 'no_code', 'blocked', 'truncated', 'throttled', 'failed', 'unknown')),
  finish_reason text,
  input_tokens int,
  output_tokens int,
  thinking_tokens int,
  cached_tokens int,
  reserved_usd numeric(14, 8) not null default 0 check (reserved_usd >= 0),
  cost_usd numeric(14, 8) check (cost_usd >= 0),
  latency_ms int,
  lease_until timestamptz,
  trace_id text,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  constraint filter_regeneration_attempts_call_key unique (error_id, run, attempt, turn, call)
);

-- One row per user and UTC day: locked while a call's worst case is reserved.
create table if not exists public.filter_regeneration_daily_costs (
  user_id uuid not null,
  day date not null,
  reserved_usd numeric(14, 8) not null default 0 check (reserved_usd >= 0),
  spent_usd numeric(14, 8) not null default 0 check (spent_usd >= 0),
  alert_id uuid,
  alert_recorded_at timestamptz,
  alert_delivered_at timestamptz,
  primary key (user_id, day)
);

-- A user's own daily limit, where it differs from the one every user has.
create table if not exists public.filter_regeneration_limits (
  user_id uuid primary key,
  daily_cost_limit_usd numeric(14, 8) not null check (daily_cost_limit_usd >= 0),
  updated_at timestamptz not null default now()
);

-- How the database says that errors came in: one row, written by the deploy.
create table if not exists public.filter_regeneration_settings (
  id boolean primary key default true check (id),
  dispatch text not null default 'none'
    check (dispatch in ('aws_lambda', 'pg_net', 'notify', 'none')),
  target text,   -- a function's ARN, a URL, or a channel
  region text,   -- of the function; null: that of the database
  token text,    -- bearer token of the URL; null: Supabase's vault has it
  updated_at timestamptz not null default now(),
  constraint filter_regeneration_settings_target_check
    check (dispatch = 'none' or target is not null)
);
insert into public.filter_regeneration_settings (id) values (true) on conflict do nothing;

-- Closed from the moment they exist; files 0014 and 0015 open what each role needs.
do $$
declare
  ours name;
begin
  for ours in
    select relname from pg_class
    where relnamespace = 'public'::regnamespace and not relrowsecurity
      and relname in ('filter_regeneration_attempts', 'filter_regeneration_daily_costs',
                      'filter_regeneration_limits', 'filter_regeneration_settings')
  loop
    execute format('alter table public.%I enable row level security', ours);
  end loop;
end
$$;
