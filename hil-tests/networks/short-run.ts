import { Machine } from '../../emulator/core/machine.js';
import type { Image } from '../../src/image/image.js';
import type { BareHost } from '../framework/bare-host.js';
import { inputUnits } from './input-units.js';

const shortTicks = 20;
/** As many as fit a frame of 1,024 bytes. */
const mostUnits = 200;

/** State hash of a board after a short run in which every input line spikes every other tick. */
export async function shortRun(host: BareHost, image: Image): Promise<number> {
  const units = inputUnits(image).slice(0, mostUnits);
  for (let tick = 0; tick < shortTicks && units.length > 0; tick += 2)
    await host.ok('SPIKES_IN', { baseTick: tick, groups: [{ tickOffset: 0, narrow: units, wide: [] }] });
  await host.ok('RUN_LOCKSTEP', { ticks: shortTicks, hashEvery: 0, progressEvery: 0, options: 0 });
  await host.runOutput();
  return (await host.expectReply('STATE_HASH', {}, 'STATE_HASH_REPLY')).hash;
}

/** State hash of the emulator after the same. */
export function shortHash(image: Image): number {
  const machine = new Machine(image);
  for (let tick = 0; tick < shortTicks; tick += 2)
    for (const unit of inputUnits(image).slice(0, mostUnits)) machine.addSpike(tick, unit);
  machine.run(shortTicks);
  return machine.stateHash();
}
