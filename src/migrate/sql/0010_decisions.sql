-- What a person does with a proposed fix. Both functions run as the owner of the tables, so they
-- check for themselves who asks, and find only that user's own errors. SQLSTATEs:
--   RG001 nobody is named as the user      RG004 there is no proposed fix
--   RG002 the user has no such error       RG005 the error's state does not allow it
--   RG003 neither applied nor rejected     RG006 it was decided the other way

-- The user who asks, or RG001. A service role or the owner decides for a user only by naming one.
create or replace function public.filtermend_require_user() returns uuid
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if public.filtermend_user_id() is null then
    raise exception using errcode = 'RG001',
      message = 'Nobody is signed in.',
      hint = 'Sign in, or name the user in the setting request.jwt.claims.';
  end if;
  return public.filtermend_user_id();
end
$$;

-- Lock the user's error, or RG002: the same answer for another user's error as for none.
create or replace function public.filtermend_lock_error(error_id uuid, owner_id uuid)
returns public.trader_execution_errors
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  error public.trader_execution_errors;
begin
  select * into error
  from public.trader_execution_errors as candidate
  where candidate.id = filtermend_lock_error.error_id
    and candidate.user_id = filtermend_lock_error.owner_id
  for update;
  if not found then
    raise exception using errcode = 'RG002',
      message = 'You have no error with this id.',
      hint = 'Take the id from your list of errors; it may have been deleted.';
  end if;
  return error;
end
$$;

-- Record that the user applied the proposed fix or rejected it, and return the new status. It
-- deploys nothing. The same decision again changes nothing. Duplicates follow an applied fix.
create or replace function public.decide_fix(
  error_id uuid, decision text, reason text default null
) returns text
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  asker constant uuid := public.filtermend_require_user();
  -- Shown to the user and kept with every duplicate: a sentence, not a document.
  words constant text := left(nullif(btrim(decide_fix.reason), ''), 1000);
  error public.trader_execution_errors;
begin
  if decision is null or decision not in ('applied', 'rejected') then
    raise exception using errcode = 'RG003',
      message = 'A decision is ''applied'' or ''rejected''.';
  end if;
  error := public.filtermend_lock_error(decide_fix.error_id, asker);

  if error.regeneration_status = decision then
    return decision;
  end if;
  if error.regeneration_status in ('applied', 'rejected') then
    raise exception using errcode = 'RG006',
      message = format('This fix was %s before.', error.regeneration_status),
      hint = case error.regeneration_status
        when 'rejected' then 'Ask for a new fix with request_regeneration.'
        else 'If the filter still fails, its next error gets a fix of its own.' end;
  end if;
  if error.regeneration_status = 'duplicate' then
    raise exception using errcode = 'RG005',
      message = 'This error repeats another one and has no fix of its own.',
      hint = format('Decide on error %s.', coalesce(error.duplicate_of::text, 'that was deleted: '
        'ask for a fix of this one with request_regeneration'));
  end if;
  if error.regeneration_status is null
     or error.regeneration_status not in ('proposed', 'exhausted', 'stopped') then
    raise exception using errcode = 'RG005',
      message = format('No fix is ready for a decision: the status is %s.',
                       coalesce(error.regeneration_status, 'empty')),
      hint = 'Wait until the status is proposed, exhausted or stopped.';
  end if;
  if error.proposed_fix_code is null then
    raise exception using errcode = 'RG004',
      message = 'There is no proposed fix to decide on.',
      hint = 'Ask for one with request_regeneration, or correct the filter by hand.';
  end if;

  update public.trader_execution_errors as target
  set regeneration_status = decision,
      regeneration_reason = coalesce(words, format('You %s this fix.', decision)),
      regeneration_lease_until = null,
      regeneration_feedback_at = null,
      fix_applied_at = case when decision = 'applied' then now() end,
      fix_applied_by = case when decision = 'applied' then asker end,
      resolved_at = case when decision = 'applied' then coalesce(target.resolved_at, now())
                    else target.resolved_at end
  where target.id = error.id;

  if decision = 'applied' then
    update public.trader_execution_errors as target
    set resolved_at = now(),
        regeneration_reason = coalesce(words, format('You applied the fix of error %s.', error.id))
    where target.duplicate_of = error.id and target.user_id = asker
      and target.regeneration_status = 'duplicate' and target.resolved_at is null;
  end if;
  return decision;
end
$$;

-- Ask for another run, with three new attempts, and return its number. An earlier proposed fix
-- stays until a better one comes, unless it was rejected: then it is taken away.
create or replace function public.request_regeneration(error_id uuid) returns int
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  asker constant uuid := public.filtermend_require_user();
  primary_id uuid;
  primary_status text;
  error public.trader_execution_errors;
  new_run int;
  rejected boolean;
begin
  -- A duplicate's primary first: decide_fix locks in the same order, so they cannot deadlock.
  select candidate.duplicate_of into primary_id
  from public.trader_execution_errors as candidate
  where candidate.id = request_regeneration.error_id and candidate.user_id = asker;
  select candidate.regeneration_status into primary_status
  from public.trader_execution_errors as candidate
  where candidate.id = primary_id and candidate.user_id = asker
  for update;
  error := public.filtermend_lock_error(request_regeneration.error_id, asker);

  if error.regeneration_status is null or error.regeneration_status not in
     ('exhausted', 'stopped', 'rejected', 'duplicate', 'over_budget', 'proposed') then
    raise exception using errcode = 'RG005',
      message = case error.regeneration_status
        when 'pending' then 'A fix is already asked for.'
        when 'running' then 'A fix is already being worked on.'
        when 'applied' then 'The fix of this error was applied.'
        else 'This error takes no part in automatic regeneration.' end,
      hint = case when error.regeneration_status in ('pending', 'running')
        then 'Wait for its end.' else 'If the filter still fails, its next error gets a fix.' end;
  end if;
  if error.regeneration_status = 'duplicate' and primary_status in ('pending', 'running') then
    raise exception using errcode = 'RG005',
      message = format('The same problem is already being worked on in error %s.', primary_id),
      hint = 'Wait for its end.';
  end if;

  rejected := error.regeneration_status = 'rejected';

  -- The primary gives up the problem, or this row would only become its duplicate once more.
  update public.trader_execution_errors as target
  set fingerprint = null
  where target.id = primary_id and target.user_id = asker
    and error.regeneration_status = 'duplicate' and target.fingerprint is not null;

  update public.trader_execution_errors as target
  set regeneration_status = 'pending',
      regeneration_run = coalesce(target.regeneration_run, 0) + 1,
      regeneration_first_run = coalesce(target.regeneration_run, 0) + 1,
      regeneration_breakdowns = 0,
      regeneration_count = 0,
      proposed_fix_code = case when rejected then null else target.proposed_fix_code end,
      proposed_fix_validated = not rejected and target.proposed_fix_validated,
      proposed_fix_replayed = case when rejected then null else target.proposed_fix_replayed end,
      proposed_fix_diagnostics =
        case when rejected then null else target.proposed_fix_diagnostics end,
      proposed_fix_source = case when rejected then null else target.proposed_fix_source end,
      regeneration_reason = null,
      regeneration_lease_until = null,
      duplicate_of = null,
      fingerprint = null,
      -- Asked for again: not resolved, whatever the primary's end had made of it.
      resolved_at = null
  where target.id = error.id
  returning target.regeneration_run into new_run;

  perform public.filtermend_dispatch(jsonb_build_array(
    jsonb_build_object('error_id', error.id, 'trader_id', error.trader_id)));
  return new_run;
end
$$;
