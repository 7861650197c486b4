import type { TermRecord } from '../../src/image/image.js';
import { clamp, decayed, factor16 } from './reference-numbers.testing.js';
import {
  actingWeight,
  type Board,
  type Core,
  codesOf,
  forBlock,
  forRow,
  groupOf,
  isPlastic,
  sourceOf,
  termsOf,
} from './reference-state.testing.js';

/** Mean of a channel over the last 2^q ticks (section 7). */
function meanOf({ channels, tick }: Board, c: number, q: number): number {
  const { sum, history } = channels[c]!;
  return factor16(((sum - history[(tick + 64 - 2 ** q) % 64]!) | 0) >> (8 + q));
}

/** A channel as a factor outside modulated sweeps (sections 6 and 8). */
function channelFactor({ image, channels, tick }: Board, c: number): number {
  const { m, sum, history } = channels[c]!;
  const isError = (image.modulators[c]!.flags & 2) !== 0;
  return factor16((isError ? (sum - history[(tick + 63) % 64]!) | 0 : m) >> 8);
}

/** Section 6, learning signals: l of every neuron, by looking at every feedback synapse of the board. */
export function learningSignals(board: Board): void {
  const q = board.image.network.signalPeriod;
  const sums = new Map<number, number>();
  for (const core of board.cores)
    core.image.blocks.forEach((block, b) => {
      if (!(block.flags & 8)) return;
      forBlock(core, block, (synapse, neuron, axon) => {
        const unit = sourceOf(core, axon);
        const mean = meanOf(board, block.feedbackChannel + neuron - block.firstNeuron, q);
        sums.set(unit, (sums.get(unit) ?? 0) + actingWeight(core, b, synapse) * mean);
      });
    });
  for (const core of board.cores)
    for (const group of core.image.neuronGroups)
      for (let n = 0; n < group.count; n++) {
        const own = group.signalChannel === 65535 ? 0 : meanOf(board, group.signalChannel + n, q);
        const sum = sums.get(group.firstUnit + n) ?? 0;
        core.l[group.firstNeuron + n] =
          group.flags & 32 ? factor16(Math.floor(sum / 2 ** group.signalShift) + own) : 0;
      }
}

/** Section 6: the terms chosen, for one synapse, all on the values before. */
export function event(
  board: Board,
  core: Core,
  b: number,
  [synapse, axon, neuron]: readonly [synapse: number, axon: number, neuron: number],
  chosen: (term: TermRecord) => boolean,
  modulator: (c: number) => number = (c) => channelFactor(board, c),
): void {
  if (!board.learning) return;
  const block = core.image.blocks[b]!;
  const value = (code: number, eventCode: number): number => {
    switch (code) {
      case 0:
        return 4096;
      case 1:
      case 2:
        return core.x[code - 1]![axon]! >> 8;
      case 3:
      case 4:
      case 5:
        return core.y[code - 3]![neuron]! >> 8;
      case 6:
        return core.tags[b]![synapse]!;
      case 7:
        return core.weights[b]![synapse]!;
      case 8:
        return core.tags2[b]![synapse]!;
      case 9:
        return eventCode === 0 ? 0 : core.h[neuron]!;
      case 10:
        return core.l[neuron]!;
      default:
        return modulator(code - 16);
    }
  };
  const change = [0, 0, 0];
  for (const term of termsOf(board, block).filter(chosen)) {
    let p = value(term.factor1, term.event) * value(term.factor2, term.event);
    if (term.factor3 !== 255) {
      const rounded = Math.floor((p + 2 ** (term.preShift - 1)) / 2 ** term.preShift);
      p = factor16(rounded) * value(term.factor3, term.event);
    }
    const r = Math.floor((p + 64) / 128) * term.mantissa;
    const shifted = term.shift === 0 ? r : Math.floor((r + 2 ** (term.shift - 1)) / 2 ** term.shift);
    change[term.target]! += clamp(shifted, -65535, 65535);
  }
  core.weights[b]![synapse] = clamp(core.weights[b]![synapse]! + change[0]!, block.wMin, block.wMax);
  core.tags[b]![synapse] = factor16(core.tags[b]![synapse]! + change[1]!);
  core.tags2[b]![synapse] = factor16(core.tags2[b]![synapse]! + change[2]!);
}

/** Section 4. */
export function deliver(board: Board, core: Core): void {
  const due = core.pending.get(board.tick) ?? new Set<number>();
  core.pending.delete(board.tick);
  for (const axon of due)
    core.image.blocks.forEach((block, b) => {
      if (axon < block.firstAxon || axon >= block.firstAxon + block.axonCount) return;
      forRow(core, block, axon, (synapse, neuron) => {
        const silent = (block.flags & 16) !== 0;
        if (!silent) core.accumulated[neuron]! += actingWeight(core, b, synapse) * 2 ** block.shift;
        if (isPlastic(block)) event(board, core, b, [synapse, axon, neuron], (term) => term.event === 0);
      });
    });
  for (const axon of due) {
    const group = core.image.axonGroups.find((g) => axon >= g.firstAxon && axon < g.firstAxon + g.count)!;
    impulse(core.x[0]!, axon, group.x1Mode, group.x1Impulse);
    impulse(core.x[1]!, axon, group.x2Mode, group.x2Impulse);
  }
}

/** Section 6: post-events with their impulses, then near-events. */
export function postAndNearEvents(board: Board, core: Core): void {
  const events = (code: number, happens: (neuron: number) => boolean) => {
    core.image.blocks.forEach((block, b) => {
      if (!isPlastic(block) || !termsOf(board, block).some((term) => term.event === code)) return;
      forBlock(core, block, (synapse, neuron, axon) => {
        if (happens(neuron)) event(board, core, b, [synapse, axon, neuron], (term) => term.event === code);
      });
    });
  };
  events(1, (neuron) => core.spiked.includes(neuron));
  for (const neuron of core.spiked) {
    const group = groupOf(core, neuron);
    impulse(core.y[0]!, neuron, group.y1Mode, group.y1Impulse);
    impulse(core.y[1]!, neuron, group.y2Mode, group.y2Impulse);
    impulse(core.y[2]!, neuron, group.y3Mode, group.y3Impulse);
  }
  events(3, (neuron) => core.h[neuron]! > 0);
}

/** Section 7. */
export function sweeps(board: Board, core: Core): void {
  const isModulated = (term: TermRecord) => codesOf(term).some((code) => code >= 16 || code === 10);
  core.image.blocks.forEach((block, b) => {
    if (!isPlastic(block)) return;
    const modulated = termsOf(board, block).filter((term) => term.event === 2 && isModulated(term));
    const rated = termsOf(board, block).filter((term) => term.event === 2 && !isModulated(term));
    const codes = modulated.flatMap(codesOf);
    const mean = (c: number) => meanOf(board, c, block.sweepPeriod);
    const idle = !codes.includes(10) && codes.every((code) => code < 16 || mean(code - 16) === 0);
    for (let axon = block.firstAxon; axon < block.firstAxon + block.axonCount; axon++) {
      const turn = (board.tick + sourceOf(core, axon)) % 2 ** 32;
      const visit = (terms: TermRecord[], modulator?: (c: number) => number) => {
        forRow(core, block, axon, (synapse, neuron) => {
          event(board, core, b, [synapse, axon, neuron], (term) => terms.includes(term), modulator);
        });
      };
      if (modulated.length > 0 && !idle && turn % 2 ** block.sweepPeriod === 0) visit(modulated, mean);
      if (rated.length > 0 && turn % 2 ** block.ratedPeriod === 0) visit(rated);
      forRow(core, block, axon, (synapse) => {
        const [t, t2] = [core.tags[b]!, core.tags2[b]!];
        if (block.flags & 2 && turn % 2 ** block.tagPeriod === 0)
          t[synapse] = decayed(t[synapse]!, block.tagKeep);
        if (block.flags & 32 && turn % 2 ** block.tag2Period === 0)
          t2[synapse] = decayed(t2[synapse]!, block.tag2Keep);
      });
    }
  });
}

function impulse(trace: number[], at: number, mode: number, amount: number): void {
  if (mode === 1) trace[at] = Math.min(trace[at]! + amount, 2 ** 23 - 1);
  if (mode === 2) trace[at] = amount;
}
