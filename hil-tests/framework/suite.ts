import type { capabilities } from '../../firmware-protocol/declaration/session.js';
import type { ErrorCode } from '../../src/errors/codes.js';
import type { Replay } from '../replay/replay.js';
import type { CaseContext } from './context.js';
import type { Measurement } from './measurement.js';

/** What a case needs of the board beside the protocol: a capability it states, or a power supply that can be cut. */
export type Need = keyof typeof capabilities.value | 'POWER';

/** One thing that is tried on a board. It throws when the board is wrong. */
export interface HilCase {
  readonly name: string;
  readonly needs?: readonly Need[];
  /** Seconds until it counts as failed on a board in real time; default 60. Emulated chips get more. */
  readonly seconds?: number;
  run(context: CaseContext): Promise<void>;
}

export interface HilSuite {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly HilCase[];
}

export function suite(name: string, title: string, cases: readonly HilCase[]): HilSuite {
  return { name, title, cases };
}

export type Outcome = 'passed' | 'failed' | 'not-applicable';

export interface CaseResult {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why it failed or does not apply; null if it passed. */
  readonly reason: string | null;
  /** Code of the error it failed with; null where that is no error of engram’s. */
  readonly code: ErrorCode | null;
  /** Facts of a failure: what was expected, what came. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** What `engram hil --replay` runs again, of a difference between board and emulator. */
  readonly replay: Replay | null;
  /** What the case counted or measured, by name: `{ 'round trip': { value: 0.4, unit: 'ms' } }`. */
  readonly measured: Readonly<Record<string, Measurement>>;
  readonly milliseconds: number;
}

export interface SuiteResult {
  readonly name: string;
  readonly title: string;
  readonly cases: readonly CaseResult[];
}

/** Thrown by a case that turns out not to apply to this board; the reason is reported. */
export class NotApplicable extends Error {}
