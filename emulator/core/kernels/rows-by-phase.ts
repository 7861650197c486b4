import { primaryAxon } from '../../../src/image/layout.js';

/** Phases told apart at most; with longer periods each row found is looked at once more. */
const mostPhaseBits = 12;

/** Rows of a block, sorted by the lowest bits of their source's unit. */
export interface RowsByPhase {
  readonly rows: Uint32Array;
  /** Rows of phase p: from phaseStart[p] to phaseStart[p + 1]. */
  readonly phaseStart: Uint32Array;
  readonly phaseMask: number;
}

/** `sources`: axon words, by row; `period`: the sweep comes every 2^period ticks. */
export function rowsByPhase(sources: Uint32Array, period: number): RowsByPhase {
  const phases = 1 << phaseBits(sources.length, period);
  const phaseMask = phases - 1;
  const phaseStart = new Uint32Array(phases + 1);
  for (const word of sources) phaseStart[(word & ~primaryAxon & phaseMask) + 1]!++;
  for (let phase = 0; phase < phases; phase++) phaseStart[phase + 1]! += phaseStart[phase]!;
  const free = phaseStart.slice();
  const rows = new Uint32Array(sources.length);
  sources.forEach((word, row) => {
    const phase = word & ~primaryAxon & phaseMask;
    rows[free[phase]!] = row;
    free[phase]!++;
  });
  return { rows, phaseStart, phaseMask };
}

/** Entries that `phaseStart` of so many rows has at most. */
export function mostPhases(rows: number): number {
  return 2 ** phaseBits(rows, mostPhaseBits) + 1;
}

/** No more phases than rows are worth. */
function phaseBits(rows: number, period: number): number {
  return Math.min(period, mostPhaseBits, Math.ceil(Math.log2(rows + 1)));
}
