"""Maps the data set's rows to what a till rings up, to the cent. demo/README.md says why."""

from typing import NamedTuple

from demo_source import Row

# Fuel is counted in thousandths of a gallon, except where a pump sale was keyed in as one piece.
FUEL_TYPE = "GASOLINE-REG UNLEADED"
FUEL_DEAREST = 10  # dollars a gallon; anything above is a pump sale keyed in as pieces


class Line(NamedTuple):
    """One line of `lines.csv`. `milli` is the quantity in thousandths, the rest is in cents."""

    kind: str
    product_id: int
    milli: int
    unit_price: int
    loyalty: int
    match: int
    coupon: int
    rounding: int
    paid: int


class Special(NamedTuple):
    """Ids of the products whose rows do not mean what other rows mean."""

    fuel: frozenset
    vouchers: frozenset


def special(products):
    """Finds fuel by its type and vouchers by their department."""
    return Special(
        frozenset(one.product_id for one in products.values() if one.type == FUEL_TYPE),
        frozenset(one.product_id for one in products.values() if one.department == "COUPON"),
    )


def amount(milli, unit_price):
    """Quantity × unit price in cents, half a cent rounded up."""
    return (milli * unit_price + 500) // 1000


def shelf(row):
    """What the shelf labels of a row add up to: what the shop got, plus what it gave away itself."""
    return row.sales_value + row.retail_disc + row.coupon_match_disc


def _milli(row, fuel):
    """The quantity in thousandths. A row with a price but no quantity is one piece."""
    if fuel and row.quantity and shelf(row) * 10 < FUEL_DEAREST * row.quantity:
        return row.quantity
    return max(row.quantity, 1) * 1000


def _unit_price(milli, target):
    """The lowest whole-cent price whose amount reaches the target and lies on no half cent."""
    price = max(target * 1000 // milli - 1, 0)
    while amount(milli, price) < target or milli * price % 1000 == 500:
        price += 1
    return price


def row_lines(row, special):
    """The lines of one source row: an item, and what of its coupon is worth more than the item."""
    target = shelf(row)
    if target == 0 and (row.quantity == 0 or row.product_id in special.vouchers):
        if row.coupon_disc == 0:
            return [Line("void", row.product_id, 0, 0, 0, 0, 0, 0, 0)]
        return [_coupon(row.product_id, row.coupon_disc)]
    milli = _milli(row, row.product_id in special.fuel)
    price = _unit_price(milli, target)
    rounding = amount(milli, price) - target
    coupon = min(row.coupon_disc, row.sales_value)
    paid = row.sales_value - coupon
    item = Line(
        "item", row.product_id, milli, price, row.retail_disc, row.coupon_match_disc, coupon, rounding, paid
    )
    rest = row.coupon_disc - coupon
    return [item, _coupon(row.product_id, rest)] if rest else [item]


def _coupon(product_id, cents, kind="coupon"):
    return Line(kind, product_id, 0, 0, 0, 0, cents, 0, -cents)


def basket_lines(basket, special):
    """All lines of a basket. Coupons beyond what the items cost become `payout` lines."""
    lines = [line for row in basket.rows for line in row_lines(row, special)]
    left = sum(line.paid for line in lines if line.kind == "item")
    result = []
    for line in lines:
        if line.kind != "coupon":
            result.append(line)
            continue
        used = min(left, line.coupon)
        left -= used
        if used:
            result.append(_coupon(line.product_id, used))
        if used < line.coupon:
            result.append(_coupon(line.product_id, line.coupon - used, "payout"))
    return result


def sums(lines):
    """A basket's totals: gross − loyalty − match − coupon − rounding = paid; payout goes the other way."""
    sold = [line for line in lines if line.kind in ("item", "coupon")]
    return {
        "gross_cents": sum(amount(line.milli, line.unit_price) for line in sold),
        "loyalty_cents": sum(line.loyalty for line in sold),
        "match_cents": sum(line.match for line in sold),
        "coupon_cents": sum(line.coupon for line in sold),
        "rounding_cents": sum(line.rounding for line in sold),
        "paid_cents": sum(line.paid for line in sold),
        "payout_cents": sum(line.coupon for line in lines if line.kind == "payout"),
    }


def source_sums(rows):
    """The data set's own sums over its rows, untouched by the mapping."""
    names = Row._fields[2:]
    found = {f"{name}_cents": sum(getattr(row, name) for row in rows) for name in names}
    found["customer_paid_cents"] = found["sales_value_cents"] - found["coupon_disc_cents"]
    return found


def prove(basket, lines):
    """Stops unless the till's totals of this basket are the data set's, each kind to the cent."""
    till, source = sums(lines), source_sums(basket.rows)
    for line in lines:
        gross = amount(line.milli, line.unit_price)
        taken = line.loyalty + line.match + line.coupon + line.rounding
        _same(basket, "line", gross - taken, line.paid)
        if line.kind == "item" and (line.paid < 0 or line.milli <= 0):
            raise SystemExit(f"basket {basket.basket_id}: {line} cannot be rung up")
    _same(basket, "loyalty", till["loyalty_cents"], source["retail_disc_cents"])
    _same(basket, "match", till["match_cents"], source["coupon_match_disc_cents"])
    _same(basket, "coupon", till["coupon_cents"] + till["payout_cents"], source["coupon_disc_cents"])
    shop = till["gross_cents"] - till["rounding_cents"] - till["loyalty_cents"] - till["match_cents"]
    _same(basket, "shop", shop, source["sales_value_cents"])
    _same(basket, "paid", till["paid_cents"] - till["payout_cents"], source["customer_paid_cents"])
    if till["paid_cents"] < 0:
        raise SystemExit(f"basket {basket.basket_id}: a sale below zero")


def _same(basket, what, till, source):
    if till != source:
        raise SystemExit(f"basket {basket.basket_id}: {what} is {till}, the data set says {source}")
