import { type WireErrorName, wireErrors } from '../declaration/errors.js';

/** A frame that arrived intact and yet is no message: what a board answers with ERROR. */
export interface Malformed {
  readonly name: 'MALFORMED';
  /** Type byte of the frame. */
  readonly id: number;
  readonly error: Extract<WireErrorName, 'BAD_LENGTH' | 'BAD_VALUE' | 'UNKNOWN_MESSAGE'>;
  /** Says which field, its value and what is allowed. */
  readonly text: string;
}

export function malformed(id: number, error: Malformed['error'], finding?: string): Malformed {
  const { text } = wireErrors[error];
  return { name: 'MALFORMED', id, error, text: finding === undefined ? text : `${text} ${finding}` };
}
