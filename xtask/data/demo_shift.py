"""Chooses 20 real baskets of the week for a scripted shift and says how each line is rung up."""

import re
from collections import Counter
from decimal import ROUND_FLOOR, Decimal
from itertools import combinations

from demo_money import amount

PLAIN = 18
INTERRUPTED = 12
TILES = 12  # the first tiles of a category
FOUND = 4  # answers among which the right one is seen at once
SHARES = {"barcode": 50, "search": 25, "touch": 25}  # percent of the lines
RATES = {"food": 7, "standard": 19}  # percent, within the price, as in shop.json
HALF = Decimal("0.5")
CASH = (500, 1000, 2000, 5000, 10000, 20000)  # euro notes


def _discount(line):
    return line.loyalty + line.match + line.coupon + line.rounding


def _simple(lines, fuel):
    """Only whole pieces with a price and no vouchers, so that anyone could ring it up by hand."""
    kinds = {line.kind for line in lines}
    items = [line for line in lines if line.kind == "item"]
    return (
        kinds <= {"item", "void"}
        and 1 <= len(items) <= 9
        and all(line.product_id not in fuel and line.unit_price and not line.rounding for line in items)
    )


def _fits(items, sales_of, chosen):
    """Whether every unit price can be the catalogue price at once, next to those already chosen."""
    mine = dict(chosen)
    for line in items:
        counts = sales_of.prices[line.product_id]
        if counts[line.unit_price] < max(counts.values()):
            return False
        if mine.setdefault(line.product_id, line.unit_price) != line.unit_price:
            return False
    chosen.update(mine)
    return True


def choose(sold, sales_of, fuel):
    """The baskets in the order of the shift as (role, basket, items), and the prices they settle."""
    simple = []
    for basket, lines in sold:
        if _simple(lines, fuel):
            simple.append((basket, [line for line in lines if line.kind == "item"]))
    simple.sort(key=lambda one: (-len(one[1]), one[0].basket_id))
    chosen, picked = {}, []

    def take(role, wanted, count):
        found = 0
        for basket, items in sorted(simple, key=_single) if count == 1 else simple:
            if found == count:
                return
            if wanted(items) and _fits(items, sales_of, chosen):
                picked.append((role, basket, items))
                found += 1
        if found < count:
            raise SystemExit(f"only {found} of {count} baskets found for the shift: {role}")

    take("item_discount", lambda items: len(items) > 1 and _one_loyalty(items), 1)
    take("invoice_discount", lambda items: sum(map(bool, map(_discount, items))) > 1, 1)
    take("plain", lambda items: len(items) > 1 and not any(map(_discount, items)), PLAIN_MANY)
    take("plain", lambda items: len(items) == 1 and not any(map(_discount, items)), PLAIN - PLAIN_MANY)
    return _in_order(picked), chosen


PLAIN_MANY = 14  # no week of any store has 18 undiscounted baskets of two lines or more


def _single(one):
    """Puts baskets first in which something was bought more than once."""
    return all(line.milli == 1000 for line in one[1])


def _one_loyalty(items):
    given = [line for line in items if _discount(line)]
    return len(given) == 1 and given[0].loyalty == _discount(given[0])


def _in_order(picked):
    """By the clock, but a long plain basket stands where the till will be interrupted."""
    picked.sort(key=lambda one: (one[1].sold_at, one[1].basket_id))
    long = [one for one in picked if one[0] == "plain" and len(one[2]) >= 4]
    if not long:
        raise SystemExit("no plain basket is long enough to be interrupted")
    middle = min(long, key=lambda one: abs(picked.index(one) - (INTERRUPTED - 1)))
    picked.remove(middle)
    picked.insert(INTERRUPTED - 1, middle)
    return picked


class Finder:
    """Finds search words with few answers, whether a search matches prefixes or any part of a word."""

    def __init__(self, articles):
        self.texts = [f"{one.name} {one.category} {one.brand}".lower() for one in articles]

    def words(self, article):
        """The fewest words of the name that `FOUND` articles or fewer have, the fewest first, or None."""
        own = [word for word in re.findall(r"[a-z]{3,}", article.name.lower()) if word != "and"]
        own = list(dict.fromkeys(own))
        for count in range(1, len(own) + 1):
            hits = {
                " ".join(words): sum(all(word in text for word in words) for text in self.texts)
                for words in combinations(own, count)
            }
            best = min(hits, key=lambda words: (hits[words], words))
            if hits[best] <= FOUND:
                return best
        return None


class RingUp:
    """Spreads a shift's lines over touch, search and barcode as far as each line allows it."""

    def __init__(self, articles):
        self.finder, self.places, self.used, counted = Finder(articles), {}, Counter(), Counter()
        for one in articles:
            counted[one.category] += 1
            self.places[one.product_id] = counted[one.category]

    def way(self, article):
        """How this line is rung up: whatever is furthest behind its share."""
        ways = {"barcode": {"via": "barcode"}}
        place = self.places[article.product_id]
        if place <= TILES:
            ways["touch"] = {"via": "touch", "tile": place}
        if words := self.finder.words(article):
            ways["search"] = {"via": "search", "search": words}
        done = self.used.total() + 1
        via = max(ways, key=lambda way: (SHARES[way] * done - 100 * self.used[way], way))
        self.used[via] += 1
        return ways[via]


def _cents(value):
    """Commercial rounding to whole cents, half away from zero."""
    return int((value + HALF).to_integral_value(ROUND_FLOOR) if value >= 0 else -_cents(-value))


def _taxes(nets, rates):
    """The tax of each rate on the net amounts, each rounded once."""
    return {
        rate: _cents(sum(Decimal(net) * rate for net, own in zip(nets, rates) if own == rate) / 100)
        for rate in set(rates)
    }


def _tax(lines, by_id, invoice_discount):
    """The tax within the basket's prices, reckoned here so that the till's own sum can be checked.

    As the money engine does it (docs/calculation.md): each line's net is taken out of its amount
    and rounded; a discount is spread over the nets by their size, what rounding leaves is carried
    from line to line; the tax is taken once a rate of the nets.
    """
    rates = [RATES[by_id[line["product_id"]].tax_rule] for line in lines]
    nets = [
        _cents(Decimal(line["amount_cents"]) * 100 / (100 + rate)) for line, rate in zip(lines, rates)
    ]
    if invoice_discount:
        whole = sum(line["amount_cents"] for line in lines)
        exact = spread = 0
        for at, net in enumerate(nets):
            left = net - Decimal(invoice_discount) * net / whole
            exact += left
            nets[at] = _cents(left)
            spread += nets[at]
            carried = _cents(exact - spread)
            nets[at] += carried
            spread += carried
    return sum(_taxes(nets, rates).values())


def _cash(total):
    """The note a customer would hand over: the smallest that is enough, else whole tens."""
    return next((note for note in CASH if note >= total), -(-total // 1000) * 1000)


def script(chosen_baskets, articles):
    """The baskets of `shift.json`."""
    by_id = {one.product_id: one for one in articles}
    ring_up, result = RingUp(articles), []
    for number, (role, basket, items) in enumerate(chosen_baskets, 1):
        lines = []
        for line in items:
            article = by_id[line.product_id]
            if article.price_cents != line.unit_price:
                raise SystemExit(f"{article} is not at its catalogue price in basket {basket.basket_id}")
            lines.append(_line(line, article, role) | ring_up.way(article))
        result.append(_basket(number, role, basket, items, lines, by_id))
    return result


def _line(line, article, role):
    discount = _discount(line) if role == "item_discount" else 0
    return {
        "product_id": line.product_id,
        "barcode": article.barcode,
        "name": article.name,
        "category": article.category,
        "quantity": line.milli // 1000,
        "unit_price_cents": line.unit_price,
        "item_discount_cents": discount,
        "amount_cents": amount(line.milli, line.unit_price) - discount,
    }


def _basket(number, role, basket, items, lines, by_id):
    invoice_discount = sum(map(_discount, items)) if role == "invoice_discount" else 0
    total = sum(line["amount_cents"] for line in lines) - invoice_discount
    if total != sum(line.paid for line in items):
        raise SystemExit(f"basket {basket.basket_id} of the shift does not add up")
    return {
        "no": number,
        "basket_id": basket.basket_id,
        "household_id": basket.household_id,
        "role": role,
        "interrupted_after_line": 2 if number == INTERRUPTED else 0,
        "lines": lines,
        "invoice_discount_cents": invoice_discount,
        "total_cents": total,
        "tax_cents": _tax(lines, by_id, invoice_discount),
        "cash_cents": _cash(total),
        "change_cents": _cash(total) - total,
    }
