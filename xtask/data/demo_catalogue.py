"""The catalogue: which products, at which shelf price, in which order of popularity."""

from collections import Counter, defaultdict
from typing import NamedTuple

import demo_names as names
from demo_source import Product


class Article(NamedTuple):
    """One row of `products.csv`."""

    product_id: int
    barcode: str
    name: str
    category: str
    brand: str
    price_cents: int
    tax_rule: str
    unit: str
    popularity: int


class Sales(NamedTuple):
    """What a set of baskets says about products: units, lines by unit price, plain lines by unit price."""

    units: Counter
    prices: defaultdict
    plain: Counter


def sales(sold, special):
    """Counts item lines. A fill-up of fuel counts as one unit. Plain lines carry no discount."""
    units, prices, plain = Counter(), defaultdict(Counter), Counter()
    for _, lines in sold:
        for line in lines:
            if line.kind != "item":
                continue
            units[line.product_id] += 1 if line.product_id in special.fuel else line.milli // 1000
            prices[line.product_id][line.unit_price] += 1
            if line.loyalty + line.match + line.coupon + line.rounding == 0:
                plain[line.product_id, line.unit_price] += 1
    return Sales(units, prices, plain)


def shelf_price(product_id, sales_of, chosen=None):
    """The most common unit price. Between equals: the chosen one, most plain lines, the lowest."""
    counts = sales_of.prices[product_id]
    most = max(counts.values())
    equal = sorted(price for price, lines in counts.items() if lines == most)
    if chosen and chosen.get(product_id) in equal:
        return chosen[product_id]
    return max(equal, key=lambda price: (sales_of.plain[product_id, price], -price))


def articles(product_ids, source, popular, price_of):
    """Rows of `products.csv`, best seller first; `popular` counts units, `price_of` gives cents."""
    order = sorted(product_ids, key=lambda one: (-popular[one], one))
    known = [source.get(one) or Product(one, "", "", "", "", "") for one in order]
    named = names.unique_names(known)
    result = []
    for rank, product in enumerate(known, 1):
        category = names.category(product)
        result.append(
            Article(
                product.product_id,
                names.barcode(product.product_id),
                named[product.product_id],
                category,
                product.brand,
                price_of(product.product_id),
                names.tax_rule(product),
                names.unit(product),
                rank,
            )
        )
    return result
