import { traceModeCodes } from '../../src/image/layout.js';
import { decay, turnMask } from './arithmetic.js';
import type { CoreState } from './state.js';

/** Step 5, part 1 (`docs/core.md`, section 8): all traces that are on turn decay. */
export function decayTraces({ image, x, y }: CoreState, tick: number): void {
  for (const group of image.axonGroups) {
    const { firstAxon: first, count } = group;
    decayRun(x[0]!, first, count, group.x1Mode, group.x1Keep, group.x1Cadence, tick);
    decayRun(x[1]!, first, count, group.x2Mode, group.x2Keep, group.x2Cadence, tick);
  }
  for (const group of image.neuronGroups) {
    const { firstNeuron: first, count } = group;
    decayRun(y[0]!, first, count, group.y1Mode, group.y1Keep, group.y1Cadence, tick);
    decayRun(y[1]!, first, count, group.y2Mode, group.y2Keep, group.y2Cadence, tick);
    decayRun(y[2]!, first, count, group.y3Mode, group.y3Keep, group.y3Cadence, tick);
  }
}

function decayRun(
  trace: Int32Array,
  first: number,
  count: number,
  mode: number,
  keep: number,
  cadence: number,
  tick: number,
): void {
  if (mode === traceModeCodes.absent || (tick & turnMask(cadence)) !== 0) return;
  for (let n = first; n < first + count; n++) {
    const value = trace[n]!;
    if (value !== 0) trace[n] = decay(value, keep);
  }
}
