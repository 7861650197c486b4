import { primaryAxon } from '../../src/image/layout.js';
import { turnMask } from './arithmetic.js';
import type { ModulatorState } from './modulators.js';
import type { TermProgram } from './program.js';
import { decayTimes, isSilent, nextTurn, turnsIn } from './quiet-decays.js';
import type { QuietPart } from './quiet-part.js';
import type { CoreState, PlasticBlock } from './state.js';
import { decayRow, rowRange, visitRow } from './sweeps.js';

/**
 * Sweeps of a core's plastic blocks. A block is quiet while its sweeps read nothing that changes: no modulated sweep that
 * could find a mean or a learning signal other than 0; and, if a rated sweep reads h or a trace which is not 0, to its
 * next turn.
 */
export class QuietSweeps implements QuietPart {
  readonly #state: CoreState;
  readonly #modulators: ModulatorState;
  readonly #channels: readonly number[];

  constructor(state: CoreState, modulators: ModulatorState) {
    this.#state = state;
    this.#modulators = modulators;
    this.#channels = modulators.records.map((_, channel) => channel);
  }

  until(from: number, to: number, learning: boolean): number {
    if (!learning) return to;
    let end = to;
    for (const plastic of this.#state.plasticBlocks) {
      if (this.#isBusy(plastic)) return from;
      const { ratedSweep } = plastic.programs;
      if (ratedSweep !== null && (ratedSweep.usesH || readsTraces(this.#state, plastic, ratedSweep)))
        end = Math.min(end, firstVisit(this.#state, plastic, from));
    }
    return end;
  }

  #isBusy({ programs: { near, modulatedSweep } }: PlasticBlock): boolean {
    // A membrane without spikes may come near its threshold all the time.
    if (near !== null) return true;
    // Learning signals are made of any channels' means.
    const read = modulatedSweep?.usesL ? this.#channels : (modulatedSweep?.channels ?? []);
    return !read.every((channel) => isSilent(this.#modulators, channel));
  }

  advance(from: number, to: number, learning: boolean): number {
    const state = this.#state;
    let visited = 0;
    for (const plastic of state.plasticBlocks) {
      if (!plastic.sweeps) continue;
      const { block, programs, decaysTag, decaysTag2 } = plastic;
      const rated = learning ? programs.ratedSweep : null;
      // With l among its terms a modulated sweep goes its rounds whatever l is, and changes nothing.
      const vain = learning && programs.modulatedSweep?.usesL === true;
      const sweeps = [
        ...(vain ? [turnMask(block.sweepPeriod)] : []),
        ...(rated === null ? [] : [turnMask(block.ratedPeriod)]),
        ...(decaysTag ? [turnMask(block.tagPeriod)] : []),
        ...(decaysTag2 ? [turnMask(block.tag2Period)] : []),
      ];
      for (let row = 0; row < block.axonCount; row++) {
        const phase = state.image.axons[block.firstAxon + row]! & ~primaryAxon;
        const [first, end] = rowRange(state, plastic, row);
        for (const mask of sweeps) visited += turnsIn(from, to, mask, phase) * (end - first);
        if (rated !== null) sweepRow(state, plastic, row, rated, from, to);
        else {
          if (decaysTag)
            decayAll(
              state.tags,
              plastic.base + first,
              plastic.base + end,
              block.tagKeep,
              turnsIn(from, to, turnMask(block.tagPeriod), phase),
            );
          if (decaysTag2)
            decayAll(
              state.tags2,
              plastic.base + first,
              plastic.base + end,
              block.tag2Keep,
              turnsIn(from, to, turnMask(block.tag2Period), phase),
            );
        }
      }
    }
    return visited;
  }
}

/** The next tick in which a rated sweep visits any row. */
function firstVisit({ image }: CoreState, { block }: PlasticBlock, from: number): number {
  const mask = turnMask(block.ratedPeriod);
  let first = Number.POSITIVE_INFINITY;
  for (let axon = block.firstAxon; axon < block.firstAxon + block.axonCount; axon++)
    first = Math.min(first, nextTurn(from, mask, image.axons[axon]! & ~primaryAxon));
  return first;
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

function decayAll(tags: Int16Array, first: number, end: number, keep: number, turns: number): void {
  for (let synapse = first; synapse < end; synapse++) {
    const tag = tags[synapse]!;
    if (tag !== 0) tags[synapse] = decayTimes(tag, keep, turns);
  }
}

/** A row from turn to turn of its rated sweep and of its tags' decays, in their order, until none changes anything. */
function sweepRow(
  state: CoreState,
  plastic: PlasticBlock,
  row: number,
  rated: TermProgram,
  from: number,
  to: number,
): void {
  const { block, base, decaysTag, decaysTag2 } = plastic;
  const phase = state.image.axons[block.firstAxon + row]! & ~primaryAxon;
  const [first, end] = rowRange(state, plastic, row);
  const arrays = [state.weights, state.tags, state.tags2].map((all) =>
    all.subarray(base + first, base + end),
  );
  const steps = [
    { mask: turnMask(block.ratedPeriod), run: () => visitRow(state, plastic, row, rated), vain: false },
    ...(decaysTag
      ? [
          {
            mask: turnMask(block.tagPeriod),
            run: () => decayRow(state, plastic, row, state.tags, block.tagKeep),
            vain: false,
          },
        ]
      : []),
    ...(decaysTag2
      ? [
          {
            mask: turnMask(block.tag2Period),
            run: () => decayRow(state, plastic, row, state.tags2, block.tag2Keep),
            vain: false,
          },
        ]
      : []),
  ];
  for (let tick = from; ; ) {
    tick = Math.min(
      ...steps.map(({ mask, vain }) => (vain ? Number.POSITIVE_INFINITY : nextTurn(tick, mask, phase))),
    );
    if (tick >= to) return;
    for (const step of steps) {
      if (nextTurn(tick, step.mask, phase) !== tick) continue;
      const before = arrays.map((values) => values.slice());
      step.run();
      const changed = before.some((values, k) => values.some((value, n) => value !== arrays[k]![n]));
      // A step that changes nothing would not do so later either, until another has changed something.
      if (changed) for (const other of steps) other.vain = false;
      else step.vain = true;
    }
    tick++;
  }
}
