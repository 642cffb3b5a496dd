"""The Lua of the job store: each change of a job and the events that tell of it, in one atomic step.

All scripts get the same keys and the same first three arguments, named by the prelude. An event is appended
to the session's stream (the truth) and published on its channel (the bell), see redis_keys.
"""

from __future__ import annotations

_PRELUDE = """
local job, outcomes, fractions, attempts = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local events, seqs, session_jobs = KEYS[5], KEYS[6], KEYS[7]
local open_jobs, expiries, waiting, tombstone = KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local channel, kept_events, session_ttl = ARGV[1], ARGV[2], ARGV[3]

local function status() return redis.call('HGET', job, 'status') end
local function is_open() local s = status() return s == 'queued' or s == 'processing' end
local function total() return tonumber(redis.call('HGET', job, 'total')) end

-- whole per cent of outcomes and fractions, 99 at most while the job is open; never less than before
local function progress(done)
  local passed = done
  for _, fraction in ipairs(redis.call('HVALS', fractions)) do passed = passed + tonumber(fraction) end
  local percent = math.min(99, math.floor(100 * passed / total()))
  percent = math.max(percent, tonumber(redis.call('HGET', job, 'progress') or '0'))
  redis.call('HSET', job, 'progress', percent)
  return percent
end

-- A quote within a JSON string is escaped, so this text stands for the event's own fields alone.
local function with_counts(event)
  if not string.find(event, '"type":"job_progress"', 1, true) then return event end
  local done = redis.call('HLEN', outcomes)
  local counts = string.format('"progress":%d,"processed_images":%d', progress(done), done)
  return (string.gsub(event, '"progress":%d+,"processed_images":%d+', counts, 1))
end

local function append(event)
  event = with_counts(event)
  local seq = redis.call('INCR', seqs)
  local id = redis.call('XADD', events, 'MAXLEN', '~', kept_events, '*', 'seq', seq, 'event', event)
  for _, key in ipairs({events, seqs, session_jobs}) do redis.call('EXPIRE', key, session_ttl) end
  redis.call('PUBLISH', channel, id .. ' ' .. seq .. ' ' .. event)
end

local function stop_waiting()
  redis.call('DECRBY', waiting, total() - redis.call('HLEN', outcomes))
  redis.call('DEL', fractions)
  redis.call('ZREM', open_jobs, ARGV[4])
end
"""

ADD = (
    _PRELUDE
    + """
-- 4 job id, 5 document, 6 session, 7 images, 8 created, 9 expires, 10 queue limit, 11 idempotency key,
-- 12 fingerprint, 13 its lifetime, 14 event
local job_id, images, idempotency = ARGV[4], tonumber(ARGV[7]), ARGV[11]
if redis.call('EXISTS', job) == 1 then return {'known', job_id} end
if idempotency ~= '' then
  local known = redis.call('HMGET', idempotency, 'job', 'fingerprint')
  if known[1] and known[2] ~= ARGV[12] then return {'mismatch', known[1]} end
  if known[1] then return {'known', known[1]} end
end
local limit = tonumber(ARGV[10])
if limit >= 0 and tonumber(redis.call('GET', waiting) or '0') + images > limit then return {'full', ''} end
if idempotency ~= '' then
  redis.call('HSET', idempotency, 'job', job_id, 'fingerprint', ARGV[12])
  redis.call('EXPIRE', idempotency, ARGV[13])
end
redis.call('HSET', job, 'document', ARGV[5], 'session', ARGV[6], 'total', images, 'status', 'queued',
  'idempotency', idempotency)
redis.call('ZADD', open_jobs, ARGV[8], job_id)
redis.call('ZADD', session_jobs, ARGV[8], job_id)
redis.call('ZADD', expiries, ARGV[9], job_id)
redis.call('INCRBY', waiting, images)
append(ARGV[14])
return {'added', job_id}
"""
)

ATTEMPT = (
    _PRELUDE
    + """
-- 4 unit of work; 0: the job is gone
if redis.call('EXISTS', job) == 0 then return 0 end
return redis.call('HINCRBY', attempts, ARGV[4], 1)
"""
)

START = (
    _PRELUDE
    + """
-- 4 event
if status() ~= 'queued' then return 0 end
redis.call('HSET', job, 'status', 'processing')
append(ARGV[4])
return 1
"""
)

PROGRESS = (
    _PRELUDE
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
    _PRELUDE
    + """
-- 4 image id, 5 outcome, 6 … events
if not is_open() or redis.call('HSETNX', outcomes, ARGV[4], ARGV[5]) == 0 then return 0 end
redis.call('HDEL', fractions, ARGV[4])
redis.call('DECR', waiting)
redis.call('HSET', job, 'status', 'processing')
for i = 6, #ARGV do append(ARGV[i]) end
return 1
"""
)

FINISH = (
    _PRELUDE
    + """
-- 4 job id, 5 status, 6 event, 7 files, 8 error, 9 error code, 10 finished at, 11 prefix of file owners,
-- 12 … file ids
if not is_open() then return 0 end
stop_waiting()
redis.call('HSET', job, 'status', ARGV[5], 'files', ARGV[7], 'error', ARGV[8], 'error_code', ARGV[9],
  'finished_at', ARGV[10])
for i = 12, #ARGV do redis.call('SET', ARGV[11] .. ARGV[i], ARGV[4]) end
append(ARGV[6])
return 1
"""
)

DELETE = (
    _PRELUDE
    + """
-- 4 job id, 5 seconds of the mark (0: no mark), 6 event or '', 7 prefix of file owners
local marked = tonumber(ARGV[5])
redis.call('ZREM', expiries, ARGV[4])
if redis.call('EXISTS', job) == 0 then return 0 end
if is_open() then stop_waiting() end
for _, file in ipairs(cjson.decode(redis.call('HGET', job, 'files') or '[]')) do
  local owner = ARGV[7] .. file.file_id
  if marked > 0 then redis.call('EXPIRE', owner, marked) else redis.call('DEL', owner) end
end
local idempotency = redis.call('HGET', job, 'idempotency')
if idempotency and idempotency ~= '' then redis.call('DEL', idempotency) end
for _, entry in ipairs(redis.call('XRANGE', events, '-', '+')) do
  local fields = entry[2]
  for i = 1, #fields, 2 do
    if fields[i] == 'event' and cjson.decode(fields[i + 1]).job_id == ARGV[4] then
      redis.call('XDEL', events, entry[1])
    end
  end
end
redis.call('DEL', job, outcomes, fractions, attempts)
redis.call('ZREM', session_jobs, ARGV[4])
if marked > 0 then redis.call('SET', tombstone, '1', 'EX', marked) end
if ARGV[6] ~= '' then append(ARGV[6]) end
return 1
"""
)
