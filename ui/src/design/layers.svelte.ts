/**
 * Who answers the keyboard. Screens and panels lie over one another; only the top one hears
 * Escape, Enter and the function keys, so that Escape always goes exactly one step back.
 */
export interface Layer {
  /** One step back; left out where there is none. */
  escape?: (() => void) | undefined;
  /** What the biggest button does. */
  enter?: (() => void) | undefined;
  /** Function keys by their name, such as `F2`. */
  keys?: Record<string, () => void> | undefined;
}

type Read = () => Layer;

const stack: Read[] = [];

/** Puts a layer on top for as long as the component that calls this is there. */
export function useLayer(read: Read): void {
  // A pre-effect runs before those of the children, so a panel lies on top of its screen.
  $effect.pre(() => {
    stack.push(read);
    return () => {
      const index = stack.indexOf(read);
      if (index >= 0) stack.splice(index, 1);
    };
  });
}

/** Gives a key to the top layer; answers whether it was wanted. */
export function press(event: KeyboardEvent): boolean {
  const top = stack.at(-1)?.();
  if (!top) return false;
  const action = actionFor(top, event);
  action?.();
  return action !== undefined;
}

function actionFor(layer: Layer, event: KeyboardEvent): (() => void) | undefined {
  if (event.key === 'Escape') return layer.escape;
  if (event.key === 'Enter') return pressesItself(event.target) ? undefined : layer.enter;
  return layer.keys?.[event.key];
}

/** A control that the keyboard went to on purpose answers Enter itself. */
function pressesItself(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, select, [role="radio"]') !== null;
}

/** Starts listening; answers how to stop. */
export function listenForKeys(target: Window): () => void {
  const down = (event: KeyboardEvent): void => {
    // A key that is held down must not sell, pay and start again by itself.
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (press(event)) event.preventDefault();
  };
  // A touched button must not keep the focus: Enter would press it again instead of the biggest
  // one, and a field that is being typed into would lose its place.
  const hold = (event: MouseEvent): void => {
    const element = event.target instanceof Element ? event.target : null;
    if (element?.closest('button') && !element.closest('[data-takes-focus]')) {
      event.preventDefault();
    }
  };
  target.addEventListener('keydown', down);
  target.addEventListener('mousedown', hold);
  return () => {
    target.removeEventListener('keydown', down);
    target.removeEventListener('mousedown', hold);
  };
}
