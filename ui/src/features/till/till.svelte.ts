import {
  call,
  faultOf,
  onEvent,
  type Event,
  type Fault,
  type Permission,
  type PrintView,
  type TillState,
} from '../../backend';

/**
 * The till as the window knows it: how far it has come, who is signed in, how the sync stands.
 * Everything here was said by Rust; nothing is guessed.
 */
export class TillController {
  state = $state.raw<TillState | null>(null);
  /** Why the till cannot open at all. */
  startFault = $state.raw<Fault | null>(null);
  /** Grows when the sync moved on; lists of documents read themselves again. */
  syncVersion = $state(0);
  /** Grows when items, people or categories changed. */
  catalogueVersion = $state(0);
  #stop: (() => void) | null = null;
  /** How many events were heard. */
  #heard = 0;
  readonly #syncMoved = settled(() => (this.syncVersion += 1), 300);
  readonly #catalogueMoved = settled(() => (this.catalogueVersion += 1), 800);
  #printed: ((invoice: string, print: PrintView) => void)[] = [];

  /** Asks the till how it stands and starts to listen. */
  async start(): Promise<void> {
    try {
      this.#stop ??= await onEvent((event) => this.#hear(event));
      this.state = await call('till.state', {});
      this.startFault = null;
    } catch (cause) {
      this.startFault = faultOf(cause);
    }
  }

  /** Stops listening. */
  stop(): void {
    this.#stop?.();
    this.#stop = null;
  }

  /**
   * Takes the state another command answered. News can overtake an answer on its way here, so the
   * till is asked again until nothing was heard meanwhile.
   */
  take(state: TillState): void {
    this.state = state;
    void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    try {
      let heard: number;
      do {
        heard = this.#heard;
        const state = await call('till.state', {});
        if (heard === this.#heard) this.state = state;
      } while (heard !== this.#heard);
    } catch (cause) {
      this.startFault = faultOf(cause);
    }
  }

  /** Leaves the till to the next person. The cart stays where it is, in the store. */
  async signOut(): Promise<void> {
    this.state = await call('session.sign_out', {});
  }

  /** Whether the person who is signed in may do this. Rust checks it again. */
  may(permission: Permission): boolean {
    return this.state?.session?.permissions.includes(permission) ?? false;
  }

  /** Hears of receipts that moved on; answers how to stop. */
  onPrint(hear: (invoice: string, print: PrintView) => void): () => void {
    this.#printed = [...this.#printed, hear];
    return () => {
      this.#printed = this.#printed.filter((other) => other !== hear);
    };
  }

  #hear(event: Event): void {
    this.#heard += 1;
    if (event.type === 'print_changed') {
      for (const hear of this.#printed) hear(event.invoice_id, event.print);
      return;
    }
    const state = this.state;
    if (!state) return;
    switch (event.type) {
      case 'sync_changed':
        this.state = { ...state, sync: event.sync };
        this.#syncMoved();
        break;
      case 'catalogue_changed':
        this.state = { ...state, catalogue: { items: event.items, loading: event.loading } };
        this.#catalogueMoved();
        break;
      case 'clock':
        this.state = { ...state, now_text: event.now_text };
        break;
    }
  }
}

/** Runs at most once in a while, and always once more after the last call. */
function settled(run: () => void, wait: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      run();
    }, wait);
  };
}
