-- When a call really went out: one that was claimed and never sent cost nothing. And the index for
-- what the sweep closes: calls that were begun and never settled.
do $$
begin
  if not exists (select from pg_attribute
                 where attrelid = 'public.filter_regeneration_attempts'::regclass
                   and attname = 'sent_at' and not attisdropped) then
    alter table public.filter_regeneration_attempts add column sent_at timestamptz;
    -- Calls of before this column: taken as sent, which errs to the safe side.
    update public.filter_regeneration_attempts set sent_at = started_at
    where source = 'model' and finished_at is null;
  end if;
end
$$;
