import { expect } from 'vitest';
import type { Machine } from '../emulator/core/machine.js';
import type { ResolvedNetwork } from '../src/network/resolved.js';
import { drawsOf } from '../src/tasks/draws.js';

/**
 * Gives several machines the same random inputs, rewards and control events, and holds their output spikes and state
 * hashes against each other at every tick. Gives the number of output spikes.
 */
export function driveAlike(
  machines: readonly Machine[],
  network: ResolvedNetwork,
  { ticks, seed }: { ticks: number; seed: number },
): number {
  const draws = drawsOf(seed);
  const inputs = network.populations.filter(({ model }) => model === 'input');
  let spikes = 0;
  for (let tick = 0; tick < ticks; tick++) {
    for (const { firstUnit, size } of inputs)
      for (let unit = firstUnit; unit < firstUnit + size; unit++)
        if (draws.uniform() < 0.1) for (const machine of machines) machine.addSpike(tick, unit);
    if (network.modulators.length > 0 && draws.uniform() < 0.05) {
      const channel = draws.integer(0, network.modulators.length - 1);
      const value = draws.integer(-(2 ** 21), 2 ** 21);
      for (const machine of machines) machine.addReward(tick, channel, value);
    }
    if (draws.uniform() < 0.02) {
      const population = draws.uniform() < 0.3 ? 0xffff : draws.integer(0, network.populations.length - 1);
      const [code, argument] = draws.uniform() < 0.8 ? [1, draws.integer(0, 31)] : [2, draws.integer(0, 1)];
      for (const machine of machines) machine.addControl(tick, code!, population, argument!);
    }
    if (network.episodes !== null && draws.uniform() < 0.03) {
      const code = draws.integer(3, 4);
      for (const machine of machines) machine.addControl(tick, code, 0xffff, 0);
    }
    const outputs = machines.map((machine) => {
      const units: number[] = [];
      machine.run(1, (_, list, count) => units.push(...list.subarray(0, count)));
      return units;
    });
    for (const output of outputs) expect(output, `spikes of tick ${tick}`).toEqual(outputs[0]);
    const hashes = machines.map((machine) => machine.stateHash());
    expect(new Set(hashes).size, `state after tick ${tick}`).toBe(1);
    spikes += outputs[0]!.length;
  }
  return spikes;
}
