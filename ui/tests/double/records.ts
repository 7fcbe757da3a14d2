import type {
  DocumentView,
  Fault,
  MoneyView,
  PersonView,
  PrintView,
  ReceiptView,
  Role,
  SyncView,
} from '../../src/backend';

/** An amount as Rust would format it. */
export function money(minor: number): MoneyView {
  const digits = Math.abs(minor).toString().padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return { minor, text: `${minor < 0 ? '-' : ''}${whole}.${digits.slice(-2)}` };
}

/** A refusal as Rust would send it. */
export function fault(code: string, params: Record<string, string> = {}): Fault {
  return { code, params, message: `The till refused: ${code}.` };
}

/** The minor units of an amount as it was typed. */
export function minorOf(text: string): number {
  const match = /^(\d+)(?:\.(\d{0,2}))?$/.exec(text.replaceAll(',', ''));
  if (!match) throw fault('amount_malformed', { text });
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

/** The people of the double. */
export function people(): PersonView[] {
  const person = (id: string, name: string, role: Role, known: boolean): PersonView => ({
    id,
    name,
    role,
    initials: name
      .split(' ')
      .map((word) => word.charAt(0))
      .join(''),
    can_pin: known,
    offline_ok: known,
  });
  return [
    person('ana', 'Ana Keller', 'cashier', true),
    person('ben', 'Ben Okafor', 'cashier', true),
    person('chloe', 'Chloe Martin', 'supervisor', true),
    person('dario', 'Dario Rossi', 'manager', true),
    person('emi', 'Emi Tanaka', 'cashier', false),
    person('farid', 'Farid Haddad-Schneider', 'administrator', false),
  ];
}

/** Its customers; one of them pays no tax. */
export function customers(): { id: string; name: string; phone: string; exemption?: string }[] {
  return [
    { id: 'c1', name: 'Amira Suleiman', phone: '030 555 0142' },
    { id: 'c2', name: 'Bakery Lindner GmbH & Co. KG, canteen and catering', phone: '030 555 0188' },
    { id: 'c3', name: 'Carl Jensen', phone: '' },
    { id: 'c4', name: 'Dilan Yilmaz', phone: '030 555 0117' },
    {
      id: 'c5',
      name: 'School kitchen of the Eastside district',
      phone: '030 555 0164',
      exemption: 'Public school, certificate 2026/114 of the city treasury',
    },
  ];
}

/** Its last sales. */
export function sales(): ReceiptView[] {
  const prints: PrintView[] = [
    { state: 'printed' },
    { state: 'waiting', code: 'printer_paper_out', message: 'Out of paper.' },
    { state: 'printed' },
  ];
  return Array.from({ length: 24 }, (_, index) => ({
    invoice_id: `old-${index}`,
    number: `03-${(146 - index).toString().padStart(6, '0')}`,
    time_text: `${14 - Math.floor(index / 8)}:${(59 - ((index * 7) % 60)).toString().padStart(2, '0')}`,
    total: money(885 + index * 1234),
    print: prints[index % prints.length] ?? { state: 'printed' },
    sync_state: index < 5 ? 'pending' : 'acknowledged',
  }));
}

/** Its outbox. */
export function documents(count: number, sync: SyncView): DocumentView[] {
  return Array.from({ length: count }, (_, index): DocumentView => {
    const base = {
      key: `019e6f1c-7f3a-7c11-9d20-${(4096 + index).toString(16).padStart(12, '0')}`,
      kind: 'invoice',
      number: `03-${(147 - index).toString().padStart(6, '0')}`,
      total: money(index === 3 ? 123_456_789 : 885 + index * 1237),
      created_text: `14:${(58 - index).toString().padStart(2, '0')}`,
    };
    if (index < sync.attention) {
      return {
        ...base,
        state: 'needs_attention',
        tries: 2,
        last_answer_code: 'fork',
        last_answer: 'The hub has another sale with this number; both are kept for a supervisor.',
      };
    }
    if (index < sync.attention + sync.waiting) {
      return {
        ...base,
        state: index % 3 === 0 ? 'retrying' : 'pending',
        tries: index % 3 === 0 ? 4 : 0,
        ...(index % 3 === 0
          ? {
              last_answer_code: 'hub_unreachable',
              last_answer: 'The hub cannot be reached.',
              next_try_text: '14:09',
            }
          : {}),
      };
    }
    return { ...base, state: 'acknowledged', tries: 1, acknowledged_text: base.created_text };
  });
}
