import { blockFlags, primaryAxon } from '../../src/image/layout.js';
import { turnMask } from './arithmetic.js';
import { type ModulatorState, sumHistory } from './modulators.js';
import type { TermProgram } from './program.js';
import { decayTimes, turnsIn } from './quiet-decays.js';
import type { QuietPart } from './quiet-part.js';
import type { CoreState, PlasticBlock } from './state.js';
import { decayRow, rowRange, visitRow } from './sweeps.js';

/**
 * Sweeps of a core's plastic blocks. Quiet is a block whose sweeps read nothing that changes: no modulated sweep that
 * could find a mean other than 0, no other sweep terms that read a trace which is not 0.
 */
export class QuietSweeps implements QuietPart {
  readonly #state: CoreState;
  readonly #modulators: ModulatorState;

  constructor(state: CoreState, modulators: ModulatorState) {
    this.#state = state;
    this.#modulators = modulators;
  }

  until(from: number, to: number, learning: boolean): number {
    if (!learning) return to;
    for (const plastic of this.#state.plasticBlocks) {
      const { modulatedSweep, tagSweep } = plastic.programs;
      if (modulatedSweep?.channels.some((channel) => !isSilent(this.#modulators, channel))) return from;
      if (tagSweep && readsTraces(this.#state, plastic, tagSweep)) return from;
    }
    return to;
  }

  advance(from: number, to: number, learning: boolean): number {
    const { plasticBlocks, image } = this.#state;
    let visited = 0;
    for (const plastic of plasticBlocks) {
      if (!plastic.sweeps) continue;
      const { block, programs } = plastic;
      const mask = turnMask(block.tagPeriod);
      const decays = (block.flags & blockFlags.tag) !== 0 && block.tagKeep !== 65536;
      const rated = learning ? programs.tagSweep : null;
      if (!decays && rated === null) continue;
      for (let row = 0; row < block.axonCount; row++) {
        const turns = turnsIn(from, to, mask, image.axons[block.firstAxon + row]! & ~primaryAxon);
        const [first, end] = rowRange(this.#state, plastic, row);
        visited += turns * (end - first) * (Number(decays) + Number(rated !== null));
        if (rated) visitTimes(this.#state, plastic, row, rated, decays, turns);
        else decayRowTimes(this.#state, plastic, row, turns);
      }
    }
    return visited;
  }
}

/** M is 0 and its running sum has long stood still: every mean is 0, and stays so. */
function isSilent({ m, sum, history }: ModulatorState, channel: number): boolean {
  if (m[channel] !== 0) return false;
  for (let k = channel * sumHistory; k < (channel + 1) * sumHistory; k++)
    if (history[k] !== sum[channel]) return false;
  return true;
}

function readsTraces({ x, y }: CoreState, { block }: PlasticBlock, program: TermProgram): boolean {
  const { firstAxon, axonCount, firstNeuron, neuronCount } = block;
  return (
    (program.usesX && x.some((trace) => isAnyIn(trace, firstAxon, axonCount))) ||
    (program.usesY && y.some((trace) => isAnyIn(trace, firstNeuron, neuronCount)))
  );
}

function isAnyIn(values: Int32Array, first: number, count: number): boolean {
  if (values.length > 0) for (let n = first; n < first + count; n++) if (values[n] !== 0) return true;
  return false;
}

function decayRowTimes(state: CoreState, plastic: PlasticBlock, row: number, turns: number): void {
  const { tags } = state;
  const { tagKeep } = plastic.block;
  const [first, end] = rowRange(state, plastic, row);
  for (let synapse = plastic.base + first; synapse < plastic.base + end; synapse++) {
    const tag = tags[synapse]!;
    if (tag !== 0) tags[synapse] = decayTimes(tag, tagKeep, turns);
  }
}

/** Visits a row turn after turn, until a visit changes nothing: then no later one would. */
function visitTimes(
  state: CoreState,
  plastic: PlasticBlock,
  row: number,
  program: TermProgram,
  decays: boolean,
  turns: number,
): void {
  const [first, end] = rowRange(state, plastic, row).map((place) => plastic.base + place) as [number, number];
  for (let turn = 0; turn < turns; turn++) {
    const weights = state.weights.slice(first, end);
    const tags = state.tags.slice(first, end);
    visitRow(state, plastic, row, program);
    if (decays) decayRow(state, plastic, row);
    if (
      weights.every((weight, n) => weight === state.weights[first + n]) &&
      tags.every((tag, n) => tag === state.tags[first + n])
    )
      return;
  }
}
