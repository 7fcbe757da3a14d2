import { m } from '../paraglide/messages';

/** The words of the window, in the language it speaks. */
export { m };
export { sentence, type FaultLike } from './sentence';
export { language } from './language.svelte';
export { dayText } from './day';
