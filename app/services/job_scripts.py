"""The Lua of the job store: each change of a job and the events that tell of it, in one atomic step.

Keys and functions that they share stand in job_script_parts.
"""

from __future__ import annotations

from app.services.job_script_parts import CHANGE, PRELUDE

ADD = (
    CHANGE
    + """
-- 4 job id, 5 document, 6 session, 7 images, 8 created, 9 expires, 10 queue limit, 11 idempotency key,
-- 12 fingerprint, 13 its lifetime, 14 event
local images, idempotency = tonumber(ARGV[7]), ARGV[11]
if redis.call('EXISTS', job) == 1 then return {'known', job_id} end
if idempotency ~= '' then
  local known = redis.call('HMGET', idempotency, 'job', 'fingerprint')
  if known[1] and known[2] ~= ARGV[12] then return {'mismatch', known[1]} end
  if known[1] then return {'known', known[1]} end
end
local limit, waits = tonumber(ARGV[10]), tonumber(redis.call('GET', waiting) or '0')
if limit >= 0 and waits + images > limit then
  return {'full', tostring(waits), tostring(seconds_per_image() or '')}
end
if idempotency ~= '' then
  redis.call('HSET', idempotency, 'job', job_id, 'fingerprint', ARGV[12])
  redis.call('EXPIRE', idempotency, ARGV[13])
end
redis.call('HSET', job, 'document', ARGV[5], 'session', ARGV[6], 'total', images, 'status', 'queued',
  'idempotency', idempotency)
redis.call('ZADD', open_jobs, ARGV[8], job_id)
redis.call('ZADD', queued_jobs, ARGV[8], job_id)
redis.call('ZADD', session_jobs, ARGV[8], job_id)
redis.call('ZADD', session_open, ARGV[8], job_id)
redis.call('ZADD', expiries, ARGV[9], job_id)
redis.call('INCRBY', waiting, images)
redis.call('HSET', pending_images, job_id, images)
if waits == 0 then redis.call('HSET', pace, 'last', now()) end
append(ARGV[14])
return {'added', job_id}
"""
)

ATTEMPT = (
    PRELUDE
    + """
-- 4 unit of work; 0: the job is gone
if redis.call('EXISTS', job) == 0 then return 0 end
return redis.call('HINCRBY', attempts, ARGV[4], 1)
"""
)

NO_ATTEMPT = (
    PRELUDE
    + """
-- 4 unit of work
if tonumber(redis.call('HGET', attempts, ARGV[4]) or '0') > 0 then
  redis.call('HINCRBY', attempts, ARGV[4], -1)
end
return 1
"""
)

START = (
    CHANGE
    + """
-- 4 event
if status() ~= 'queued' then return 0 end
redis.call('HSET', job, 'status', 'processing')
redis.call('ZREM', queued_jobs, job_id)
append(ARGV[4])
return 1
"""
)

PROGRESS = (
    CHANGE
    + """
-- 4 event, 5 image id or '', 6 its fraction
if not is_open() then return 0 end
if ARGV[5] ~= '' and redis.call('HEXISTS', outcomes, ARGV[5]) == 0 then
  redis.call('HSET', fractions, ARGV[5], ARGV[6])
end
append(ARGV[4])
return 1
"""
)

RECORD = (
    CHANGE
    + """
-- 4 image id, 5 outcome, 6 … events
local function measure_pace()
  local measured, time = redis.call('HMGET', pace, 'seconds', 'outcomes', 'last'), now()
  local since = math.max(0, time - tonumber(measured[3] or time))
  redis.call('HSET', pace, 'seconds', 0.95 * tonumber(measured[1] or '0') + since,
    'outcomes', 0.95 * tonumber(measured[2] or '0') + 1, 'last', time)
end

if not is_open() or redis.call('HSETNX', outcomes, ARGV[4], ARGV[5]) == 0 then return 0 end
redis.call('HDEL', fractions, ARGV[4])
redis.call('DECR', waiting)
redis.call('HINCRBY', pending_images, job_id, -1)
redis.call('ZREM', queued_jobs, job_id)
redis.call('HSET', job, 'status', 'processing')
measure_pace()
local name = cjson.decode(ARGV[5]).recognized_as
if name and name ~= '' then
  redis.call('SET', recognized .. name, job_id .. ' ' .. ARGV[4], 'EX', session_ttl)
end
for i = 6, #ARGV do append(ARGV[i]) end
return 1
"""
)

FINISH = (
    CHANGE
    + """
-- 4 job id, 5 status, 6 event, 7 files, 8 error, 9 error code, 10 finished at, 11 prefix of file owners,
-- 12 … file ids
if not is_open() then return 0 end
stop_waiting()
redis.call('HSET', job, 'status', ARGV[5], 'files', ARGV[7], 'error', ARGV[8], 'error_code', ARGV[9],
  'finished_at', ARGV[10])
for i = 12, #ARGV do redis.call('SET', ARGV[11] .. ARGV[i], ARGV[4]) end
local webhook = cjson.decode(redis.call('HGET', job, 'document')).options.webhook_url
if webhook and webhook ~= '' then
  redis.call('HSET', job, 'webhook', 'pending')
  redis.call('ZADD', webhooks_due, now(), job_id)
end
append(ARGV[6])
return 1
"""
)

DELETE = (
    CHANGE
    + """
local function of_the_job(entry)
  local fields = entry[2]
  for i = 1, #fields, 2 do
    if fields[i] == 'event' then return cjson.decode(fields[i + 1]).job_id == job_id end
  end
end

-- XDEL only marks an entry: its bytes stay in the server's memory and files as long as neighbours live. So
-- the stream is made anew of the others, with its last id, after which alone new entries may come.
local function forget_events()
  if redis.call('EXISTS', events) == 0 then return end
  local entries, ttl = redis.call('XRANGE', events, '-', '+'), redis.call('PTTL', events)
  local about, last = redis.call('XINFO', 'STREAM', events), nil
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' then last = about[i + 1] end
  end
  redis.call('DEL', events)
  for _, entry in ipairs(entries) do
    if not of_the_job(entry) then redis.call('XADD', events, entry[1], unpack(entry[2])) end
  end
  if redis.call('EXISTS', events) == 0 then
    redis.call('XADD', events, last, 'event', '')
    redis.call('XDEL', events, last)
  end
  redis.call('XSETID', events, last)
  if ttl > 0 then redis.call('PEXPIRE', events, ttl) end
end

-- 4 job id, 5 seconds of the mark (0: no mark), 6 event or '' (with a mark: only for an open job),
-- 7 prefix of file owners, 8 what is set when something was erased, 9 where the last word of webhooks stands
local marked, cut_short = tonumber(ARGV[5]), is_open()
redis.call('ZREM', expiries, ARGV[4])
if redis.call('EXISTS', job) == 0 then return 0 end
if cut_short then stop_waiting() end
for _, file in ipairs(cjson.decode(redis.call('HGET', job, 'files') or '[]')) do
  local owner = ARGV[7] .. file.file_id
  if marked > 0 then redis.call('EXPIRE', owner, marked) else redis.call('DEL', owner) end
end
local idempotency = redis.call('HGET', job, 'idempotency')
if idempotency and idempotency ~= '' then redis.call('DEL', idempotency) end
forget_events()
for _, outcome in ipairs(redis.call('HVALS', outcomes)) do
  local place = recognized .. (cjson.decode(outcome).recognized_as or '')
  local found = redis.call('GET', place)
  if found and string.sub(found, 1, #job_id) == job_id then redis.call('DEL', place) end
end
redis.call('ZREM', webhooks_due, job_id)
redis.call('HDEL', webhook_attempts, job_id)
local webhook = cjson.decode(redis.call('HGET', job, 'document')).options.webhook_url
if marked > 0 and cut_short and ARGV[6] ~= '' and webhook and webhook ~= '' then
  redis.call('SET', ARGV[9], cjson.encode({webhook, ARGV[6]}), 'EX', marked)
  redis.call('ZADD', webhooks_due, now(), job_id)
end
redis.call('DEL', job, outcomes, fractions, attempts)
redis.call('ZREM', session_jobs, ARGV[4])
redis.call('SET', ARGV[8], '1')
if marked > 0 then redis.call('SET', tombstone, '1', 'EX', marked) end
if ARGV[6] ~= '' and (marked == 0 or cut_short) then append(ARGV[6]) end
return 1
"""
)
