// Generated from crates/app by `cargo xtask codegen`. Do not edit.
import type {
  AddItemRequest,
  CartView,
  CategoriesView,
  ChargeView,
  CouponRequest,
  CustomersRequest,
  CustomersView,
  DocumentsRequest,
  DocumentsView,
  DoneView,
  EditLineRequest,
  EnrolTillRequest,
  EnrolmentCheckRequest,
  EnrolmentCheckView,
  InvoiceRequest,
  ItemsView,
  LineRequest,
  Nothing,
  PayRequest,
  PeopleView,
  PrintView,
  PrinterRequest,
  PrinterView,
  QuoteRequest,
  QuoteView,
  ReceiptsView,
  RecentRequest,
  RetryRequest,
  ScanRequest,
  SearchRequest,
  SetCustomerRequest,
  SetDiscountRequest,
  SignInRequest,
  SyncView,
  TillState,
} from './types';

/** Every command of the till: what it takes and what it answers. */
export interface Commands {
  'till.state': { request: Nothing; response: TillState };
  'enrolment.check': { request: EnrolmentCheckRequest; response: EnrolmentCheckView };
  'enrolment.enrol': { request: EnrolTillRequest; response: TillState };
  'session.people': { request: Nothing; response: PeopleView };
  'session.sign_in': { request: SignInRequest; response: TillState };
  'session.sign_out': { request: Nothing; response: TillState };
  'catalogue.categories': { request: Nothing; response: CategoriesView };
  'catalogue.search': { request: SearchRequest; response: ItemsView };
  'sell.customers': { request: CustomersRequest; response: CustomersView };
  'sell.cart': { request: Nothing; response: CartView };
  'sell.scan': { request: ScanRequest; response: CartView };
  'sell.add_item': { request: AddItemRequest; response: CartView };
  'sell.edit_line': { request: EditLineRequest; response: CartView };
  'sell.remove_line': { request: LineRequest; response: CartView };
  'sell.set_discount': { request: SetDiscountRequest; response: CartView };
  'sell.set_customer': { request: SetCustomerRequest; response: CartView };
  'sell.remove_coupon': { request: CouponRequest; response: CartView };
  'sell.clear': { request: Nothing; response: CartView };
  'checkout.prepare': { request: Nothing; response: ChargeView };
  'checkout.quote': { request: QuoteRequest; response: QuoteView };
  'checkout.pay': { request: PayRequest; response: DoneView };
  'receipt.print_again': { request: InvoiceRequest; response: PrintView };
  'receipt.state': { request: InvoiceRequest; response: PrintView };
  'receipt.recent': { request: RecentRequest; response: ReceiptsView };
  'settings.printer': { request: PrinterRequest; response: PrinterView };
  'sync.status': { request: Nothing; response: SyncView };
  'sync.documents': { request: DocumentsRequest; response: DocumentsView };
  'sync.retry_now': { request: RetryRequest; response: SyncView };
}

export type CommandName = keyof Commands;

/** The commands by name, in the order the till declares them. */
export const COMMAND_NAMES: readonly CommandName[] = [
  'till.state',
  'enrolment.check',
  'enrolment.enrol',
  'session.people',
  'session.sign_in',
  'session.sign_out',
  'catalogue.categories',
  'catalogue.search',
  'sell.customers',
  'sell.cart',
  'sell.scan',
  'sell.add_item',
  'sell.edit_line',
  'sell.remove_line',
  'sell.set_discount',
  'sell.set_customer',
  'sell.remove_coupon',
  'sell.clear',
  'checkout.prepare',
  'checkout.quote',
  'checkout.pay',
  'receipt.print_again',
  'receipt.state',
  'receipt.recent',
  'settings.printer',
  'sync.status',
  'sync.documents',
  'sync.retry_now',
];
