"""What the scripts of the job store and of the waiting line have in common, in Lua.

All scripts get the same keys and the same first three arguments, named by the prelude. An event is appended
to the session's stream (the truth) and published on its channel (the bell), see redis_keys.
"""

from __future__ import annotations

PRELUDE = """
local job, outcomes, fractions, attempts = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local events, seqs, session_jobs, session_open = KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local open_jobs, expiries, waiting, tombstone = KEYS[9], KEYS[10], KEYS[11], KEYS[12]
local queued_jobs, pending_images, pace = KEYS[13], KEYS[14], KEYS[15]
local webhooks_due, webhook_attempts, recognized = KEYS[16], KEYS[17], KEYS[18]
local totals = KEYS[19]
local channel, kept_events, session_ttl = ARGV[1], ARGV[2], ARGV[3]
local job_id = string.match(job, '[^:]+$')

local function status() return redis.call('HGET', job, 'status') end
local function is_open() local s = status() return s == 'queued' or s == 'processing' end
local function total() return tonumber(redis.call('HGET', job, 'total')) end

-- images with an outcome, and the fractions of the others
local function passed()
  local images = redis.call('HLEN', outcomes)
  for _, fraction in ipairs(redis.call('HVALS', fractions)) do images = images + tonumber(fraction) end
  return images
end

-- whole per cent of the images passed, 99 at most while the job is open; never less than before
local function progress()
  local percent = math.min(99, math.floor(100 * passed() / total()))
  percent = math.max(percent, tonumber(redis.call('HGET', job, 'progress') or '0'))
  redis.call('HSET', job, 'progress', percent)
  return percent
end
"""

OUTLOOK = """
local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) + tonumber(time[2]) / 1000000
end

-- Measured seconds from one outcome to the next, all workers together, while images wait. nil: nothing is
-- measured yet, or nothing has come for so long that the measure says nothing any more.
local function seconds_per_image()
  local measured = redis.call('HMGET', pace, 'seconds', 'outcomes', 'last')
  if not measured[2] then return nil end
  local each = tonumber(measured[1]) / tonumber(measured[2])
  local waits = tonumber(redis.call('GET', waiting) or '0') > 0
  if waits and now() - tonumber(measured[3]) > 60 + 20 * each then return nil end
  return each
end

-- Place among the jobs that have not begun, 1 for the next; and seconds until the job's last image is read.
-- Jobs take turns, so of each other job as many images come before that one as this job has itself.
local function outlook()
  local rank, each = redis.call('ZRANK', queued_jobs, job_id), seconds_per_image()
  local position = rank and rank + 1
  if not each then return position, nil end
  local own, images = total() - redis.call('HLEN', outcomes), total() - passed()
  local pending = redis.call('HGETALL', pending_images)
  for i = 1, #pending, 2 do
    if pending[i] ~= job_id then images = images + math.min(own, tonumber(pending[i + 1])) end
  end
  return position, images * each
end
"""

TELL = """
-- A quote within a JSON string is escaped, so this text stands for the event's own fields alone.
local function with_counts(event)
  if not string.find(event, '"type":"job_progress"', 1, true) then return event end
  local form = '"progress":%s,"processed_images":%s,"queue_position":%s,"estimated_seconds_left":%s'
  local position, seconds = outlook()
  local counts = string.format(form, progress(), redis.call('HLEN', outcomes), position or 'null',
    seconds and string.format('%.1f', seconds) or 'null')
  return (string.gsub(event, string.format(form, '%d+', '%d+', 'null', 'null'), counts, 1))
end

-- for the metrics, see app.jobs.watch: each event, the outcomes of images and the ends of jobs
local function count(event)
  local function own(field) return string.match(event, '"' .. field .. '":"([a-z_]+)"') end
  local kind = own('type')
  redis.call('HINCRBY', totals, 'olmocr_events_total|' .. kind, 1)
  if kind == 'single_image_completed' then
    redis.call('HINCRBY', totals, 'olmocr_images_done_total|' .. (own('error_code') or 'ok'), 1)
  elseif kind == 'job_completed' or kind == 'job_error' then
    redis.call('HINCRBY', totals, 'olmocr_jobs_ended_total|' .. own('status'), 1)
  end
end

local function append(event)
  count(event)
  event = with_counts(event)
  local seq = redis.call('INCR', seqs)
  local id = redis.call('XADD', events, 'MAXLEN', '~', kept_events, '*', 'seq', seq, 'event', event)
  for _, key in ipairs({events, seqs, session_jobs, session_open}) do
    redis.call('EXPIRE', key, session_ttl)
  end
  redis.call('PUBLISH', channel, id .. ' ' .. seq .. ' ' .. event)
end

local function stop_waiting()
  redis.call('DECRBY', waiting, total() - redis.call('HLEN', outcomes))
  redis.call('DEL', fractions)
  for _, jobs in ipairs({open_jobs, session_open, queued_jobs}) do redis.call('ZREM', jobs, job_id) end
  redis.call('HDEL', pending_images, job_id)
end
"""

CHANGE = PRELUDE + OUTLOOK + TELL
