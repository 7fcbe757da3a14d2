-- Tax templates and promotions came to the kinds of master data, and a snapshot sends them before
-- the items they decide on. `rank` is a kind's place in that order, so the places move.
UPDATE master_records SET rank = CASE kind
    WHEN 'shop'         THEN 0
    WHEN 'price_list'   THEN 1
    WHEN 'tax_rule'     THEN 2
    WHEN 'tax_template' THEN 3
    WHEN 'category'     THEN 4
    WHEN 'payment_mode' THEN 5
    WHEN 'user'         THEN 6
    WHEN 'customer'     THEN 7
    WHEN 'promotion'    THEN 8
    WHEN 'item'         THEN 9
    WHEN 'price'        THEN 10
    ELSE rank
END;

-- How the till reckoned a sale: in which arithmetic (empty: before tills said so), what net and
-- taxes miss prices that hold tax by, and what went to the nearest coin. With these two,
-- net + tax + difference + rounding = total.
ALTER TABLE sales ADD COLUMN arithmetic TEXT    NOT NULL DEFAULT '';
ALTER TABLE sales ADD COLUMN difference INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sales ADD COLUMN rounding   INTEGER NOT NULL DEFAULT 0;

-- The line without tax and without its share of the discount on the sale; 0 before tills said so.
ALTER TABLE sale_lines ADD COLUMN net INTEGER NOT NULL DEFAULT 0;
