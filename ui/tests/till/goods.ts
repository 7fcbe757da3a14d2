/** Goods of the tests' shop: price in cents, tax included, and its rate in per cent. */
export interface Good {
  id: string;
  name: string;
  price: number;
  category: string;
  unit: string;
  tax: number;
  barcode: string;
}

const RANGE: Record<string, [string, number, string?, number?][]> = {
  Produce: [
    ['Bananas', 129, 'kg'],
    ['Apples, Gala', 299, 'kg'],
    ['Tomatoes on the vine', 349, 'kg'],
    ['Iceberg lettuce', 119],
    ['Cucumber', 89],
    ['Carrots 1 kg', 99],
    ['Lemons, net of 4', 149],
    ['Avocado, ready to eat', 159],
    ['Potatoes, waxy 2.5 kg', 329],
  ],
  Bakery: [
    ['Bread, rye 750 g', 320],
    ['Rolls, wholemeal 6 pc', 249],
    ['Croissant', 95],
    ['Pretzel', 80],
    ['Baguette, stone oven', 179],
  ],
  Dairy: [
    ['Milk, whole 1 l', 149],
    ['Butter 250 g', 229],
    ['Eggs, free range 10 pc', 279],
    ['Yoghurt, plain 500 g', 99],
    ['Cheddar, mature sliced 200 g', 289],
    ['Cream cheese with herbs 150 g', 169],
  ],
  Drinks: [
    ['Cola 0.33 l', 199, 'pc', 19],
    ['Mineral water 6 × 1.5 l', 354, 'pc', 19],
    ['Orange juice, not from concentrate 1 l', 259, 'pc', 19],
    ['Coffee beans, espresso 1 kg', 1499],
    ['Green tea 20 bags', 249],
    ['Pilsner, crate of 20 × 0.5 l', 1799, 'pc', 19],
  ],
  Frozen: [
    ['Peas, garden 750 g', 199],
    ['Pizza Margherita stone baked', 299],
    ['Vanilla ice cream with Madagascan bourbon vanilla, family tub', 649],
    ['Fish fingers 15 pc', 389],
  ],
  Household: [
    ['Kitchen rolls 4 pc', 329, 'pc', 19],
    ['Washing-up liquid 500 ml', 129, 'pc', 19],
    ['Bin liners 35 l, 20 pc', 159, 'pc', 19],
    ['Batteries AA 8 pc', 599, 'pc', 19],
  ],
  Pantry: [
    ['Spaghetti no. 5 500 g', 119],
    ['Rice, basmati 1 kg', 299],
    ['Olive oil, extra virgin 750 ml', 849],
    ['Chocolate, dark 70 % 100 g', 149],
    ['Peanut butter, crunchy 350 g', 279],
    ['Flour, type 405 1 kg', 79],
  ],
  Delicatessen: [['Ham, cooked, sliced 150 g', 249]],
  'Health and beauty': [['Toothpaste 75 ml', 149, 'pc', 19]],
  Pets: [['Cat food, beef in jelly 12 × 85 g', 499]],
  Stationery: [['Notebook A5, squared', 279, 'pc', 19]],
  Seasonal: [['Candles, 30 pc', 399, 'pc', 19]],
};

/** Categories of the shop. */
export const categories = Object.keys(RANGE).map((name) => ({ id: idOf(name), name }));

/** Everything the shop sells, what sells best first. */
export const goods: Good[] = Object.entries(RANGE).flatMap(([category, rows], group) =>
  rows.map(([name, price, unit = 'pc', tax = 7], row) => ({
    id: `i${group}${row}`,
    name,
    price,
    unit,
    tax,
    category: idOf(category),
    barcode: ean13(`4012345${digits(group, 2)}${digits(row, 3)}`),
  })),
);

/** One thing so dear that the total passes a million. */
export const vault: Good = {
  id: 'vault',
  name: 'Walk-in vault, fire resistant, delivered and bolted down, XL',
  price: 123_456_789,
  unit: 'pc',
  tax: 19,
  category: 'seasonal',
  barcode: ean13('401234599999'),
};

/** What a scanner reads on the good of that id. */
export function codeOf(id: string): string {
  const good = [...goods, vault].find((candidate) => candidate.id === id);
  if (!good) throw new Error(`the shop has no ${id}`);
  return good.barcode;
}

function idOf(category: string): string {
  return category.toLowerCase().replaceAll(' ', '-');
}

function digits(value: number, length: number): string {
  return value.toString().padStart(length, '0');
}

/** Twelve digits and the one that checks them. */
function ean13(twelve: string): string {
  const sum = [...twelve].reduce(
    (all, digit, at) => all + Number(digit) * (at % 2 === 0 ? 1 : 3),
    0,
  );
  return `${twelve}${(10 - (sum % 10)) % 10}`;
}
