import type { DocumentState, DocumentView, SyncView } from '../../backend';
import { m, sentence } from '../../messages';

/** Shapes of the sync states; each state also has a word and a colour. */
export type Shape = 'full' | 'half' | 'ring' | 'triangle' | 'arrow';

/** What the pill says: a shape, words and whether a person has to act. */
export function pill(sync: SyncView): { shape: Shape; text: string; tone: string } {
  const count = sync.waiting;
  if (sync.state === 'attention') {
    return {
      shape: 'triangle',
      // Without a document to look at it is the till itself that the hub does not let in.
      text: sync.attention > 0 ? m.sync_attention({ count: sync.attention }) : m.sync_shut_out(),
      tone: 'caution',
    };
  }
  if (sync.state === 'offline') {
    const since = sync.offline_since_text;
    if (since === undefined) {
      const text = count > 0 ? m.sync_offline_waiting({ count }) : m.sync_offline();
      return { shape: 'ring', text, tone: 'calm' };
    }
    const text =
      count > 0 ? m.sync_offline_since_waiting({ since, count }) : m.sync_offline_since({ since });
    return { shape: 'ring', text, tone: 'calm' };
  }
  if (count > 0) return { shape: 'half', text: m.sync_waiting({ count }), tone: 'calm' };
  return { shape: 'full', text: m.sync_synced(), tone: 'good' };
}

/** A document's state in words, with its shape. */
export function documentState(state: DocumentState): { shape: Shape; text: string; tone: string } {
  switch (state) {
    case 'acknowledged':
      return { shape: 'full', text: m.document_acknowledged(), tone: 'good' };
    case 'sending':
      return { shape: 'arrow', text: m.document_sending(), tone: 'calm' };
    case 'pending':
      return { shape: 'half', text: m.document_pending(), tone: 'calm' };
    case 'retrying':
      return { shape: 'half', text: m.document_retrying(), tone: 'calm' };
    case 'waiting':
      return { shape: 'half', text: m.document_waiting(), tone: 'calm' };
    case 'needs_attention':
      return { shape: 'triangle', text: m.document_attention(), tone: 'caution' };
  }
}

/** What a kind of document is called. */
export function documentKind(kind: string): string {
  return kind === 'invoice' ? m.document_kind_invoice() : kind.replaceAll('_', ' ');
}

/** The last answer of the hub to a document, in the language of the window. */
export function answer(document: DocumentView): string {
  if (document.acknowledged_text !== undefined) {
    return m.document_acknowledged_at({ time: document.acknowledged_text });
  }
  if (document.last_answer_code === undefined) return document.last_answer ?? '–';
  return sentence({
    code: document.last_answer_code,
    params: {},
    message: document.last_answer ?? document.last_answer_code,
  });
}

/** What the state of the sync means for the person at the till. */
export function explanation(sync: SyncView): string {
  if (sync.state === 'attention') return m.sync_explain_attention();
  if (sync.state === 'offline') return m.sync_explain_offline();
  if (sync.waiting > 0) return m.sync_explain_waiting();
  return m.sync_explain_synced();
}
