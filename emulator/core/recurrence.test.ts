import { describe, expect, test } from 'vitest';
import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { readImage } from '../../src/image/read.js';
import { choiceMemory } from '../../src/network/choice-memory.js';
import type { NetworkDescription } from '../../src/network/description.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import { Machine } from './machine.js';

class CountingMachine extends Machine {
  skipped = 0;

  override skip(...[most, sink]: Parameters<Machine['skip']>): number {
    const ticks = super.skip(most, sink);
    this.skipped += ticks;
    return ticks;
  }
}

/** A choice is held and its synapses go on pairing: busy for ever, and after a while the same again and again. */
function heldChoice(period: string, noise: number): NetworkDescription {
  const populations = {
    context: { model: 'input', size: 4 },
    action: { model: 'lif', size: 4, tauMembrane: '20 ms', tauSynapse: '5 ms', refractory: '3 ms', noise },
  } as const;
  const kept = choiceMemory(
    { populations },
    { action: 'action', actions: 2, period, context: { population: 'context' } },
  );
  return {
    engram: 1,
    name: 'held',
    populations: { ...populations, ...kept.populations },
    modulators: { reward: { tau: '50 ms', baseline: { events: 4 } } },
    projections: {
      ...kept.projections,
      drive: { from: 'context[0:2]', to: 'action[0:2]', weight: 0.5 },
      learns: {
        from: kept.context!,
        to: 'action',
        weight: 0.02,
        plasticity: {
          rule: 'rstdp',
          modulator: 'reward',
          weightRange: [0, 0.08],
          tauTag: '500 ms',
          rate: 1e-7,
        },
      },
    },
  };
}

/** The same run, with laps left out and tick by tick: all bits, spikes and counts. */
function compare(description: NetworkDescription, spans: readonly number[]): number {
  const image = readImage(compile(resolveNetwork(description), loadTarget('pico')).image);
  const [skipping, plain] = [new CountingMachine(image), new Machine(image)];
  const spikes: [number[], number[]] = [[], []];
  const note = (list: number[]) => (tick: number, units: Uint32Array, count: number) => {
    for (let n = 0; n < count; n++) list.push(tick, units[n]!);
  };
  for (const machine of [skipping, plain]) {
    for (const { population } of image.cores[0]!.neuronGroups) machine.setSpikesOut(population, true);
    for (let tick = 0; tick < 100; tick += 7) for (const unit of [0, 1]) machine.addSpike(tick, unit);
  }
  for (const [n, ticks] of spans.entries()) {
    if (n === 2) for (const machine of [skipping, plain]) machine.addReward(machine.tick + 500, 0, 2 ** 20);
    skipping.run(ticks, note(spikes[0]));
    for (let tick = 0; tick < ticks; tick++) plain.run(1, note(spikes[1]));
    expect(skipping.tick).toBe(plain.tick);
    expect(skipping.stateHash()).toBe(plain.stateHash());
    expect(skipping.statistics).toEqual(plain.statistics);
  }
  expect(Buffer.compare(skipping.checkpoint(), plain.checkpoint())).toBe(0);
  expect(spikes[0]).toEqual(spikes[1]);
  expect(spikes[1].length).toBeGreaterThan(10_000);
  return skipping.skipped;
}

describe('a state that comes again is not gone through again', () => {
  test.each(['20 ms', '33 ms', '63 ms'])('a choice held with spikes every %s', (period) => {
    const skipped = compare(heldChoice(period, 0), [30_000, 777, 100_001, 64]);
    expect(skipped).toBeGreaterThan(50_000);
  });

  test('with noise no state comes again', () => {
    compare(heldChoice('20 ms', 0.01), [10_000, 500, 20_000]);
  });
});
