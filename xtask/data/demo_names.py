"""Readable names, categories and tax rules from the data set's shorthand."""

import re

# Departments as a customer would call them; everything else is "Other".
CATEGORIES = {
    "GROCERY": "Grocery",
    "FROZEN GROCERY": "Grocery",
    "PRODUCE": "Fruit & Vegetables",
    "MEAT": "Meat",
    "MEAT-PCKGD": "Packaged Meat",
    "SEAFOOD": "Seafood",
    "SEAFOOD-PCKGD": "Seafood",
    "DELI": "Deli",
    "SALAD BAR": "Deli",
    "CHEF SHOPPE": "Deli",
    "PASTRY": "Bakery",
    "NUTRITION": "Natural Foods",
    "SPIRITS": "Spirits",
    "DRUG GM": "Household & Care",
    "COSMETICS": "Beauty",
    "FLORAL": "Flowers",
    "FUEL": "Fuel",
}
# The order of the category tiles.
ORDER = list(dict.fromkeys(CATEGORIES.values())) + ["Other"]
STANDARD_TAX = {"Spirits", "Household & Care", "Beauty", "Flowers", "Fuel", "Other"}
# Groups that a department's rule does not fit: drinks and what is not food among the groceries,
# sweets and baby food among the household goods.
STANDARD_GROUPS = re.compile(
    r"^(AIR CARE|BATH TISSUES|BEERS|BLEACH|BOTTLE|CANNED JUICES|DISHWASH|DOMESTIC WINE|FACIAL TISS|FD WRAPS|"
    r"HOUSEHOLD|IMPORTED WINE|ISOTONIC|LAUNDRY|LIQUOR|MISC WINE|NEW AGE|PAPER|SOFT DRINKS|WATER|"
    r"REFRGRATD JUICES|JUICE$)"
)
FOOD_GROUPS = re.compile(r"^(BABY FOODS|CANDY|INFANT FORMULA)")

# Types that say too little or read badly as they are: (part of the category, type) → name.
EXACT = {
    ("PASTA SAUCE", "MAINSTREAM"): "Pasta Sauce",
    ("PASTA SAUCE", "PREMIUM"): "Premium Pasta Sauce",
    ("PASTA SAUCE", "VALUE"): "Value Pasta Sauce",
    ("SALAD MIX", "BLENDS"): "Salad Blend",
    ("SALAD MIX", "REGULAR GARDEN"): "Garden Salad",
    ("SALAD MIX", "KITS"): "Salad Kit",
    ("LUNCHMEAT", "HAM"): "Sliced Ham",
    ("LUNCHMEAT", "POULTRY"): "Sliced Poultry",
    ("LUNCHMEAT", "BOLOGNA"): "Bologna",
    ("LUNCHMEAT", "MISCELLANEOUS"): "Lunchmeat",
    ("LUNCHMEAT", "VARIETY PACK"): "Lunchmeat Variety Pack",
    ("LUNCHMEAT", "BEEF"): "Sliced Beef",
    ("BACON", "BETTER FOR YOU"): "Lean Bacon",
    ("BACON", "PREMIUM"): "Premium Bacon",
    ("BACON", "ECONOMY"): "Economy Bacon",
    ("BACON", "TRAY PACK/OTHER"): "Bacon Tray",
    ("HOT DOGS", "PREMIUM - MEAT"): "Premium Hot Dogs",
    ("HOT DOGS", "PREMIUM - BEEF"): "Premium Beef Hot Dogs",
    ("HOT DOGS", "ECONOMY - MEAT"): "Economy Hot Dogs",
    ("HOT DOGS", "KOSHER/SPECIALTY"): "Kosher Hot Dogs",
    ("HOT DOGS", "BETTER FOR YOU"): "Light Hot Dogs",
    ("DINNER SAUSAGE", "SMOKED/COOKED"): "Smoked Sausage",
    ("DINNER SAUSAGE", "FRESH"): "Fresh Sausage",
    ("BREAKFAST SAUSAGE", "ROLLS - PORK"): "Pork Sausage Roll",
    ("BREAKFAST SAUSAGE", "LINKS - COOKED"): "Breakfast Links",
    ("BREAKFAST SAUSAGE", "LINKS - RAW"): "Raw Breakfast Links",
    ("BREAKFAST SAUSAGE", "PATTIES - RAW"): "Sausage Patties",
    ("HEAT/SERVE", "ENTREES"): "Heat & Serve Entree",
    ("HEAT/SERVE", "SANDWICHES-OTHER"): "Heat & Serve Sandwich",
    ("MEAT - MISC", "WINGS (IQF)"): "Frozen Chicken Wings",
    ("MEAT - MISC", "BREAST - BONELESS(IQF)"): "Frozen Chicken Breast",
    ("MEAT - MISC", "GRND/PATTY - FROZEN"): "Frozen Patties",
    ("FROZEN PIZZA", "SNACKS/APPETIZERS"): "Frozen Snacks",
    ("FROZEN PIZZA", "SANDWICHES&HANDHELDS"): "Frozen Sandwich",
    ("FROZEN PIZZA", "BURRITOS"): "Frozen Burrito",
    ("FROZEN PIZZA", "PIZZA/PREMIUM"): "Frozen Pizza Premium",
    ("FROZEN PIZZA", "PIZZA/TRADITIONAL"): "Frozen Pizza Classic",
    ("FROZEN PIZZA", "PIZZA/ECONOMY"): "Frozen Pizza Economy",
    ("FROZEN PIZZA", "PIZZA/SINGLE SERVE/MICROWAVE"): "Microwave Pizza",
    ("ICE CREAM", "PREMIUM PINTS"): "Premium Ice Cream Pint",
    ("ICE CREAM", "SUPER PREMIUM PINTS"): "Super Premium Ice Cream",
    ("ICE CREAM", "PREMIUM"): "Premium Ice Cream",
    ("ICE CREAM", "TRADITIONAL"): "Ice Cream",
    ("FRZN NOVELTIES", "STICKS/ENROBED"): "Ice Cream Sticks",
    ("FRZN NOVELTIES", "CONES"): "Ice Cream Cones",
    ("FRUIT - SHELF STABLE", "PINEAPPLE"): "Canned Pineapple",
    ("FRUIT - SHELF STABLE", "PEACHES"): "Canned Peaches",
    ("FRUIT - SHELF STABLE", "PEARS"): "Canned Pears",
    ("FRUIT - SHELF STABLE", "FRUIT BOWL AND CUPS"): "Fruit Cups",
    ("FRUIT - SHELF STABLE", "FRUIT COCKTAIL FRUIT SALAD"): "Fruit Cocktail",
    ("FRUIT - SHELF STABLE", "MANDARIN ORANGES/CITRUS SECT"): "Mandarin Oranges",
    ("VEGETABLES - SHELF STABLE", "CORN"): "Canned Corn",
    ("VEGETABLES - SHELF STABLE", "PEAS GREEN"): "Canned Peas",
    ("VEGETABLES - SHELF STABLE", "BEANS GREEN: FS/WHL/CUT"): "Canned Green Beans",
    ("VEGETABLES - SHELF STABLE", "TOMATOES: STEWED/DICED/CRMD"): "Canned Tomatoes",
    ("VEGETABLES - SHELF STABLE", "SPINACH & GREENS"): "Canned Spinach",
    ("VEGETABLES - SHELF STABLE", "KRAUT & CABBAGE"): "Sauerkraut",
    ("VEGETABLES - SHELF STABLE", "MUSHROOMS CND & GLASS"): "Canned Mushrooms",
    ("VEGETABLES - SHELF STABLE", "MISCELLANEOUS VEGETABLES"): "Canned Vegetables",
    ("CHICKEN", "INTERNAL"): "Chicken Giblets",
    ("PROCESSED", "PROCESSED OTHER"): "Fresh Dressing & Drinks",
    ("CANNED JUICES", "PROCESSED OTHER"): "Canned Juice",
    ("CANNED JUICES", "JUICE (100% JUICE)"): "Pure Juice",
    ("CANNED JUICES", "JUICE (UNDER 50% JUICE)"): "Juice Drink",
    ("JUICE", "JUICE (UNDER 10% JUICE)"): "Juice Drink",
    ("JUICE", "NON-CARB JCE(OVER 50% JCE)"): "Still Juice",
    ("DINNER SAUSAGE", "RED"): "Red Sausage",
    ("BACON", "FLAVORED/OTHER"): "Flavoured Bacon",
    ("DINNER MXS", "MICROWAVE"): "Microwave Dinner Mix",
    ("VEGETABLES - ALL OTHERS", "BEANS"): "Green Beans Fresh",
    ("MAKEUP", "APPLICATORS"): "Makeup Applicators",
    ("HOUSEHOLD CLEANG", "FURNITURE"): "Furniture Polish",
    ("PLASTIC HOUSEWARES", "PANTRY"): "Pantry Box",
    ("STATIONERY", "FASTENERS"): "Office Fasteners",
    ("CHRISTMAS", "DECOR"): "Christmas Decorations",
    ("FLUID MILK", "CHOCOLATE MILK"): "Chocolate Milk",
    ("FRZN JCE", "FRZN OJ&OJ SUBSTITUTES (OVER 5"): "Frozen Orange Juice",
    ("BREAD", "MAINSTREAM WHEAT/MULTIGRAIN BR"): "Wheat & Multigrain Bread",
    ("BREAD", "MAINSTREAM WHITE BREAD"): "White Bread",
    ("SOUP", "RAMEN NOODLES/RAMEN CUPS"): "Ramen Noodles",
    ("COOKIES", "TRAY PACK/CHOC CHIP COOKIES"): "Chocolate Chip Cookies",
    ("CRACKERS", "BUTTER SPRAY CRACKER (RITZ/CLU"): "Butter Crackers",
    ("CANDY", "SEASONAL CANDY BOX-CHOCOLATE"): "Seasonal Chocolate Box",
    ("SUSHI", "SUSHI - IN STORE PREPARED"): "Sushi Fresh Made",
    ("FRZN VEGETABLE", "FRZN BOXED VEGETABLES- VALUE A"): "Frozen Boxed Vegetable Mix",
    ("FRZN VEGETABLE", "FRZN BAGGED VEGETABLES - PLAIN"): "Frozen Vegetables Bag",
    ("FRZN VEGETABLE", "FRZN BAGGED VEGETABLES- VALUE"): "Frozen Vegetable Mix Bag",
    ("FRZN VEGETABLE", "FRZN BOXED VEGETABLES - PLAIN"): "Frozen Vegetables Box",
    ("COFFEE", "AUTHENTIC DRY BEVERAGES W/O SW"): "Coffee Drink Mix",
    ("COLD AND FLU", "COUGH SYRP/LOZNG/DRP/XPCTRNT"): "Cough Syrup & Drops",
    ("COLD AND FLU", "COLD AND FLU - PSE"): "Cold & Flu Tablets",
    ("FEMININE HYGIENE", "FEMININE HYGN.NAPKINS"): "Sanitary Pads",
    ("PORK", "ENHANCED"): "Pork Cut",
    ("PORK", "RIBS"): "Pork Ribs",
    ("PORK", "BUTTS"): "Pork Butt",
    ("PORK", "DRY"): "Pork Dry Cut",
    ("PAPER HOUSEWARES", "PLSTC CTLRYTBLCLTHSTTHPKSST"): "Plastic Cutlery",
    ("WATER", "NON-CRBNTD DRNKING/MNERAL WATE"): "Still Water",
    ("WATER", "NON-CARB WATER FLVR - DRNK/MNR"): "Flavoured Still Water",
    ("WATER", "NON-CARB FLVRD DRNKNG/MNRL WAT"): "Flavoured Still Water",
    ("WATER", "CARBONATED WATER - FLVRD UNSWE"): "Flavoured Sparkling Water",
    ("WATER", "CARBONATED WATER - FLVRD SWEET"): "Sweet Sparkling Water",
    ("SOFT DRINKS", "SOFT DRINKS 12/18&15PK CAN CAR"): "Soft Drink Can Pack",
    ("SOFT DRINKS", "SOFT DRINKS 20PK&24PK CAN CARB"): "Soft Drink Can Case",
    ("SOFT DRINKS", "SOFT DRINKS 6PK/4PK CAN CARB ("): "Soft Drink 6 Cans",
    ("SOFT DRINKS", "SFT DRNK 2 LITER BTL CARB INCL"): "Soft Drink Bottle",
    ("SOFT DRINKS", "SFT DRNK MLT-PK BTL CARB (EXCP"): "Soft Drink Bottle Pack",
    ("SOFT DRINKS", "SFT DRNK SNGL SRV BTL CARB (EX"): "Soft Drink Single",
    ("SOFT DRINKS", "MIXERS(CLUB SODA/SELTZERS)FLAV"): "Club Soda",
    ("SOFT DRINKS", "MIXERS(TONIC WTR/GNGR ALE)FLAV"): "Tonic & Ginger Ale",
    ("SOFT DRINKS", "JUICE (UNDER 10% JUICE)"): "Juice Drink",
    ("SOFT DRINKS", "TEA SWEETENED"): "Iced Tea",
    ("JUICES/DRNKS", "DAIRY CASE 100% PURE JUICE - O"): "Orange Juice Chilled",
    ("JUICES/DRNKS", "DAIRY CASE 100% PURE JUICE OTH"): "Pure Juice Chilled",
    ("JUICES/DRNKS", "DAIRY CASE JUICE DRNK UNDER 10"): "Juice Drink Chilled",
    ("JUICES/DRNKS", "DAIRY CASE CITRUS PNCH/OJ SUBS"): "Citrus Punch Chilled",
    ("JUICES/DRNKS", "DAIRY CASE FRUIT DRINKS (NO JU"): "Fruit Drink Chilled",
    ("FLUID MILK", "FLUID MILK WHITE ONLY"): "Milk",
    ("FLUID MILK", "MISCELLANEOUS MILK"): "Special Milk",
    ("FLUID MILK", "REFRIGERATED COFFEE CREAMERS"): "Coffee Creamer",
    ("YOGURT", "YOGURT NOT MULTI-PACKS"): "Yogurt",
    ("YOGURT", "YOGURT MULTI-PACKS"): "Yogurt Multi-Pack",
    ("FRZN MEAT/MEAT DINNERS", "FRZN SS PREMIUM ENTREES/DNRS/N"): "Frozen Light Dinner",
    ("FRZN MEAT/MEAT DINNERS", "FRZN SS PREMIUM ENTREES/DNRS/T"): "Frozen Premium Dinner",
    ("FRZN MEAT/MEAT DINNERS", "SS ECONOMY ENTREES/DINNERS ALL"): "Frozen Economy Dinner",
    ("FRZN MEAT/MEAT DINNERS", "FRZN MULTI SERVE ENTREES ALL"): "Frozen Family Dinner",
    ("CAT FOOD", "CAN CATFD GOURMET/SUP PREM (GR"): "Gourmet Cat Food",
    ("CAT FOOD", "CANNED CAT FOOD (9 LIVES/FRISK"): "Canned Cat Food",
    ("SALD DRSNG", "POURABLE SALAD DRESSINGS"): "Salad Dressing",
    ("SALD DRSNG", "SEMI-SOLID SALAD DRESSING MAY"): "Mayonnaise",
    ("BEERS/ALES", "BEERALEMALT LIQUORS"): "Beer",
    ("DOMESTIC WINE", "POPULAR 750ML WINES"): "Table Wine",
    ("DOMESTIC WINE", "PREMIUM 750ML WINES"): "Premium Wine",
    ("DOMESTIC WINE", "FIGHTING VARIETAL WINES"): "Varietal Wine",
    ("DOMESTIC WINE", "ULTRA PREMIUM WINES"): "Ultra Premium Wine",
    ("SOUP", "RTS SOUP: CHUNKY/HOMESTYLE ET"): "Chunky Soup",
    ("SEAFOOD - SHELF STABLE", "TUNA"): "Canned Tuna",
    ("BAG SNACKS", "SGL SV/VEND MACH SNACKS CHIP/P"): "Snack Chips Single",
    ("CHEESE", "IWS SINGLE CHEESE"): "Cheese Singles",
    ("CHEESE", "NON-IWS SINGLE CHEESE"): "Cheese Slices Stacked",
    ("CHEESE", "NATURAL CHEESE EXACT WT CHUNKS"): "Cheese Chunk",
    ("CHEESE", "NATURAL CHEESE EXACT WT SLICES"): "Cheese Slices",
    ("CHEESE", "MISCELLANEOUS CHEESE"): "Cheese",
    ("CANDY", "CANDY BARS (SINGLES)(INCLUDING"): "Candy Bar",
    ("CANDY", "CANDY BARS (MULTI PACK)"): "Candy Bar Multi-Pack",
    ("CANDY", "CANDY BAGS-CHOCOCLATE"): "Chocolate Candy Bag",
    ("CANDY", "CANDY BAGS-NON CHOCOLATE"): "Candy Bag",
    ("CANDY", "SEASONAL MISCELLANEOUS"): "Seasonal Candy",
    ("FACIAL TISS", "FACIAL TISSUE & PAPER HANDKE"): "Facial Tissue",
    ("FD WRAPS", "GARBAGE KITCHEN COMPACTOR BA"): "Kitchen Trash Bags",
    ("BEANS - CANNED", "PREPARED BEANS - BAKED W/PORK"): "Baked Beans",
    ("BEANS - CANNED", "VARIETY BEANS - KIDNEY PINTO"): "Kidney & Pinto Beans",
    ("HISPANIC", "MEXICAN SAUCESSALSAPICANTEE"): "Salsa",
    ("HISPANIC", "ORIENTAL SOY SAUCE"): "Soy Sauce",
    ("BREAD", "MEXICAN SOFT TORTILLAS AND WRA"): "Soft Tortillas",
    ("HISPANIC", "MEXICAN SOFT TORTILLAS AND WRA"): "Soft Tortillas",
    ("SEAFOOD", "SEAFOOD-FRZ-IQF RAW SHRIMP RW"): "Frozen Raw Shrimp",
    ("SEAFOOD", "SEAFOOD-FRE-RAW FINFISH-OTHER"): "Fresh Fish",
    ("SEAFOOD", "SEAFOOD-FRZ-RW-ALL"): "Frozen Seafood",
    ("SEAFOOD", "SEAFOOD-FRE-NON RW-ALL"): "Fresh Seafood",
    ("SEAFOOD", "SEAFOOD-FRZ-MISC"): "Frozen Seafood Mixed",
    ("REFRIGERATED", "EGGS"): "Natural Eggs",
    ("EGGS", "EGGS SUBSTITUTE"): "Egg Substitute",
    ("DELI MEATS", "MEAT: SAUS DRY BULK"): "Dry Sausage",
    ("CHEESES", "CHEESE: NATURAL PREPORTND"): "Natural Cheese Portion",
    ("COUPON/MISC ITEMS", "MISC SALES TRANS"): "Miscellaneous Sale",
    ("COUPON/MISC ITEMS", "MISCELLANEOUS H & B AIDS"): "Care Item",
    ("", "GASOLINE-REG UNLEADED"): "Regular Unleaded",
    ("SPICES", "TABLE SALT POPCORN SALTICE C"): "Table Salt",
    ("MAGAZINE", "TV/MOVIE-MAGAZINE"): "TV & Film Magazine",
    ("MAGAZINE", "WOMEN S GENERAL-MAGAZINE"): "Women's Magazine",
}
# A type that is only an attribute is put before its category.
BARE = re.compile(
    r"^(PRIMAL|LEAN|PATTIES|FLANK|ANGUS|BUTTS|CHOICE|SELECT|GRINDS|LOIN|ROUND|RIB|THIN MEATS|OTHER|"
    r"MISCELLANEOUS|MISC|PREMIUM|INTERNAL|RIBS|ORGANIC|SUPER PREMIUM PINTS|VALUE|ECONOMY|TRADITIONAL|MAINSTREAM|ENHANCED|SPECIALTY|DRY|FRESH|BULK)$"
)

WORDS = {
    "FRZN": "Frozen", "FRZ": "Frozen", "FRE": "Fresh", "SFT": "Soft", "DRNK": "Drink", "DRNKS": "Drinks",
    "BTL": "Bottle", "CHOC": "Chocolate", "CHOCOCLATE": "Chocolate", "CHIX": "Chicken", "CHICK": "Chicken",
    "SAL": "Salad", "SW": "Sweet", "GDS": "Goods", "PREP": "Prepared", "FD": "Food", "DPS": "Dips",
    "PRPCK": "Packed", "PREPCK": "Packed", "PREPACK": "Packed", "PPK": "Packed", "PRESLC": "Sliced",
    "REFRIG": "Chilled", "REFRIGERATED": "Chilled", "MLT": "Multi", "SNGL": "Single", "SGL": "Single",
    "SV": "Serve", "SRV": "Serve", "BEV": "Drink", "FEM": "Feminine", "HYGN": "Hygiene", "LIQ": "Liquid",
    "LIQS": "Liquid", "CNTRL": "Control", "CND": "Canned", "CAN": "Canned", "CANS": "Cans",
    "DOGFD": "Dog Food", "CATFD": "Cat Food", "WHL": "Whole", "WTR": "Water", "GNGR": "Ginger",
    "FLVR": "Flavoured", "FLVRD": "Flavoured", "FLAVORED": "Flavoured", "VEG": "Vegetable", "BR": "Bread",
    "COMBIN": "Combination", "CONTAINR": "Container", "CLEANE": "Cleaner", "COOKI": "Cookies",
    "CATSUP": "Ketchup", "SPECILATY": "Specialty", "SPECIALITY": "Specialty", "SAUS": "Sausage",
    "POTATO": "Potato", "TORT": "Tortilla", "CONC": "Concentrate", "JCE": "Juice", "PKG": "Pack",
    "PK": "Pack", "HBC": "Care", "ACCESS": "Accessories", "ACCES": "Accessories", "DNRS": "Dinners",
    "DNR": "Dinner", "BRKFST": "Breakfast", "MXS": "Mixes", "PNT": "Peanut", "BTR": "Butter",
    "SS": "Single", "MEX": "Mexican", "DISP": "Disposable", "HSHLD": "Household", "HOSEHOLD": "Household",
    "ACCESSO": "Accessories", "ACCESSOR": "Accessories", "CLEANERS": "Cleaners", "LINAMENTS": "Liniments",
    "SHLFSH": "Shellfish", "PRSLC": "Sliced", "PREPORTND": "Portion", "HYGN": "Hygiene", "OJ": "OJ", "NZ": "NZ", "PORTABELLA": "Portobello", "ALLIEDS": "", "SUP": "", "PREM": "Premium",
    "FRYER": "Fryer", "STK": "Stick", "W": "with", "DAN": "Danish", "BEV:": "Drink", "DECOR": "Decorations",
    "SEASNL": "Seasonal", "MISC": "Assorted", "MISCELLANEOUS": "Assorted", "PCKGD": "Packed",
    "INSTORE": "In-Store", "DOLCE": "Dolce", "TV": "TV", "BBQ": "BBQ", "UHT": "UHT", "DVD": "DVD",
}
NOISE = {"ALL", "ONLY", "OTHER", "OTHERS", "INCL", "EXCP", "BRANDS", "RW", "IQF", "EXACT", "WT", "ETC", "NS", "TYPE"}
SMALL = {"And": "and", "Or": "or", "With": "with", "Of": "of", "For": "for", "In": "in"}
LONGEST = 30


def category(product):
    """The category of a product, or "Other"."""
    if product.type.startswith("GASOLINE"):
        return "Fuel"
    return CATEGORIES.get(product.department, "Other")


def tax_rule(product):
    """`standard` or `food`: by category, but for the groups it does not fit."""
    if category(product) in STANDARD_TAX:
        return "food" if FOOD_GROUPS.match(product.category) else "standard"
    return "standard" if STANDARD_GROUPS.match(product.category) else "food"


def unit(product):
    """What one of it is called."""
    return "gal" if product.type.startswith("GASOLINE") else "each"


def _word(text):
    key = text.strip(".:,").upper()
    if key in WORDS:
        return WORDS[key]
    if key in NOISE or not re.search(r"[A-Z0-9%&]", key):
        return ""
    return text.capitalize()


def _tidy(text):
    """A shorthand type as title case words: parentheses, prefixes and filler removed."""
    text = re.sub(r"\([^)]*\)?", " ", text.upper())
    text = text.replace("&", " & ").replace("/", " / ").replace(" - ", " ").replace(":", " ")
    text = re.sub(r"^MEAT ", "DELI ", text) if text.startswith("MEAT  ") else text
    text = re.sub(r"(?<=[A-Z])[-.](?=[A-Z ])", " ", text).replace("*", " ").replace(",", " ")
    words = []
    for word in text.split():
        word = _word(word)
        words.append(SMALL.get(word, word) if words else word)
    text = " ".join(dict.fromkeys(filter(None, words)) if "/" not in text else filter(None, words))
    text = re.sub(r"\s*/\s*", "/", text)
    text = re.sub(r"\s+", " ", text).strip(" /&-")
    return _short(text)


def _short(text):
    """Cuts at a word's end, never leaving a joining word behind."""
    if len(text) > LONGEST:
        text = text[: LONGEST + 1].rsplit(" ", 1)[0] if " " in text[: LONGEST + 1] else text[:LONGEST]
    return re.sub(r"( (and|or|with|of|for|in|&)|[ /&-])+$", "", text)


def _type_name(product):
    for (part, kind), name in EXACT.items():
        if kind == product.type and part in product.category:
            return name
    if product.category == "MAGAZINE" and product.type.endswith("MAGAZINE"):
        return _tidy(product.type.replace("-MAGAZINE", " MAGAZINE"))
    if BARE.match(product.type):
        return _tidy(f"{product.type} {product.category}")
    return _tidy(product.type) or _tidy(product.category) or _tidy(product.department) or "Article"


SIZE = re.compile(r"^(\d*\.?\d+)\s*(OZ|CT|LB|ML|L|PK|QT|PT|GAL|GA|DZ|FT|SQ FT|IN|STEM|STEMS|FL OZ|PC|LOADS|LOAD)\b\.?$")
UNITS = {"GA": "gal", "ML": "ml", "L": "l", "STEM": "stem", "STEMS": "stem", "SQ FT": "sq ft", "LOADS": "loads", "LOAD": "loads"}


def _size(product):
    """The package size in the usual spelling; shipping cases and odd sizes are left out."""
    text = re.sub(r"\s+", " ", product.size.upper()).strip()
    found = SIZE.match(text)
    if not found:
        return {"HALF GAL": "½ gal", "PT": "1 pt", "QT": "1 qt", "GAL": "1 gal"}.get(text, "")
    number, kind = found.groups()
    number = re.sub(r"^\.", "0.", number)
    number = re.sub(r"(\.\d*?)0+$", r"\1", number).rstrip(".")
    if number.strip("0.") == "" or (number == "1" and kind in ("CT", "PC", "PK", "STEM")):
        return ""
    loose = product.department in ("PRODUCE", "MEAT", "DELI", "SEAFOOD")
    if float(number) >= (10 if loose and kind in ("LB", "CT") else 1000):
        return ""
    return f"{number} {UNITS.get(kind, kind.lower())}"


def base_name(product):
    """Type and size, not yet unique."""
    return " ".join(filter(None, (_type_name(product), _size(product))))


def unique_names(products):
    """Names by product id for products given best seller first; equal names get a running number."""
    taken, names = {}, {}
    for product in products:
        name = base_name(product)
        taken[name] = taken.get(name, 0) + 1
        names[product.product_id] = name if taken[name] == 1 else f"{name} No. {taken[name]}"
    return names


def barcode(product_id):
    """An in-store EAN-13: GS1 prefix 20, ten digits of product id, check digit (GS1 General Specifications)."""
    digits = f"20{product_id:010d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return digits + str(-weighted % 10)
