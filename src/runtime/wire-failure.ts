import { type WireErrorName, wireErrorName, wireErrors } from '../../firmware-protocol/declaration/errors.js';
import type { ErrorCode } from '../errors/codes.js';
import { EngramError } from '../errors/engram-error.js';

/** A board's ERROR as an engram error; `context.wireError` holds its name, `context.detail` its detail. */
export function boardRefused(request: string, code: number, detail: number, text: string): EngramError {
  const name = wireErrorName(code);
  const words = text || (name ? wireErrors[name].text : `error ${code}`);
  return new EngramError(errorCodeFor(name), `the board refused ${request}: ${words}`, {
    facts: [['board', name ? `${name} (${code}), detail ${detail}` : `error ${code}, detail ${detail}`]],
    fix: remedies(name),
    context: { wireError: name ?? code, detail },
  });
}

const imageErrors: readonly (WireErrorName | undefined)[] = [
  'BAD_CRC',
  'WRONG_FORMAT',
  'WRONG_CORE',
  'OUT_OF_MEMORY',
  'FAILED_CHECK',
  'WRONG_IMAGE',
];

function errorCodeFor(name: WireErrorName | undefined): ErrorCode {
  if (name === 'VERSION') return 'E0703';
  if (name === 'WRONG_TARGET') return 'E0705';
  return imageErrors.includes(name) ? 'E0707' : 'E0704';
}

function remedies(name: WireErrorName | undefined): string[] {
  switch (name) {
    case 'VERSION':
      return ['update the older of the two: this engram, or the firmware of the board'];
    case 'WRONG_TARGET':
      return ['compile the network for the target of the board: --target NAME'];
    case 'WRONG_FORMAT':
    case 'WRONG_CORE':
      return ['compile the network again with the engram version of the firmware'];
    case 'TICK_PAST':
      return ['stamp events with ticks that have not been run yet'];
    case 'QUEUE_FULL':
      return ['run some ticks, then send the rest'];
    case 'BUSY':
      return ['stop the run first, or wait for its end'];
    case 'NO_IMAGE':
      return ['load an image first'];
    default:
      return [];
  }
}

/** The connection broke; says what that means. */
export function connectionLost(where: string, reason: string, cause?: unknown): EngramError {
  return new EngramError('E0701', `the connection to ${where} was lost: ${reason}`, {
    facts: [
      ['kept', 'image, weights, tags and queued input, if the board kept its power'],
      ['unsure', 'inputs that were under way: they may or may not have been taken'],
      ['session', 'can be resumed: the output of an interrupted run is kept on the board'],
    ],
    fix: ['connect again; the run goes on where it stopped'],
    context: { resumable: true },
    cause,
  });
}

export function aborted(what: string, context: Record<string, unknown> = {}): EngramError {
  return new EngramError('E0708', `${what} was aborted`, { context });
}
