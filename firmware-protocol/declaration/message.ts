import type { WireErrorName } from './errors.js';
import type { Field } from './field.js';

/**
 * What a message is in the conversation (the rules stand in `rules.ts` and `docs/wire.md`):
 * a *request* has a sequence number of the host and is answered; a *notice* has neither;
 * a *reply* carries the sequence number of its request; a *stream* message has one of the board's.
 */
export type Role = 'request' | 'notice' | 'reply' | 'stream';

export interface MessageDeclaration {
  /** First byte of the frame. 0x01 … 0x7f host to board, 0x80 … 0xff board to host. */
  readonly id: number;
  readonly role: Role;
  /** Protocol version that brought it. */
  readonly since: string;
  readonly doc: string;
  readonly fields: readonly Field[];
  /** Requests: the message that answers it when it succeeds. */
  readonly reply?: string;
  /** Requests: the board answers within this time, in milliseconds. */
  readonly answerWithin?: number;
  /** Requests: errors it may meet beside those every request may. */
  readonly errors?: readonly WireErrorName[];
}

interface Common<F extends readonly Field[]> {
  readonly id: number;
  readonly doc: string;
  readonly fields: F;
  readonly since?: string;
}

interface Request<F extends readonly Field[], R extends string> extends Common<F> {
  readonly reply: R;
  readonly answerWithin?: number;
  readonly errors?: readonly WireErrorName[];
}

/** Declares a host-to-board message that is answered by `reply` or by ERROR. */
export const request = <const F extends readonly Field[], const R extends string>(message: Request<F, R>) =>
  ({ role: 'request', since: '1.0', answerWithin: 1000, errors: [], ...message }) as const;

/** Declares a host-to-board message that is never answered and may be repeated or lost without harm. */
export const notice = <const F extends readonly Field[]>(message: Common<F>) =>
  ({ role: 'notice', since: '1.0', ...message }) as const;

/** Declares an answer of the board. */
export const reply = <const F extends readonly Field[]>(message: Common<F>) =>
  ({ role: 'reply', since: '1.0', ...message }) as const;

/** Declares a board-to-host message that comes unasked, inside the stream credit. */
export const stream = <const F extends readonly Field[]>(message: Common<F>) =>
  ({ role: 'stream', since: '1.0', ...message }) as const;

export type Direction = 'host → board' | 'board → host';

export function directionOf(message: MessageDeclaration): Direction {
  return message.role === 'request' || message.role === 'notice' ? 'host → board' : 'board → host';
}
