import { modulatorFlags, noChannel, traceModeCodes } from '../../src/image/layout.js';
import { decay, turnMask } from './arithmetic.js';
import { type ModulatorState, sumHistory } from './modulators.js';
import type { QuietPart } from './quiet-part.js';
import type { CoreState } from './state.js';

/** The first tick, `from` or later, that is a multiple of mask + 1 once `phase` is added (wrapping). */
export function nextTurn(from: number, mask: number, phase: number): number {
  return from + (-(from + phase) & mask);
}

/** Ticks in from … to − 1 that are a multiple of mask + 1 once `phase` is added (wrapping). */
export function turnsIn(from: number, to: number, mask: number, phase = 0): number {
  const first = nextTurn(from, mask, phase);
  return first >= to ? 0 : Math.floor((to - 1 - first) / (mask + 1)) + 1;
}

/** A value after so many turns of its decay; most of them find it at rest. */
export function decayTimes(value: number, keep: number, turns: number): number {
  let x = value;
  for (let n = 0; n < turns; n++) {
    const next = decay(x, keep);
    if (next === x) return x;
    x = next;
  }
  return x;
}

interface TraceRun {
  readonly trace: Int32Array;
  readonly first: number;
  readonly end: number;
  readonly keep: number;
  readonly mask: number;
}

/** Traces of a core: each decays by itself. */
export class QuietTraces implements QuietPart {
  readonly #runs: readonly TraceRun[];

  constructor({ image, x, y }: CoreState) {
    const runs: TraceRun[] = [];
    const add = (
      trace: Int32Array,
      first: number,
      count: number,
      mode: number,
      keep: number,
      cadence: number,
    ) => {
      if (mode !== traceModeCodes.absent)
        runs.push({ trace, first, end: first + count, keep, mask: turnMask(cadence) });
    };
    for (const g of image.axonGroups) {
      add(x[0]!, g.firstAxon, g.count, g.x1Mode, g.x1Keep, g.x1Cadence);
      add(x[1]!, g.firstAxon, g.count, g.x2Mode, g.x2Keep, g.x2Cadence);
    }
    for (const g of image.neuronGroups) {
      add(y[0]!, g.firstNeuron, g.count, g.y1Mode, g.y1Keep, g.y1Cadence);
      add(y[1]!, g.firstNeuron, g.count, g.y2Mode, g.y2Keep, g.y2Cadence);
      add(y[2]!, g.firstNeuron, g.count, g.y3Mode, g.y3Keep, g.y3Cadence);
    }
    this.#runs = runs;
  }

  until(_: number, to: number): number {
    return to;
  }

  advance(from: number, to: number): number {
    for (const { trace, first, end, keep, mask } of this.#runs) {
      const turns = turnsIn(from, to, mask);
      for (let n = first; n < end; n++) {
        const value = trace[n]!;
        if (value !== 0) trace[n] = decayTimes(value, keep, turns);
      }
    }
    return 0;
  }
}

/** Modulators without rewards. Who reads them while they move must refuse the span itself. */
export class QuietModulators implements QuietPart {
  readonly #modulators: ModulatorState;

  constructor(modulators: ModulatorState) {
    this.#modulators = modulators;
  }

  /** An error channel follows a membrane while its gate is open. */
  until(from: number, to: number): number {
    const { records } = this.#modulators;
    return records.some(
      (_, channel) => isError(this.#modulators, channel) && isOpen(this.#modulators, channel),
    )
      ? from
      : to;
  }

  advance(from: number, to: number): number {
    const { records, m: values, sum: sums, history } = this.#modulators;
    records.forEach(({ keep, cadence }, channel) => {
      const mask = turnMask(cadence);
      const adds = !isError(this.#modulators, channel);
      let m = values[channel]!;
      let sum = sums[channel]!;
      for (let tick = from; tick < to; tick++) {
        // Once M is 0 the sum stands still, and all that is left to do is the last round of its history.
        if (m === 0) tick = Math.max(tick, to - sumHistory);
        else if ((tick & mask) === 0) m = decay(m, keep);
        history[channel * sumHistory + (tick & (sumHistory - 1))] = sum;
        if (adds) sum = (sum + m) | 0;
      }
      values[channel] = m;
      sums[channel] = sum;
    });
    return 0;
  }
}

function isError({ records }: ModulatorState, channel: number): boolean {
  return (records[channel]!.flags & modulatorFlags.error) !== 0;
}

/** Whether what an error channel reads counts now. */
function isOpen({ records, m }: ModulatorState, channel: number): boolean {
  const { gate } = records[channel]!;
  return gate === noChannel || m[gate] !== 0;
}

/** Whether a channel adds nothing to its running sum, and has not for long: then every mean is 0, and stays so. */
export function isSilent(modulators: ModulatorState, channel: number): boolean {
  const { m, sum, history } = modulators;
  if (isError(modulators, channel) ? isOpen(modulators, channel) : m[channel] !== 0) return false;
  for (let k = channel * sumHistory; k < (channel + 1) * sumHistory; k++)
    if (history[k] !== sum[channel]) return false;
  return true;
}
