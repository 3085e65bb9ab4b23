-- The screener's tables as its own persistence feature creates them, without row security.
create table traders (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  name text not null,
  description text,
  enabled boolean not null default true,
  language text not null default 'go',
  filter jsonb not null default '{}',
  strategy jsonb not null default '{}',
  updated_at timestamptz default now()
);

create table trader_execution_errors (
  id uuid primary key default gen_random_uuid(),
  trader_id uuid not null references traders (id) on delete cascade,
  user_id uuid not null,
  error_type text not null check (error_type in ('compilation', 'runtime', 'timeout', 'panic')),
  error_message text not null,
  stack_trace text,
  trigger_interval text,
  symbols_processed int,
  execution_duration_ms int,
  filter_code_snapshot text not null default 'return true',
  auto_regeneration_triggered boolean default false,
  regeneration_count int default 0,
  created_at timestamptz default now(),
  resolved_at timestamptz,
  error_hash text
);
create index on trader_execution_errors (trader_id);
create index on trader_execution_errors (created_at);
