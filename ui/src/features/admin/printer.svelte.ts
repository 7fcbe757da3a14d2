import {
  call,
  faultOf,
  type Fault,
  type PaperWidth,
  type PrinterKind,
  type PrinterView,
} from '../../backend';

/** The printer's settings, as an administrator changes them. */
export class PrinterController {
  kind = $state<PrinterKind>('none');
  address = $state('');
  paper = $state<PaperWidth>('80');
  fault = $state.raw<Fault | null>(null);
  saved = $state(false);
  busy = $state(false);

  constructor(view: PrinterView) {
    this.kind = view.kind;
    this.address = view.address;
    this.paper = view.paper;
  }

  /** Saves; answers the printer as it is now, or nothing when it was refused. */
  async save(): Promise<PrinterView | undefined> {
    this.busy = true;
    this.saved = false;
    try {
      const address = this.kind === 'none' ? '' : this.address.trim();
      const view = await call('settings.printer', { kind: this.kind, address, paper: this.paper });
      this.fault = null;
      this.saved = true;
      return view;
    } catch (cause) {
      this.fault = faultOf(cause);
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
