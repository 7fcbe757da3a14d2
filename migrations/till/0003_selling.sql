-- What was sold, and what has to leave the till because of it.
--
-- A sale writes one row or a few into each of these tables in one transaction. The tables are
-- laid out so that such a commit touches few pages: keys are version 7 UUIDs, which grow, and
-- tables with one natural key are clustered by it.

-- The cart is saved at every change, so that a till that dies goes on with it. A sold or dropped
-- cart keeps its row, so that the same cart can never be sold twice.
CREATE TABLE carts (
    id         TEXT    NOT NULL PRIMARY KEY,
    state      TEXT    NOT NULL CHECK (state IN ('open', 'parked', 'sold', 'dropped')),
    body       TEXT    NOT NULL, -- JSON; empty once sold, the invoice has it all
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One open cart at a time.
CREATE UNIQUE INDEX carts_open ON carts (state) WHERE state = 'open';

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

-- Amounts are minor units of the invoice's currency. `customer` is empty for a walk-in.
CREATE TABLE invoices (
    key              TEXT    NOT NULL PRIMARY KEY,
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
) STRICT, WITHOUT ROWID;

-- The last guard of "a number is used once", should all others fail.
CREATE UNIQUE INDEX invoices_number ON invoices (number_prefix, number_counter);

CREATE TABLE invoice_lines (
    invoice          TEXT    NOT NULL REFERENCES invoices (key),
    row              INTEGER NOT NULL,
    item             TEXT    NOT NULL,
    name             TEXT    NOT NULL,
    quantity         TEXT    NOT NULL, -- a decimal
    list_price       INTEGER NOT NULL,
    price            INTEGER NOT NULL,
    discount         INTEGER NOT NULL,
    invoice_discount INTEGER NOT NULL,
    amount           INTEGER NOT NULL,
    tax_rule         TEXT    NOT NULL,
    PRIMARY KEY (invoice, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_taxes (
    invoice   TEXT    NOT NULL REFERENCES invoices (key),
    row       INTEGER NOT NULL,
    tax_rule  TEXT    NOT NULL,
    rate      TEXT    NOT NULL, -- percent, a decimal
    inclusive INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
    base      INTEGER NOT NULL,
    tax       INTEGER NOT NULL,
    PRIMARY KEY (invoice, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE payments (
    invoice TEXT    NOT NULL REFERENCES invoices (key),
    row     INTEGER NOT NULL,
    mode    TEXT    NOT NULL,
    kind    TEXT    NOT NULL,
    amount  INTEGER NOT NULL,
    PRIMARY KEY (invoice, row)
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
-- `acknowledged_at` is 0 until then, code and message are the hub's last answer.
CREATE TABLE outbox (
    document        INTEGER NOT NULL PRIMARY KEY REFERENCES documents (seq),
    state           TEXT    NOT NULL CHECK (state IN
        ('pending', 'sending', 'waiting', 'retrying', 'attention', 'acknowledged')),
    tries           INTEGER NOT NULL,
    next_at         INTEGER NOT NULL,
    code            TEXT    NOT NULL,
    message         TEXT    NOT NULL,
    acknowledged_at INTEGER NOT NULL
) STRICT;

-- Of a year's documents only the few that are still to go are looked for.
CREATE INDEX outbox_open ON outbox (state, document) WHERE state <> 'acknowledged';

-- The print queue. `copies` counts what came out of the printer: after the first it is a copy.
CREATE TABLE receipts (
    invoice    TEXT    NOT NULL PRIMARY KEY REFERENCES invoices (key),
    state      TEXT    NOT NULL CHECK (state IN ('waiting', 'printed', 'failed')),
    copies     INTEGER NOT NULL CHECK (copies >= 0),
    code       TEXT    NOT NULL, -- the printer's last error; empty: none
    message    TEXT    NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX receipts_open ON receipts (state, invoice) WHERE state <> 'printed';

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
