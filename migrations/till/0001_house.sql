-- What the till is: its settings, how far it has followed the hub, and who works at it.
--
-- All tables are STRICT, so that a text can never slip into an amount. Columns are NOT NULL:
-- "not known" is an empty text or 0, said where it is so. Times are milliseconds since
-- 1970-01-01 UTC, because integers compare in the order of time and keep what was hashed.

-- One row a setting, the value as JSON. Enrolment, shop and printer live here.
CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- How far the feeds were followed ('feed'), which snapshot rows belong to ('generation') and
-- whether one is under way ('snapshot', 0 or 1).
CREATE TABLE sync_cursors (
    name  TEXT    NOT NULL PRIMARY KEY,
    value INTEGER NOT NULL CHECK (value >= 0)
) STRICT, WITHOUT ROWID;

-- The people the hub knows. `generation` is the snapshot that brought the row last: whatever a
-- finished snapshot did not bring is gone at the hub. The same in every table of master data.
CREATE TABLE users (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL,
    disabled   INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    has_pin    INTEGER NOT NULL CHECK (has_pin IN (0, 1)),
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What somebody who signed in here online needs to sign in again offline. Not part of `users`,
-- because the feed rewrites those rows and must not touch a count of wrong attempts.
-- `pin_hash` is empty for a person without PIN, `last_attempt_at` is 0 before the first attempt.
CREATE TABLE credentials (
    user              TEXT    NOT NULL PRIMARY KEY,
    password_verifier TEXT    NOT NULL,
    pin_hash          TEXT    NOT NULL,
    grant_issued_at   INTEGER NOT NULL,
    grant_expires_at  INTEGER NOT NULL,
    attempts          INTEGER NOT NULL CHECK (attempts >= 0),
    last_attempt_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
