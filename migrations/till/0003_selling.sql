-- What was sold, and what has to leave the till because of it.
--
-- A sale writes one row or a few into each of these tables in one transaction, and every page it
-- touches is encrypted, authenticated and logged. So the tables are laid out to touch few: rows are
-- appended under growing integers, and a queue has its state in front of its key instead of an
-- index by state.

-- The cart is saved at every change, so that a till that dies goes on with it. The last carts that
-- were sold or dropped keep their row, without a body, so that the same cart is not sold twice.
-- The table stays small and needs no index.
CREATE TABLE carts (
    id         TEXT    NOT NULL PRIMARY KEY,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'parked', 'sold', 'dropped')),
    body       TEXT    NOT NULL, -- JSON
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The till's fiscal numbers. The number is taken in the transaction of the sale: a sale that
-- fails gives it back, so there are no gaps. A prefix once used keeps its row for ever, so that a
-- till enrolled anew never starts a used prefix again at 1.
CREATE TABLE numbers (
    prefix TEXT    NOT NULL PRIMARY KEY,
    till   TEXT    NOT NULL,
    next   INTEGER NOT NULL CHECK (next >= 1),
    active INTEGER NOT NULL CHECK (active IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX numbers_active ON numbers (active) WHERE active = 1;

-- What leaves the till, byte for byte as it was hashed. It never changes; how far it has got
-- stands in `outbox`, so that an acknowledgement does not rewrite a document.
CREATE TABLE documents (
    seq           INTEGER NOT NULL PRIMARY KEY,
    key           TEXT    NOT NULL UNIQUE,
    kind          TEXT    NOT NULL,
    till          TEXT    NOT NULL,
    number        TEXT    NOT NULL, -- empty for kinds without one
    business_date TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    payload_hash  TEXT    NOT NULL,
    payload       TEXT    NOT NULL
) STRICT;

-- A document's way to the hub. Rows are never dropped. `next_at` is 0 but while retrying,
-- `acknowledged_at` is 0 until then, code and message are the hub's last answer. Clustered by
-- state: of a year's documents only the few that are still to go are looked for.
CREATE TABLE outbox (
    state           TEXT    NOT NULL CHECK (state IN
        ('pending', 'sending', 'waiting', 'retrying', 'attention', 'acknowledged')),
    document        INTEGER NOT NULL REFERENCES documents (seq),
    tries           INTEGER NOT NULL,
    next_at         INTEGER NOT NULL,
    code            TEXT    NOT NULL,
    message         TEXT    NOT NULL,
    acknowledged_at INTEGER NOT NULL,
    PRIMARY KEY (state, document)
) STRICT, WITHOUT ROWID;

-- The invoice again, as rows to add up. Amounts are minor units of its currency. `customer` is
-- empty for a walk-in.
CREATE TABLE invoices (
    id               INTEGER NOT NULL PRIMARY KEY REFERENCES documents (seq),
    till             TEXT    NOT NULL,
    number_prefix    TEXT    NOT NULL,
    number_counter   INTEGER NOT NULL,
    cart             TEXT    NOT NULL,
    business_date    TEXT    NOT NULL,
    sold_at          INTEGER NOT NULL,
    cashier          TEXT    NOT NULL,
    customer         TEXT    NOT NULL,
    currency         TEXT    NOT NULL,
    gross            INTEGER NOT NULL,
    line_discount    INTEGER NOT NULL,
    invoice_discount INTEGER NOT NULL,
    net              INTEGER NOT NULL,
    tax              INTEGER NOT NULL,
    total            INTEGER NOT NULL,
    paid             INTEGER NOT NULL,
    change           INTEGER NOT NULL
) STRICT;

-- The last guard of "a number is used once", should all others fail.
CREATE UNIQUE INDEX invoices_number ON invoices (number_prefix, number_counter);

-- The rows of an invoice have the ids from invoice * 1024 on, so they are found as a range.
CREATE TABLE invoice_lines (
    id               INTEGER NOT NULL PRIMARY KEY,
    invoice          INTEGER NOT NULL GENERATED ALWAYS AS (id / 1024) REFERENCES invoices (id),
    item             TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    quantity         TEXT    NOT NULL, -- a decimal
    list_price       INTEGER NOT NULL,
    price            INTEGER NOT NULL,
    discount         INTEGER NOT NULL,
    invoice_discount INTEGER NOT NULL,
    amount           INTEGER NOT NULL,
    tax_rule         TEXT    NOT NULL
) STRICT;

CREATE TABLE invoice_taxes (
    id        INTEGER NOT NULL PRIMARY KEY,
    invoice   INTEGER NOT NULL GENERATED ALWAYS AS (id / 1024) REFERENCES invoices (id),
    tax_rule  TEXT    NOT NULL,
    rate      TEXT    NOT NULL, -- percent, a decimal
    inclusive INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
    base      INTEGER NOT NULL,
    tax       INTEGER NOT NULL
) STRICT;

CREATE TABLE payments (
    id      INTEGER NOT NULL PRIMARY KEY,
    invoice INTEGER NOT NULL GENERATED ALWAYS AS (id / 1024) REFERENCES invoices (id),
    mode    TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    amount  INTEGER NOT NULL
) STRICT;

-- The print queue. `copies` counts what came out of the printer: after the first it is a copy.
CREATE TABLE receipts (
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'printed', 'failed')),
    invoice    INTEGER NOT NULL REFERENCES invoices (id),
    copies     INTEGER NOT NULL CHECK (copies >= 0),
    code       TEXT    NOT NULL, -- the printer's last error; empty: none
    message    TEXT    NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (state, invoice)
) STRICT, WITHOUT ROWID;

-- Append-only; every entry's hash covers the one before it.
CREATE TABLE journal (
    seq      INTEGER NOT NULL PRIMARY KEY,
    at       INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    subject  TEXT    NOT NULL,
    body     TEXT    NOT NULL, -- canonical JSON
    previous TEXT    NOT NULL, -- hex SHA-256; zeros for the first entry
    hash     TEXT    NOT NULL  -- hex SHA-256
) STRICT;

-- Nothing sold is ever edited. A program error meets these triggers; somebody with the key could
-- drop them, which is what the journal's hashes are for.
CREATE TRIGGER invoices_fixed BEFORE UPDATE ON invoices
    BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;
CREATE TRIGGER invoices_kept BEFORE DELETE ON invoices
    BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END;
CREATE TRIGGER invoice_lines_fixed BEFORE UPDATE ON invoice_lines
    BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;
CREATE TRIGGER invoice_lines_kept BEFORE DELETE ON invoice_lines
    BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END;
CREATE TRIGGER invoice_taxes_fixed BEFORE UPDATE ON invoice_taxes
    BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;
CREATE TRIGGER invoice_taxes_kept BEFORE DELETE ON invoice_taxes
    BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END;
CREATE TRIGGER payments_fixed BEFORE UPDATE ON payments
    BEGIN SELECT RAISE(ABORT, 'a payment is never changed'); END;
CREATE TRIGGER payments_kept BEFORE DELETE ON payments
    BEGIN SELECT RAISE(ABORT, 'a payment is never deleted'); END;
CREATE TRIGGER documents_fixed BEFORE UPDATE ON documents
    BEGIN SELECT RAISE(ABORT, 'a document is never changed'); END;
CREATE TRIGGER documents_kept BEFORE DELETE ON documents
    BEGIN SELECT RAISE(ABORT, 'a document is never deleted'); END;
CREATE TRIGGER journal_fixed BEFORE UPDATE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_kept BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER outbox_kept BEFORE DELETE ON outbox
    BEGIN SELECT RAISE(ABORT, 'nothing leaves the outbox but by acknowledgement'); END;
