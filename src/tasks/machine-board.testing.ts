import { Machine } from '../../emulator/core/machine.js';
import type { Image } from '../image/image.js';
import type { LoopBoard } from './play.js';

/** A board for tests of tasks: the emulator without the wire between. */
export function machineBoard(image: Image): LoopBoard & { readonly machine: Machine } {
  const machine = new Machine(image);
  return {
    machine,
    get tick() {
      return machine.tick;
    },
    async sendSpikes(ticks, units) {
      for (let n = 0; n < ticks.length; n++) machine.addSpike(ticks[n]!, units[n]!);
    },
    async reward(events) {
      for (const { tick, channel, value } of events)
        machine.addReward(tick, channel, Math.round(value * 2 ** 20));
    },
    async control(events) {
      for (const { tick, code, population, argument } of events)
        machine.addControl(tick, code, population, argument);
    },
    async readState(core, variable, first, count) {
      return machine.read(core, variable, first, count);
    },
    async run(ticks) {
      const pairs: [number, number][] = [];
      machine.run(ticks, (tick, units, count) => {
        for (let n = 0; n < count; n++) pairs.push([tick, units[n]!]);
      });
      return {
        spikes: {
          count: pairs.length,
          ticks: Uint32Array.from(pairs, ([tick]) => tick),
          units: Uint32Array.from(pairs, ([, unit]) => unit),
        },
      };
    },
  };
}
