import {
  call,
  faultOf,
  type Fault,
  type PersonView,
  type SecretKind,
  type TillState,
} from '../../backend';

/** Signing in: who, then the PIN or the password. */
export class SignInController {
  people = $state.raw<PersonView[]>([]);
  loaded = $state(false);
  person = $state.raw<PersonView | null>(null);
  kind = $state<SecretKind>('password');
  secret = $state('');
  fault = $state.raw<Fault | null>(null);
  busy = $state(false);

  /** Reads who may sign in here. */
  async load(): Promise<void> {
    try {
      this.people = (await call('session.people', {})).people;
      this.loaded = true;
    } catch (cause) {
      this.fault = faultOf(cause);
    }
  }

  /** Chooses a person; a PIN is asked for where it is enough. */
  choose(person: PersonView): void {
    this.person = person;
    this.kind = person.can_pin ? 'pin' : 'password';
    this.secret = '';
    this.fault = null;
  }

  /** Goes back to the people; answers whether a person was chosen. */
  back(): boolean {
    if (!this.person || this.busy) return false;
    this.person = null;
    this.secret = '';
    this.fault = null;
    return true;
  }

  /** Asks for the other kind of secret. */
  use(kind: SecretKind): void {
    this.kind = kind;
    this.secret = '';
    this.fault = null;
  }

  /** A key of the PIN pad. */
  press(key: string): void {
    if (key === 'clear') this.secret = '';
    else if (key === 'back') this.secret = this.secret.slice(0, -1);
    else if (this.secret.length < 12) this.secret += key;
  }

  /** Signs in; answers the state of the till, or nothing when it was refused. */
  async submit(): Promise<TillState | undefined> {
    const person = this.person;
    if (!person || this.busy || this.secret === '') return undefined;
    this.busy = true;
    try {
      const request = { user_id: person.id, secret: this.secret, kind: this.kind };
      const state = await call('session.sign_in', request);
      this.fault = null;
      return state;
    } catch (cause) {
      this.fault = faultOf(cause);
      return undefined;
    } finally {
      this.secret = '';
      this.busy = false;
    }
  }
}
