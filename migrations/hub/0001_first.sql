-- The hub's first schema, on embedded SQLite.
--
-- Every table is STRICT and every column NOT NULL: an empty text or 0 says "none", so that a
-- comparison never meets a NULL. Times are whole milliseconds since 1970 UTC, money is in minor
-- units of the shop's currency, quantities and rates are decimals as text.

-- One row for each record a till may know. `seq` is the change feed's cursor: each change moves
-- its row to the end, so a till that asks "after n" gets every record at most once, in its last
-- state. Deleted rows stay as tombstones, or a till that was away would never hear of it.
CREATE TABLE master_records (
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    rank    INTEGER NOT NULL,  -- order of the kind in a snapshot: what others point to comes first
    seq     INTEGER NOT NULL UNIQUE,
    deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
    body    TEXT    NOT NULL,  -- the record as JSON; the last one known for a tombstone
    PRIMARY KEY (kind, id)
) STRICT;
CREATE INDEX master_records_snapshot ON master_records (rank, seq) WHERE deleted = 0;

-- Secrets of people, apart from what tills get to see of them. Both are argon2id PHC strings;
-- an empty PIN hash means: has no PIN.
CREATE TABLE credentials (
    user_id       TEXT NOT NULL PRIMARY KEY,
    password_hash TEXT NOT NULL,
    pin_hash      TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong enrolment codes and passwords, counted before the secret is compared, so that cutting
-- the connection or the power does not win another try.
CREATE TABLE attempts (
    scope         TEXT    NOT NULL PRIMARY KEY,  -- 'user:<id>', 'enrol:<address>' or 'enrol'
    failures      INTEGER NOT NULL,
    last_ms       INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Enrolment codes, hashed with a salt each. Used and expired ones stay for a day, so that the
-- person at the till reads "already used" instead of "wrong".
CREATE TABLE enrol_codes (
    id         INTEGER PRIMARY KEY,
    salt       TEXT    NOT NULL,
    code_hash  TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER NOT NULL  -- 0: not used
) STRICT;

-- Tills. A till id is never given twice, so neither is a receipt number.
CREATE TABLE devices (
    id          TEXT    NOT NULL PRIMARY KEY,
    till        TEXT    NOT NULL UNIQUE,
    till_number INTEGER NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    platform    TEXT    NOT NULL,
    app_version TEXT    NOT NULL,
    token_hash  TEXT    NOT NULL UNIQUE,  -- SHA-256: the token is 32 random bytes, nothing to guess
    enrolled_at INTEGER NOT NULL,
    revoked_at  INTEGER NOT NULL          -- 0: not revoked
) STRICT;

-- Every document ever accepted, byte for byte. Keys never expire: no row is ever deleted.
CREATE TABLE documents (
    id            INTEGER PRIMARY KEY,
    key           TEXT    NOT NULL UNIQUE,
    kind          TEXT    NOT NULL,
    till          TEXT    NOT NULL,
    number        TEXT    NOT NULL,  -- empty: the kind has none
    business_date TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,  -- by the till's clock
    posted_at     INTEGER NOT NULL,  -- by the hub's
    device_id     TEXT    NOT NULL REFERENCES devices (id),
    payload_hash  TEXT    NOT NULL,
    payload       TEXT    NOT NULL,
    total         INTEGER NOT NULL,
    notes         TEXT    NOT NULL,  -- JSON array of texts
    repeats       INTEGER NOT NULL   -- how often it was sent again and answered `duplicate`
) STRICT;
-- The second line of defence against a number used twice, should the check before it be wrong.
CREATE UNIQUE INDEX documents_number ON documents (till, number) WHERE number <> '';
CREATE INDEX documents_by_till ON documents (till, business_date, id);

-- Forks: what came under a key or a number already taken. Nothing is overwritten and nothing is
-- lost; a person decides. The same fork sent again is counted, not stored again.
CREATE TABLE quarantine (
    id           INTEGER PRIMARY KEY,
    key          TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    till         TEXT    NOT NULL,
    number       TEXT    NOT NULL,
    device_id    TEXT    NOT NULL REFERENCES devices (id),
    code         TEXT    NOT NULL,  -- key_reused or number_reused
    original_key TEXT    NOT NULL,
    payload_hash TEXT    NOT NULL,
    payload      TEXT    NOT NULL,
    received_at  INTEGER NOT NULL,
    repeats      INTEGER NOT NULL,
    UNIQUE (key, payload_hash)
) STRICT;

-- What was rejected, so that the shop's side can see it too and not only the till.
CREATE TABLE rejections (
    id           INTEGER PRIMARY KEY,
    device_id    TEXT    NOT NULL REFERENCES devices (id),
    key          TEXT    NOT NULL,
    code         TEXT    NOT NULL,
    message      TEXT    NOT NULL,
    received_at  INTEGER NOT NULL,
    repeats      INTEGER NOT NULL,
    UNIQUE (device_id, key, code)
) STRICT;

-- The posting. Written in the same transaction as the document's row, so that a total read here
-- is a total of documents acknowledged.
CREATE TABLE sales (
    document_id      INTEGER PRIMARY KEY REFERENCES documents (id),
    cart             TEXT    NOT NULL,
    till             TEXT    NOT NULL,
    number           TEXT    NOT NULL,
    business_date    TEXT    NOT NULL,
    sold_at          INTEGER NOT NULL,
    cashier          TEXT    NOT NULL,
    customer         TEXT    NOT NULL,  -- empty: none
    currency         TEXT    NOT NULL,
    price_list       TEXT    NOT NULL,
    gross            INTEGER NOT NULL,
    line_discount    INTEGER NOT NULL,
    invoice_discount INTEGER NOT NULL,
    net              INTEGER NOT NULL,
    tax              INTEGER NOT NULL,
    total            INTEGER NOT NULL,
    paid             INTEGER NOT NULL,
    change           INTEGER NOT NULL,
    UNIQUE (till, number)
) STRICT;
CREATE INDEX sales_by_date ON sales (business_date);

CREATE TABLE sale_lines (
    document_id      INTEGER NOT NULL REFERENCES sales (document_id),
    row              INTEGER NOT NULL,
    item             TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    unit             TEXT    NOT NULL,
    quantity         TEXT    NOT NULL,
    list_price       INTEGER NOT NULL,
    price            INTEGER NOT NULL,
    discount         INTEGER NOT NULL,
    invoice_discount INTEGER NOT NULL,
    amount           INTEGER NOT NULL,
    tax_rule         TEXT    NOT NULL,
    tax_rate         TEXT    NOT NULL,
    tax_inclusive    INTEGER NOT NULL CHECK (tax_inclusive IN (0, 1)),
    PRIMARY KEY (document_id, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_taxes (
    document_id INTEGER NOT NULL REFERENCES sales (document_id),
    row         INTEGER NOT NULL,
    tax_rule    TEXT    NOT NULL,
    rate        TEXT    NOT NULL,
    inclusive   INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
    base        INTEGER NOT NULL,
    tax         INTEGER NOT NULL,
    PRIMARY KEY (document_id, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_payments (
    document_id INTEGER NOT NULL REFERENCES sales (document_id),
    row         INTEGER NOT NULL,
    mode        TEXT    NOT NULL,
    kind        TEXT    NOT NULL,
    amount      INTEGER NOT NULL,
    PRIMARY KEY (document_id, row)
) STRICT, WITHOUT ROWID;
