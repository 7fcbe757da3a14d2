/** The screens of a signed-in person. */
export type Place = 'sell' | 'pay' | 'done' | 'history' | 'sync';
