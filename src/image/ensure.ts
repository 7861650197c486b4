import { traceModeCodes } from './layout.js';
import { damaged } from './sections.js';

/** Largest magnitude of a state (`docs/core.md`, section 1). */
export const stateMax = 0x7f_ffff;

/** Throws E0503 with `reason` unless `ok`. Loops over synapses throw `damaged` themselves, to build the text only then. */
export function ensure(ok: boolean, reason: string): asserts ok {
  if (!ok) throw damaged(reason);
}

/** `starts` begins at 0, never falls and ends at `end`. */
export function checkStarts(starts: Uint32Array, end: number, what: string): void {
  ensure(starts[0] === 0 && starts[starts.length - 1] === end, `${what}: the starts do not span the entries`);
  for (let n = 1; n < starts.length; n++)
    if (starts[n - 1]! > starts[n]!) throw damaged(`${what}: the starts fall`);
}

export function checkDecay(keep: number, cadence: number, what: string): void {
  ensure(keep <= 65536 && cadence <= 31, `${what}: the decay is out of range`);
}

export function checkTrace(
  mode: number,
  keep: number,
  cadence: number,
  impulse: number,
  where: string,
): void {
  ensure(mode <= traceModeCodes.nearest, `${where}: unknown mode`);
  checkDecay(keep, cadence, where);
  ensure(impulse >= 0 && impulse <= stateMax, `${where}: the impulse is out of range`);
}
