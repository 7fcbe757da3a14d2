import { m } from '../paraglide/messages';

/** A refusal as it crosses from Rust. */
export interface FaultLike {
  code: string;
  params: Record<string, string | undefined>;
  message: string;
}

type Words = (params: Record<string, string | undefined>) => string;

const words = m as unknown as Record<string, Words | undefined>;

/**
 * The sentence for a refusal in the language of the window. A code without a translation, or one
 * whose parameters did not arrive, speaks with the sentence that Rust sent along.
 */
export function sentence(fault: FaultLike): string {
  const say = words[`fault_${fault.code}`];
  if (!say) return fault.message;
  let complete = true;
  const params = new Proxy(fault.params, {
    get(target, name: string) {
      const value = target[name];
      if (value === undefined) complete = false;
      return value;
    },
  });
  const said = say(params);
  return complete ? said : fault.message;
}
