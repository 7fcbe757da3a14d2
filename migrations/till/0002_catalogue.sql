-- What the shop sells, at what price and tax, and to whom.
--
-- There are no foreign keys between these tables. The rows come from the hub in the order they
-- changed there, so a price may arrive before its item; a constraint would turn one odd row into
-- a lost batch. The joins that read the catalogue find nothing until all the parts are there.

CREATE TABLE tax_rules (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    rate       TEXT    NOT NULL, -- percent, a decimal: no binary fraction may touch a tax
    inclusive  INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE price_lists (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE categories (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    position   INTEGER NOT NULL CHECK (position >= 0),
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How many items of a category can be searched. Counted as the catalogue changes, because the
-- category tiles show it each time the sell screen opens and a million rows are slow to count.
CREATE TABLE category_counts (
    category TEXT    NOT NULL PRIMARY KEY,
    items    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `serial` is the item's short number on this till. Together with the popularity it makes the
-- rowid of the item in `items_fts` (see crates/store/src/rank.rs), which leaves it 24 bits.
-- `barcodes` repeats the rows of the table `barcodes`, a line each, the main one first: it saves an
-- index by item on a table with a row for every code in the shop.
CREATE TABLE items (
    serial      INTEGER NOT NULL PRIMARY KEY CHECK (serial BETWEEN 1 AND 16777215),
    id          TEXT    NOT NULL UNIQUE,
    name        TEXT    NOT NULL,
    category    TEXT    NOT NULL,
    unit        TEXT    NOT NULL,
    whole_units INTEGER NOT NULL CHECK (whole_units IN (0, 1)),
    tax_rule    TEXT    NOT NULL,
    barcodes    TEXT    NOT NULL,
    popularity  INTEGER NOT NULL CHECK (popularity >= 0),
    disabled    INTEGER NOT NULL CHECK (disabled IN (0, 1)),
    generation  INTEGER NOT NULL
) STRICT;

CREATE TABLE barcodes (
    barcode TEXT    NOT NULL PRIMARY KEY,
    item    INTEGER NOT NULL -- items.serial
) STRICT, WITHOUT ROWID;

-- The item comes first in the key: a search joins from the item to its price.
CREATE TABLE prices (
    item       TEXT    NOT NULL,
    price_list TEXT    NOT NULL,
    amount     INTEGER NOT NULL CHECK (amount >= 0), -- minor units
    generation INTEGER NOT NULL,
    PRIMARY KEY (item, price_list)
) STRICT, WITHOUT ROWID;

-- The words of the items that may be sold. The rowid carries the order in which hits are shown,
-- so that a search stops at the first page instead of ranking every hit. Contentless, because
-- `items` has the text already; `detail=none`, because only whole words are combined and neither
-- phrases nor columns. Beginnings of up to twelve letters have an index each: without one, all words
-- that begin so are merged before the first hit is known. Longer ones are hardly ever more than one
-- word.
CREATE VIRTUAL TABLE items_fts USING fts5 (
    words,
    content = '',
    contentless_delete = 1,
    detail = none,
    prefix = '1 2 3 4 5 6 7 8 9 10 11 12',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
);

-- A run of some thousand items stays in memory until it is committed, as one part of the index
-- instead of several.
INSERT INTO items_fts (items_fts, rank) VALUES ('hashsize', 16777216);

-- `local` marks a customer made on this till and not yet known to the hub: no snapshot removes it.
CREATE TABLE customers (
    serial     INTEGER NOT NULL PRIMARY KEY,
    id         TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    phone      TEXT    NOT NULL, -- empty: not known, as the two below
    email      TEXT    NOT NULL,
    tax_id     TEXT    NOT NULL,
    local      INTEGER NOT NULL CHECK (local IN (0, 1)),
    generation INTEGER NOT NULL
) STRICT;

-- Oldest customer first; the rowid is `customers.serial`.
CREATE VIRTUAL TABLE customers_fts USING fts5 (
    words,
    content = '',
    contentless_delete = 1,
    detail = none,
    prefix = '1 2 3 4',
    tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'"
);

CREATE TABLE payment_modes (
    id         TEXT    NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('cash', 'card', 'other')),
    position   INTEGER NOT NULL CHECK (position >= 0),
    generation INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows of the feed that could not be taken, each with the code of what is wrong. The record is
-- kept: one that only lacked its tax rule is taken when the rule arrives.
CREATE TABLE skipped_rows (
    kind    TEXT    NOT NULL,
    id      TEXT    NOT NULL,
    seq     INTEGER NOT NULL,
    code    TEXT    NOT NULL,
    message TEXT    NOT NULL,
    needs   TEXT    NOT NULL, -- id of the record it waits for; empty: it is wrong in itself
    record  TEXT    NOT NULL, -- JSON
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
