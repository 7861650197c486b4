import { decayed, isOnTurn, state24 } from './reference-numbers.testing.js';
import { type Board, zeros } from './reference-state.testing.js';

/**
 * Section 8.2. Gives e of the channel `trigger` if it got reward events in this tick, which then are not added to
 * its M (section 13), else null.
 */
export function updateChannels(
  board: Board,
  rewards: ReadonlyMap<number, number>,
  trigger: number,
): number | null {
  const { image, channels, tick } = board;
  let feedback: number | null = null;
  channels.forEach((channel, c) => {
    const { keep, cadence, flags, gain } = image.modulators[c]!;
    if (isOnTurn(tick, cadence)) channel.m = decayed(channel.m, keep);
    const reward = rewards.get(c);
    if (reward === undefined) return;
    const error = state24(reward) - (flags & 1 ? channel.baseline : 0);
    if (c === trigger) feedback = error;
    else channel.m = state24(channel.m + error);
    if (flags & 1) channel.baseline += decayed(state24(error), gain);
  });
  channels.forEach((channel, c) => {
    const { flags, errorCore, errorNeuron, errorShift, gate } = image.modulators[c]!;
    let x = channel.m;
    if (flags & 2) {
      const v = board.cores[errorCore]!.v[errorNeuron]!;
      const scaled = state24(Math.floor(v * 2 ** errorShift));
      const open = gate === 65535 || channels[gate]!.m !== 0;
      x = open ? state24(channel.m - scaled) : 0;
    }
    channel.history[tick % 64] = channel.sum;
    channel.sum = (channel.sum + x) | 0;
  });
  return feedback;
}

/** CLEAR (section 8.3). */
export function clear({ cores, channels }: Board, population: number, bits: number): void {
  const named = (other: number) => population === 65535 || population === other;
  for (const { image, v, i, refractory, adaptation, x, y, tags, tags2, pending } of cores) {
    const empty = (values: number[], first: number, count: number) =>
      void values.fill(0, first, first + count);
    for (const g of image.neuronGroups.filter((group) => named(group.population))) {
      if (bits & 1)
        for (const values of [v, i, adaptation, refractory]) empty(values, g.firstNeuron, g.count);
      if (bits & 2) for (const trace of y) empty(trace, g.firstNeuron, g.count);
      if (bits & 4)
        image.blocks.forEach((block, b) => {
          if (block.firstNeuron < g.firstNeuron || block.firstNeuron >= g.firstNeuron + g.count) return;
          tags[b]!.fill(0);
          tags2[b]!.fill(0);
        });
    }
    for (const g of image.axonGroups.filter((group) => named(group.population))) {
      if (bits & 2) for (const trace of x) empty(trace, g.firstAxon, g.count);
      if (bits & 8)
        for (const axons of pending.values())
          for (let axon = g.firstAxon; axon < g.firstAxon + g.count; axon++) axons.delete(axon);
    }
  }
  if (bits & 16) for (const channel of channels) Object.assign(channel, { m: 0, sum: 0, history: zeros(64) });
}
