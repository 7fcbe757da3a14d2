import { call, faultOf, type CustomerView, type Fault } from '../../backend';

/** Looks for customers as somebody types. */
export class CustomersController {
  text = $state('');
  found = $state.raw<CustomerView[]>([]);
  searched = $state(false);
  fault = $state.raw<Fault | null>(null);
  #asked = 0;

  /** Searches for the text; only the last question is answered. */
  async search(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const { customers } = await call('sell.customers', { text: this.text });
      if (asked !== this.#asked) return;
      this.found = customers;
      this.searched = true;
      this.fault = null;
    } catch (cause) {
      if (asked === this.#asked) this.fault = faultOf(cause);
    }
  }
}
