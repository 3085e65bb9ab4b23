-- The screener's own two tables, for a database that does not have them yet. Where they exist
-- they are left exactly as they are; the next files add to trader_execution_errors only.
do $$
declare
  client name;
begin
  if to_regclass('public.traders') is null then
    create table public.traders (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null,
      name text,
      description text,
      enabled boolean not null default true,
      language text not null default 'go',
      filter jsonb not null default '{}',
      strategy jsonb not null default '{}',
      updated_at timestamptz not null default now()
    );
    -- Whoever acts for a user reads the user's own rows and writes none; a back end, which acts
    -- for nobody, keeps what its grants allow.
    alter table public.traders enable row level security;
    create policy filtermend_own on public.traders for select
      using (user_id = (select public.filtermend_user_id()));
    create policy filtermend_backend on public.traders
      using ((select public.filtermend_user_id()) is null
             and current_user not in ('anon', 'authenticated'));
    -- Supabase grants everything, truncate included, on every new table of this schema.
    for client in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
      execute format('revoke all on public.traders from %I', client);
    end loop;
  end if;

  if to_regclass('public.trader_execution_errors') is null then
    create table public.trader_execution_errors (
      id uuid primary key default gen_random_uuid(),
      trader_id uuid not null references public.traders (id) on delete cascade,
      user_id uuid not null,
      error_type text not null
        check (error_type in ('compilation', 'runtime', 'timeout', 'panic')),
      error_message text not null,
      stack_trace text,
      trigger_interval text,
      symbols_processed int,
      execution_duration_ms int,
      filter_code_snapshot text,
      auto_regeneration_triggered boolean not null default false,
      regeneration_count int not null default 0,
      created_at timestamptz not null default now(),
      resolved_at timestamptz,
      error_hash text
    );
    create index trader_execution_errors_trader_idx
      on public.trader_execution_errors (trader_id, created_at);
    create index trader_execution_errors_user_idx
      on public.trader_execution_errors (user_id, created_at);
    for client in select rolname from pg_roles where rolname in ('anon', 'authenticated') loop
      execute format('revoke all on public.trader_execution_errors from %I', client);
    end loop;
  end if;
end
$$;
