// Generated from crates/app by `cargo xtask codegen`. Do not edit.

/** Most rows one search answers. */
export const SEARCH_LIMIT = 200;

/** An item was touched. */
export type AddItemRequest = {
  /** Item id. */
  item_id: string;
  /** Decimal text; one when left out. */
  quantity?: string;
};

/** The customer of the cart. */
export type CartCustomerView = {
  /** Customer id. */
  id: string;
  /** Name to show. */
  name: string;
  /** Why they are charged no tax. */
  exemption?: string;
};

/** A line of the cart. */
export type CartLineView = {
  /** Line id. */
  line: number;
  /** Item id. */
  item_id: string;
  /** Name to show. */
  name: string;
  /** Decimal text without trailing zeros. */
  quantity: string;
  /** Unit of the quantity. */
  unit: string;
  /** Price of one unit as sold. */
  price: MoneyView;
  /** Price of one unit in the price list. */
  list_price: MoneyView;
  /** Whether somebody set the price by hand. */
  price_set: boolean;
  /** Why the list price is what it is. */
  price_why?: PriceWhyView;
  /** Quantity × price. */
  gross: MoneyView;
  /** Discount on this line. */
  discount: MoneyView;
  /** Its rate, `10 %`, when it was given in per cent. */
  discount_text?: string;
  /** The promotions that lowered it; part of the discount. */
  savings: Array<SavingView>;
  /** Gross less discount. */
  amount: MoneyView;
  /** Tax rates, `7 %` or `9 % + 9 %`. */
  tax_text: string;
  /** Whether only whole units can be sold. */
  whole_units: boolean;
};

/** The open cart, priced. */
export type CartView = {
  /** Cart id; `checkout.pay` names it. */
  id: string;
  /** In the order they were added. */
  lines: Array<CartLineView>;
  /** Who buys; nobody for a walk-in customer. */
  customer?: CartCustomerView;
  /** The discount on the whole sale. */
  discount: MoneyView;
  /** Its rate, `10 %`, when it was given in per cent. */
  discount_text?: string;
  /** The part of the discount that was given by hand. */
  discount_given: MoneyView;
  /** What promotions took off the whole ticket; the rest of the discount. */
  savings: Array<SavingView>;
  /** The coupons on the counter. */
  coupons: Array<CouponView>;
  /** Promotions that are nearly reached. */
  offers: Array<OfferView>;
  /** Sum of the lines after their discounts, before the discount on the sale. */
  subtotal: MoneyView;
  /** Sum of the lines' discounts. */
  line_discount: MoneyView;
  /** Tax in all. */
  tax: MoneyView;
  /** Whether all tax is inside the prices. */
  tax_included: boolean;
  /** What the customer pays. */
  total: MoneyView;
  /** Sum of the quantities. */
  item_count: string;
  /** The line the command changed, to flash it once. */
  changed_line?: number;
};

/** How much of the catalogue is on the till. */
export type CatalogueView = {
  /** Items that can be sold now. */
  items: number;
  /** Set while the first load runs; the till sells what is already there. */
  loading?: LoadingView;
};

/** The categories of the shop, in its own order. */
export type CategoriesView = {
  /** Category tiles. */
  categories: Array<CategoryView>;
};

/** A category tile. */
export type CategoryView = {
  /** Category id. */
  id: string;
  /** Name to show. */
  name: string;
  /** Items in it. */
  count: number;
};

/** What is due and how it can be paid. */
export type ChargeView = {
  /** Amount due without cash. */
  due: MoneyView;
  /** Amount due where any of it is cash: the nearest coin, where the shop rounds to coins. */
  cash_due: MoneyView;
  /** Cash amounts worth a key, the exact one first. */
  quick_cash: Array<MoneyView>;
  /** Modes of payment in the shop's order. */
  modes: Array<PaymentModeView>;
};

/** Names a coupon on the counter. */
export type CouponRequest = {
  /** Its code. */
  code: string;
};

/** A coupon on the counter. */
export type CouponView = {
  /** Its code. */
  code: string;
  /** Name of its promotion. */
  name: string;
  /** Whether something was taken off for it. */
  used: boolean;
  /** Why nothing was. */
  why_not?: WhyNotView;
};

/** A customer in a list. */
export type CustomerView = {
  /** Customer id. */
  id: string;
  /** Name to show. */
  name: string;
  /** Phone number, empty when unknown. */
  phone: string;
};

/** Looks for customers by name, phone or e-mail. */
export type CustomersRequest = {
  /** What was typed. */
  text: string;
};

/** Customers found. */
export type CustomersView = {
  /** By name. */
  customers: Array<CustomerView>;
};

/** A discount as typed. */
export type DiscountInput = {
  /** What `value` means. */
  kind: DiscountKind;
  /** Decimal text; not read for `none`. */
  value: string;
};

/** What kind of discount was typed. */
export type DiscountKind = "none" | "percent" | "amount";

/** How many documents are where. */
export type DocumentCountsView = {
  /** Not acknowledged yet. */
  waiting: number;
  /** A person has to look. */
  attention: number;
  /** The hub has them. */
  acknowledged: number;
};

/** Which documents the sync desk shows. */
export type DocumentFilter = "all" | "waiting" | "attention" | "acknowledged";

/** Where a document is on its way to the hub. */
export type DocumentState = "pending" | "sending" | "waiting" | "retrying" | "needs_attention" | "acknowledged";

/** A document of the outbox. */
export type DocumentView = {
  /** Idempotency key. */
  key: string;
  /** What it is, such as `invoice`. */
  kind: string;
  /** Receipt number, empty when it has none. */
  number: string;
  /** Its amount. */
  total: MoneyView;
  /** Where it is. */
  state: DocumentState;
  /** How often it was sent. */
  tries: number;
  /** Code of the hub's last answer. */
  last_answer_code?: string;
  /** The same as a sentence. */
  last_answer?: string;
  /** When it was made, in the shop's time. */
  created_text: string;
  /** When it is tried next. */
  next_try_text?: string;
  /** When the hub acknowledged it. */
  acknowledged_text?: string;
};

/** Asks for documents. */
export type DocumentsRequest = {
  /** Which ones. */
  filter: DocumentFilter;
  /** How many at most, up to 200. */
  limit: number;
};

/** The sync desk. */
export type DocumentsView = {
  /** Newest first. */
  documents: Array<DocumentView>;
  /** Over all documents, whatever the filter. */
  counts: DocumentCountsView;
};

/** A sale that is durably on the till. */
export type DoneView = {
  /** The invoice's idempotency key. */
  invoice_id: string;
  /** Receipt number, `03-000147`. */
  number: string;
  /** What the customer owed. */
  total: MoneyView;
  /** What the customer handed over. */
  paid: MoneyView;
  /** What the customer gets back. */
  change: MoneyView;
  /** Money taken, one entry a mode. */
  tenders: Array<TenderView>;
  /** How the receipt stands; `print_changed` follows. */
  print: PrintView;
  /** How the sync stands; `sync_changed` follows. */
  sync: SyncView;
};

/** Changes a line: what is left out stays as it is. */
export type EditLineRequest = {
  /** Line id. */
  line: number;
  /** How much of the item is sold, decimal text. */
  quantity?: string;
  /** Another price than the list's: amount for one unit, as typed. */
  price?: string;
  /** The discount; an amount is for the whole line. */
  discount?: DiscountInput;
};

/** Asks the hub to take this till in. */
export type EnrolTillRequest = {
  /** Address of the hub, such as `https://hub.example:8443`. */
  hub_url: string;
  /** The single-use code the hub shows. */
  code: string;
  /** What people call this till. */
  till_name: string;
};

/** Asks whether an answer of the enrolment would do, before the next question. */
export type EnrolmentCheckRequest = {
  /** Address of the hub, such as `https://hub.example:8443`. */
  hub_url: string;
  /** The code; without one only the address is looked at. */
  code?: string;
};

/** The answer would do. */
export type EnrolmentCheckView = {
  /** The shop the code is for. */
  shop?: string;
};

/** Something changed. */
export type Event =
  | { "type": "sync_changed", sync: SyncView }
  | { "type": "print_changed", invoice_id: string, print: PrintView }
  | { "type": "catalogue_changed", items: number, loading?: LoadingView }
  | { "type": "clock", now_text: string };

/** An error on its way to another process: the UI translates `code` with `params` and falls
 * back to `message`. */
export type Fault = {
  /** Stable code in `snake_case`. */
  code: string;
  /** Parameters of the sentence by name. */
  params: { [key in string]: string };
  /** The sentence in English. */
  message: string;
};

/** Names an invoice. */
export type InvoiceRequest = {
  /** The invoice's idempotency key. */
  invoice_id: string;
};

/** An item as a tile or a row. */
export type ItemTile = {
  /** Item id. */
  id: string;
  /** Name to show. */
  name: string;
  /** Price in the till's price list. */
  price: MoneyView;
  /** Unit the price is for. */
  unit: string;
  /** Category id. */
  category: string;
};

/** What a search found. */
export type ItemsView = {
  /** Most sold first. */
  items: Array<ItemTile>;
  /** Whether there is more than was asked for. */
  more: boolean;
};

/** Names a line of the cart. */
export type LineRequest = {
  /** Line id. */
  line: number;
};

/** Why a price list is looked at. */
export type ListOrigin = "customer" | "customer_group" | "till" | "shop";

/** Progress of a catalogue load, in records. */
export type LoadingView = {
  /** Records applied. */
  done: number;
  /** Records announced by the hub. */
  total: number;
};

/** What a mode of payment makes of what is due. */
export type ModeDueView = {
  /** Mode id. */
  mode: string;
  /** Amount due if what is left is paid with this mode. */
  due: MoneyView;
  /** Still missing then. */
  remaining: MoneyView;
};

/** An amount as it is shown: the till formats, the window does not calculate. */
export type MoneyView = {
  /** Minor units of the shop's currency (cents). */
  minor: number;
  /** The amount with separators and without a currency sign, such as `1,234.56`. */
  text: string;
};

/** A request or an answer with nothing in it. */
export type Nothing = Record<symbol, never>;

/** A promotion that a few more units would reach. */
export type OfferView = {
  /** Name of the promotion. */
  name: string;
  /** How many units are missing, decimal text. */
  missing: string;
};

/** Width of the paper roll. */
export type PaperWidth = "80" | "58";

/** Closes the sale. */
export type PayRequest = {
  /** The cart the cashier saw. Paying a paid cart again answers the same sale. */
  cart_id: string;
  /** The total the cashier saw, in minor units. */
  expected_total_minor: number;
  /** Money handed over. */
  tenders: Array<TenderInput>;
};

/** What kind of payment a mode is. Only cash gives change. */
export type PaymentKind = "cash" | "card" | "other";

/** A mode of payment. */
export type PaymentModeView = {
  /** Mode id. */
  id: string;
  /** Name to show. */
  name: string;
  /** Cash, card or something else. */
  kind: PaymentKind;
};

/** The people who may sign in here. */
export type PeopleView = {
  /** In the order of their names. */
  people: Array<PersonView>;
};

/** One thing a person may be allowed to do. */
export type Permission = "sell" | "discount_line" | "discount_invoice" | "override_price" | "view_sync" | "retry_sync" | "reprint" | "manage_till";

/** A person as a tile. */
export type PersonView = {
  /** User id. */
  id: string;
  /** Full name. */
  name: string;
  /** Role in the shop. */
  role: Role;
  /** One or two letters for the tile. */
  initials: string;
  /** Whether a PIN is enough: the person has one and has signed in here before. */
  can_pin: boolean;
  /** Whether the person can sign in while the hub is away. */
  offline_ok: boolean;
};

/** How far the till has come since it was opened. */
export type Phase = "needs_enrolment" | "signed_out" | "signed_in";

/** Why a line has its price, where the item has more than one. */
export type PriceWhyView = {
  /** Name of the price list. */
  list: string;
  /** Why that list. */
  origin: ListOrigin;
  /** Whether it is a price for this customer alone. */
  for_customer: boolean;
  /** The quantity it holds from, decimal text. */
  from_quantity?: string;
  /** Its first day, `2026-11-01`. */
  since?: string;
  /** Its last day. */
  until?: string;
};

/** How a receipt stands. */
export type PrintState = "printed" | "printing" | "waiting" | "failed";

/** How a receipt stands, with the reason when it is not on paper. */
export type PrintView = {
  /** How the receipt stands. */
  state: PrintState;
  /** Why it waits or failed. */
  code?: string;
  /** The same as a sentence. */
  message?: string;
};

/** What the till last heard of the printer. */
export type PrinterCondition = "none" | "unknown" | "ready" | "problem";

/** How the printer is reached. */
export type PrinterKind = "none" | "tcp" | "file";

/** Sets the printer up. */
export type PrinterRequest = {
  /** How it is reached. */
  kind: PrinterKind;
  /** `host:port` or a path; empty for none. */
  address: string;
  /** Width of the paper. */
  paper: PaperWidth;
};

/** The printer as it is set up. */
export type PrinterView = {
  /** How it is reached. */
  kind: PrinterKind;
  /** `host:port` or a path; empty for none. */
  address: string;
  /** Width of the paper. */
  paper: PaperWidth;
  /** What the till last heard of it. */
  state: PrinterCondition;
  /** Why it does not print. */
  code?: string;
  /** The same as a sentence. */
  message?: string;
};

/** Asks what is left to pay. */
export type QuoteRequest = {
  /** Money handed over so far. */
  tenders: Array<TenderInput>;
};

/** What is left to pay. */
export type QuoteView = {
  /** Amount due with these tenders: the nearest coin if any of it is cash and the shop rounds to
   * coins. */
  due: MoneyView;
  /** Handed over so far. */
  paid: MoneyView;
  /** Still missing, zero when enough. */
  remaining: MoneyView;
  /** The same for each mode, were what is left paid with it; in the shop's order. */
  modes: Array<ModeDueView>;
  /** To give back. */
  change: MoneyView;
  /** Whether the sale can be closed. */
  enough: boolean;
};

/** A sale in a list. */
export type ReceiptView = {
  /** The invoice's idempotency key. */
  invoice_id: string;
  /** Receipt number. */
  number: string;
  /** Time of day of the sale, with the date when it was not today. */
  time_text: string;
  /** What the customer paid. */
  total: MoneyView;
  /** How the receipt stands. */
  print: PrintView;
  /** How its document stands. */
  sync_state: DocumentState;
};

/** The last sales. */
export type ReceiptsView = {
  /** Newest first. */
  receipts: Array<ReceiptView>;
};

/** Asks for the last sales. */
export type RecentRequest = {
  /** How many at most, up to 200. */
  limit: number;
};

/** Asks for another try at once. */
export type RetryRequest = {
  /** Only this document; all that wait when left out. */
  key?: string;
};

/** The part a person plays at the till, in ascending order of what it allows. */
export type Role = "cashier" | "supervisor" | "manager" | "administrator";

/** What a promotion took off, for the cashier to tell. */
export type SavingView = {
  /** Name of the promotion. */
  name: string;
  /** What it says: `buy 2, get 1 free`. */
  what: string;
  /** How many units it took, decimal text; left out where it is for the whole ticket. */
  quantity?: string;
  /** What it saved. */
  saved: MoneyView;
};

/** A code was scanned or typed. */
export type ScanRequest = {
  /** The code as the scanner sent it. */
  code: string;
};

/** Search as you type. An empty text answers what is sold most. */
export type SearchRequest = {
  /** Beginnings of words. */
  text: string;
  /** Only items of this category. */
  category?: string;
  /** How many rows at most, up to 200. */
  limit: number;
};

/** What a person proves themself with. */
export type SecretKind = "password" | "pin";

/** Who is signed in and what they may do. */
export type SessionView = {
  /** User id. */
  user_id: string;
  /** Full name. */
  name: string;
  /** Role in the shop. */
  role: Role;
  /** What the role allows; the till checks it again on every command. */
  permissions: Array<Permission>;
  /** Time of day of the sign-in in the shop, `08:02`. */
  since: string;
};

/** Names the customer of the sale, or nobody. */
export type SetCustomerRequest = {
  /** Customer id; left out for a walk-in customer. */
  customer_id?: string;
};

/** Gives a discount on the whole sale. */
export type SetDiscountRequest = {
  /** The discount. */
  discount: DiscountInput;
};

/** The shop as the window names it. */
export type ShopView = {
  /** Name over the door. */
  name: string;
  /** The till's number in the shop, such as `03`. */
  till: string;
  /** ISO 4217 code. */
  currency_code: string;
  /** Sign to show beside amounts. */
  currency_symbol: string;
  /** How many decimals amounts have. */
  currency_decimals: number;
};

/** Signs a person in. */
export type SignInRequest = {
  /** User id. */
  user_id: string;
  /** The password or the PIN. */
  secret: string;
  /** Which of the two it is. */
  kind: SecretKind;
};

/** How the sync stands. */
export type SyncState = "synced" | "waiting" | "offline" | "attention" | "syncing";

/** The sync pill. */
export type SyncView = {
  /** How the sync stands. */
  state: SyncState;
  /** Documents the hub has not acknowledged and nobody needs to look at. */
  waiting: number;
  /** Documents a person has to look at. */
  attention: number;
  /** Time of day the hub went away, `14:05`, with the date when it was not today. */
  offline_since_text?: string;
  /** Time of day of the last complete sync. */
  last_synced_text?: string;
  /** When the hub went away, RFC 3339. */
  offline_since?: string;
  /** When everything was last synced, RFC 3339. */
  last_synced?: string;
};

/** Money handed over, as typed. */
export type TenderInput = {
  /** Mode id. */
  mode: string;
  /** Amount as typed. */
  amount: string;
};

/** Money taken. */
export type TenderView = {
  /** Mode id. */
  mode: string;
  /** Name of the mode. */
  name: string;
  /** Amount handed over. */
  amount: MoneyView;
};

/** Which theme the till was started with. */
export type ThemeHint = "system" | "light" | "dark";

/** Everything a window needs to decide which screen it shows. */
export type TillState = {
  /** How far the till has come. */
  phase: Phase;
  /** The shop, once enrolled. */
  shop?: ShopView;
  /** The till's name as the person who enrolled it typed it. */
  till_name?: string;
  /** The hub this till belongs to, or the address to offer for enrolment. */
  hub_url?: string;
  /** Who is signed in. */
  session?: SessionView;
  /** How the sync stands. */
  sync: SyncView;
  /** How the printer stands. */
  printer: PrinterView;
  /** How much of the catalogue is here. */
  catalogue: CatalogueView;
  /** The time of day in the shop, `14:07`. */
  now_text: string;
  /** Version of the till. */
  version: string;
  /** Which theme the till was started with. */
  theme_hint: ThemeHint;
};

/** Why a promotion did nothing. */
export type WhyNotView = {
  /** `not_now`, `not_here`, `other_customers`, `needs_loyalty`, `needs_coupon`,
   * `coupon_used_up`, `coupon_used_by_customer`, `coupon_needs_customer`, `more_units`,
   * `more_spent` or `beaten`. */
  code: string;
  /** How many units are missing, or how much money as it is shown. */
  missing?: string;
};
