import { call, faultOf, type Fault, type TillState } from '../../backend';

/** The steps of an enrolment, in their order. */
export const STEPS = ['hub', 'code', 'name'] as const;
export type Step = (typeof STEPS)[number];

/** Refusals that belong to an earlier step than the last one, so that they show where to mend. */
const STEP_OF: Record<string, Step> = {
  hub_url_invalid: 'hub',
  hub_unreachable: 'hub',
  hub_timeout: 'hub',
  hub_garbage: 'hub',
  hub_refused: 'hub',
  hub_without_shop: 'hub',
  version_unsupported: 'hub',
  enrol_code_missing: 'code',
  enrol_code_wrong: 'code',
  enrol_code_used: 'code',
  enrol_code_expired: 'code',
  too_many_attempts: 'code',
  sign_in_locked: 'code',
  till_name_invalid: 'name',
};

/** Joins the till to a shop. Each answer is looked at as it is given; the code is used at the end. */
export class EnrolmentController {
  step = $state<Step>('hub');
  hubUrl = $state('');
  code = $state('');
  tillName = $state('');
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);

  constructor(hubUrl = '') {
    this.hubUrl = hubUrl;
  }

  /** Position of the step, from 0. */
  get index(): number {
    return STEPS.indexOf(this.step);
  }

  /** Whether the step is answered. */
  get answered(): boolean {
    const answers = { hub: this.hubUrl, code: this.code, name: this.tillName };
    return answers[this.step].trim() !== '';
  }

  /** Goes to the next step, once the hub has looked at this one's answer. */
  async next(): Promise<void> {
    const next = STEPS[this.index + 1];
    if (!next || !this.answered || this.busy) return;
    this.busy = true;
    this.fault = null;
    const code = this.step === 'code' ? { code: this.code.trim() } : {};
    try {
      await call('enrolment.check', { hub_url: this.hubUrl.trim(), ...code });
      this.step = next;
    } catch (cause) {
      this.fault = faultOf(cause);
      this.step = STEP_OF[this.fault.code] ?? this.step;
    } finally {
      this.busy = false;
    }
  }

  /** Goes one step back; answers whether there was one. */
  back(): boolean {
    const previous = STEPS[this.index - 1];
    if (!previous || this.busy) return false;
    this.step = previous;
    this.fault = null;
    return true;
  }

  /** Enrols; answers the state of the till, or nothing when it was refused. */
  async submit(): Promise<TillState | undefined> {
    if (this.busy || !this.answered) return undefined;
    this.busy = true;
    this.fault = null;
    try {
      return await call('enrolment.enrol', {
        hub_url: this.hubUrl.trim(),
        code: this.code.trim(),
        till_name: this.tillName.trim(),
      });
    } catch (cause) {
      this.fault = faultOf(cause);
      this.step = STEP_OF[this.fault.code] ?? this.step;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
