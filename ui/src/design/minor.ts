/**
 * An amount in minor units as the digits somebody would type: `735` with two decimals is `7.35`.
 * Whole numbers only, so nothing is rounded.
 */
export function digitsOf(minor: number, decimals: number): string {
  const digits = Math.abs(minor)
    .toString()
    .padStart(decimals + 1, '0');
  const sign = minor < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** A decimal text with at least so many decimals: `3.5` is `3.50`. */
export function padded(text: string, decimals: number): string {
  const [whole = '0', fraction = ''] = text.split('.');
  const kept = fraction.padEnd(decimals, '0');
  return kept === '' ? whole : `${whole}.${kept}`;
}
