import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { EngramError } from '../../src/errors/engram-error.js';
import type { Script } from './script.js';

/** One value of the state, or one output, that board and emulator disagree on. */
export interface Difference {
  /** Core; null for what belongs to the whole board. */
  readonly core: number | null;
  readonly variable: string;
  /** Place in the variable, as STATE_READ counts it; a tick for spikes. */
  readonly index: number;
  /** Unit id of the neuron, of the source of an axon, or of the neuron a synapse ends at; null for what has none. */
  readonly unit: number | null;
  /** The same by names: `act[3]`, `input[7] → act[3] of input-act`. */
  readonly where: string;
  readonly board: number;
  readonly emulator: number;
}

/** What it takes to run a difference between board and emulator again: the file of `engram hil --replay`. */
export interface Replay {
  readonly engram: 'replay';
  readonly version: 1;
  readonly target: string;
  readonly network: string;
  /** The image, base64. */
  readonly image: string;
  /** Checkpoint to start from, base64; null: from the state of the image. */
  readonly checkpoint: string | null;
  readonly fromTick: number;
  readonly ticks: number;
  readonly input: Script;
  readonly expected: {
    /** The tick in which the states parted; the one before left them equal. */
    readonly tick: number;
    readonly differences: readonly Difference[];
    /** Differences in all; the list holds the first of them. */
    readonly count: number;
  };
}

export const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));

/** Reads a replay file. Throws E1003. */
export async function readReplay(path: string): Promise<Replay> {
  const refused = (reason: string, cause?: unknown) =>
    new EngramError('E1003', `${path} is no replay file: ${reason}`, {
      fix: ['name a file that engram hil has written for a difference it found'],
      cause,
    });
  let value: Partial<Replay> | null;
  try {
    value = JSON.parse(await readFile(path, 'utf8')) as Partial<Replay> | null;
  } catch (cause) {
    throw refused((cause as Error).message, cause);
  }
  if (value?.engram !== 'replay') throw refused('it does not say that it is one');
  if (value.version !== 1) throw refused(`it has format ${value.version}, this engram reads 1`);
  const { image, ticks, fromTick, input, expected } = value;
  const sound =
    typeof image === 'string' &&
    (typeof value.checkpoint === 'string' || value.checkpoint === null) &&
    Number.isInteger(ticks) &&
    Number.isInteger(fromTick) &&
    Array.isArray(expected?.differences) &&
    [input?.spikes, input?.rewards, input?.controls, input?.writes].every(Array.isArray);
  if (!sound) throw refused('a part of it is missing');
  return value as Replay;
}

/** A difference as a line: `core 0, unit 23 (act[3]), V: board 1200, emulator 1188`. */
export function differenceText({ core, variable, unit, where, board, emulator }: Difference): string {
  const place = [
    core === null ? 'board' : `core ${core}`,
    unit === null ? where : `unit ${unit} (${where})`,
    variable,
  ];
  return `${place.filter(Boolean).join(', ')}: board ${board}, emulator ${emulator}`;
}
