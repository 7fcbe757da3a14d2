import { call, faultOf, type Fault, type PrintView, type ReceiptView } from '../../backend';

const SHOWN = 100;

/** The last receipts of this till. */
export class ReceiptsController {
  receipts = $state.raw<ReceiptView[]>([]);
  loaded = $state(false);
  selected = $state<string | null>(null);
  fault = $state.raw<Fault | null>(null);

  /** Reads the last receipts. */
  async load(): Promise<void> {
    try {
      this.receipts = (await call('receipt.recent', { limit: SHOWN })).receipts;
      this.loaded = true;
      this.fault = null;
    } catch (cause) {
      this.fault = faultOf(cause);
    }
  }

  /** The receipt whose details are shown. */
  get current(): ReceiptView | undefined {
    return this.receipts.find((receipt) => receipt.invoice_id === this.selected);
  }

  /** Prints a receipt once more. */
  async printAgain(invoice: string): Promise<void> {
    try {
      this.printed(invoice, await call('receipt.print_again', { invoice_id: invoice }));
      this.fault = null;
    } catch (cause) {
      this.fault = faultOf(cause);
    }
  }

  /** Takes news of a receipt. */
  printed(invoice: string, print: PrintView): void {
    this.receipts = this.receipts.map((receipt) =>
      receipt.invoice_id === invoice ? { ...receipt, print } : receipt,
    );
  }
}
