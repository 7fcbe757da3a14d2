-- Prices with conditions, promotions, taxes by account, and how each sale was reckoned.
--
-- What the hub had sent before this version lacks all of it: older tills left out the records and
-- fields they did not know. The feed is therefore followed once more from its beginning. Nothing
-- is removed for that, so the till sells meanwhile what it knows.
UPDATE sync_cursors SET value = 0 WHERE name = 'feed';

-- Promotions may name a brand; empty: none.
ALTER TABLE items ADD COLUMN brand TEXT NOT NULL DEFAULT '';

-- The rule's rates by account, JSON; empty: it is its own account, charged at `rate`.
ALTER TABLE tax_rules ADD COLUMN rates TEXT NOT NULL DEFAULT '';

-- What decides on a customer's prices and taxes; empty: nothing special. `group` alone would be
-- a word of SQL.
ALTER TABLE customers ADD COLUMN customer_group TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN price_list     TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN tax_category   TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN exemption      TEXT NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN loyalty INTEGER NOT NULL DEFAULT 0 CHECK (loyalty IN (0, 1));

-- Prices that hold under conditions. Apart from `prices`, which a scan and every row of a search
-- look into: that table keeps its narrow key and its one row for an item and list. The item comes
-- first in this key too, so that the rows of an item lie together.
CREATE TABLE price_rules (
    item       TEXT    NOT NULL,
    id         TEXT    NOT NULL UNIQUE,
    price_list TEXT    NOT NULL,
    unit       TEXT    NOT NULL, -- empty: the item's own
    amount     INTEGER NOT NULL CHECK (amount >= 0), -- minor units
    first_day  TEXT    NOT NULL, -- empty: no first day; the same for the last
    last_day   TEXT    NOT NULL,
    min_qty    TEXT    NOT NULL, -- a decimal, 0 for any
    customer   TEXT    NOT NULL, -- empty: everyone
    batch      TEXT    NOT NULL, -- empty: all
    generation INTEGER NOT NULL,
    PRIMARY KEY (item, id)
) STRICT, WITHOUT ROWID;

-- The charges of a whole sale. There are a handful, read together and as a whole, so their rows
-- are JSON.
CREATE TABLE tax_templates (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    category   TEXT    NOT NULL, -- tax category of customers; empty: everyone else
    charges    TEXT    NOT NULL, -- JSON
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Promotions are read together and indexed in memory, not by SQL, so each is JSON. The cursor
-- 'promotions' in `sync_cursors` counts their changes: who keeps them in memory asks for it.
CREATE TABLE promotions (
    id         TEXT    NOT NULL PRIMARY KEY,
    body       TEXT    NOT NULL, -- JSON
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Coupons that were used at this till, written with the sale. The code comes first in the key,
-- because it is what is asked for, and a sale without a coupon writes nothing here.
CREATE TABLE coupon_uses (
    code          TEXT    NOT NULL,
    invoice       INTEGER NOT NULL REFERENCES invoices (id),
    customer      TEXT    NOT NULL, -- empty: a walk-in
    business_date TEXT    NOT NULL,
    PRIMARY KEY (code, invoice)
) STRICT, WITHOUT ROWID;

-- How the sale was reckoned: the arithmetic (empty: before this version, when there was one only),
-- what the lines' net and taxes differ from the total by, and what went to the nearest coin.
ALTER TABLE invoices ADD COLUMN arithmetic TEXT    NOT NULL DEFAULT '';
ALTER TABLE invoices ADD COLUMN difference INTEGER NOT NULL DEFAULT 0;
ALTER TABLE invoices ADD COLUMN rounding   INTEGER NOT NULL DEFAULT 0;

-- The line without its taxes. Of sales before this version only the whole net is known.
ALTER TABLE invoice_lines ADD COLUMN net INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER coupon_uses_fixed BEFORE UPDATE ON coupon_uses
    BEGIN SELECT RAISE(ABORT, 'the use of a coupon is never changed'); END;
CREATE TRIGGER coupon_uses_kept BEFORE DELETE ON coupon_uses
    BEGIN SELECT RAISE(ABORT, 'the use of a coupon is never deleted'); END;
