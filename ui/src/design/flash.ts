/** Colours something once and lets it fade; it stays where it is, and so does the focus on it. */
export function flashOnce(element: HTMLElement): void {
  const still = window.matchMedia?.('(prefers-reduced-motion: reduce)').matches ?? true;
  const colour = getComputedStyle(element).getPropertyValue('--flash').trim();
  const frames = still
    ? [{ backgroundColor: colour }, { backgroundColor: colour }]
    : [{ backgroundColor: colour }, { backgroundColor: 'transparent' }];
  element.animate?.(frames, { duration: still ? 400 : 900, easing: 'ease-out' });
}
