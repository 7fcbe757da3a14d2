/** The till behind the window: typed commands, events and the types that cross. */
export { call, faultOf, onEvent, Refusal } from './call';
export type { CommandName, Commands } from './generated/commands';
export { FAULT_CODES, type FaultCode } from './generated/faults';
export type * from './generated/types';
export { SEARCH_LIMIT } from './generated/types';
