// Each script uses one key, so that all run on a cluster. They are atomic, and use the clock of the server.

/** Writes an entry if it begins with a version. KEYS: entry. ARGV: version, new entry, lifetime in milliseconds. */
export const COMPARE_AND_SET = `
local entry = redis.call('GET', KEYS[1])
if not entry or string.sub(entry, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
if tonumber(ARGV[3]) > 0 then redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
else redis.call('DEL', KEYS[1]) end
return 1`;

const NOW = `
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)`;

/**
 * Acquires a lock. Returns its fencing token, or false. The tokens follow the clock, so that they increase even after the server
 * has lost its data, and the last one is kept for a while, so that they increase even after the clock is set back.
 *
 * KEYS: lock. ARGV: owner, lifetime in milliseconds, how long the token is kept after that, in milliseconds.
 */
export const ACQUIRE_LOCK = `${NOW}
local lock = redis.call('HMGET', KEYS[1], 'owner', 'until', 'token')
if lock[1] and tonumber(lock[2]) > now then return false end
local token = string.format('%.0f', math.max(micros, (tonumber(lock[3]) or 0) + 1))
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'until', now + ARGV[2], 'token', token)
redis.call('PEXPIRE', KEYS[1], ARGV[2] + ARGV[3])
return token`;

/** Postpones the expiry of a lock that its owner holds. Returns 1 or 0. KEYS and ARGV as in {@link ACQUIRE_LOCK}. */
export const RENEW_LOCK = `${NOW}
local lock = redis.call('HMGET', KEYS[1], 'owner', 'until')
if lock[1] ~= ARGV[1] or tonumber(lock[2]) <= now then return 0 end
redis.call('HSET', KEYS[1], 'until', now + ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[2] + ARGV[3])
return 1`;

/** Releases a lock that its owner holds, and keeps its token. KEYS: lock. ARGV: owner. */
export const RELEASE_LOCK = `
if redis.call('HGET', KEYS[1], 'owner') == ARGV[1] then redis.call('HDEL', KEYS[1], 'owner', 'until') end`;

/**
 * Appends values to a feed, which is a stream. The id of an entry is its position, which follows the clock as fencing tokens do.
 * Deletes expired entries from the beginning, more than it adds at most, and publishes the name of the feed.
 *
 * KEYS: feed. ARGV: lifetime of the values in milliseconds, lifetime of the feed, channel, name of the feed, values.
 */
export const APPEND = `${NOW}
local position = micros - 1
if redis.call('EXISTS', KEYS[1]) == 1 then
  local info = redis.call('XINFO', 'STREAM', KEYS[1])
  for index = 1, #info, 2 do
    if info[index] == 'last-generated-id' then
      position = math.max(position, tonumber(string.match(info[index + 1], '^%d+')))
    end
  end
end
for index = 5, #ARGV do
  position = position + 1
  redis.call('XADD', KEYS[1], string.format('%.0f-0', position), 'value', ARGV[index], 'until', now + ARGV[1])
end
for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', #ARGV + 10)) do
  if tonumber(entry[2][4]) > now then break end
  redis.call('XDEL', KEYS[1], entry[1])
end
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
redis.call('PUBLISH', ARGV[3], ARGV[4])`;

/** Returns the ids and values of entries that have not expired. KEYS: feed. ARGV: the id before the first, limit. */
export const READ_AFTER = `${NOW}
local found, after, limit = {}, ARGV[1], tonumber(ARGV[2])
repeat
  local page = redis.call('XRANGE', KEYS[1], '(' .. after, '+', 'COUNT', limit)
  for _, entry in ipairs(page) do
    after = entry[1]
    if tonumber(entry[2][4]) > now then found[#found + 1] = { entry[1], entry[2][2] } end
    if #found == limit then break end
  end
until #found == limit or #page < limit
return found`;
