-- The screener's row security on Supabase. Users may update their errors, to mark one resolved.
alter table traders enable row level security;
alter table trader_execution_errors enable row level security;
create policy "Users see their traders" on traders
  for select using (auth.uid() = user_id);
create policy "Users see their errors" on trader_execution_errors
  for select using (auth.uid() = user_id);
create policy "Users resolve their errors" on trader_execution_errors
  for update using (auth.uid() = user_id);
create policy "Users delete their errors" on trader_execution_errors
  for delete using (auth.uid() = user_id);
