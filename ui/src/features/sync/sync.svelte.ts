import {
  call,
  faultOf,
  type DocumentCountsView,
  type DocumentFilter,
  type DocumentView,
  type Fault,
} from '../../backend';

const SHOWN = 200;
const NONE: DocumentCountsView = { waiting: 0, attention: 0, acknowledged: 0 };

/** The documents on their way to the hub: what the hub has, what it has not, and why. */
export class SyncController {
  documents = $state.raw<DocumentView[]>([]);
  counts = $state.raw<DocumentCountsView>(NONE);
  filter = $state<DocumentFilter>('all');
  selected = $state<string | null>(null);
  loaded = $state(false);
  busy = $state(false);
  fault = $state.raw<Fault | null>(null);
  #asked = 0;

  /** Reads the documents of the filter; only the last question is answered. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const view = await call('sync.documents', { filter: this.filter, limit: SHOWN });
      if (asked !== this.#asked) return;
      this.documents = view.documents;
      this.counts = view.counts;
      this.loaded = true;
      this.fault = null;
    } catch (cause) {
      if (asked === this.#asked) this.fault = faultOf(cause);
    }
  }

  /** Shows other documents. */
  show(filter: DocumentFilter): void {
    this.filter = filter;
    this.selected = null;
    void this.load();
  }

  /** The document whose reason is shown. */
  get current(): DocumentView | undefined {
    return this.documents.find((document) => document.key === this.selected);
  }

  /** Has one document, or all that wait, tried again at once. */
  async retry(key?: string): Promise<void> {
    this.busy = true;
    try {
      await call('sync.retry_now', key === undefined ? {} : { key });
      await this.load();
    } catch (cause) {
      this.fault = faultOf(cause);
    } finally {
      this.busy = false;
    }
  }
}
