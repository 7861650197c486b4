import { Machine } from '../../emulator/core/machine.js';
import { compile } from '../../src/compiler/compile.js';
import { loadTarget } from '../../src/compiler/load-target.js';
import { readImage } from '../../src/image/read.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import type { Row } from '../rows.js';
import { median } from './median.js';
import { echoNetwork } from './network.js';
import { traffic } from './traffic.js';

const spikes = 200_000;
const rounds = 9;

/** What the emulator alone makes of the same input, without a link: the virtual board is no quicker than that. */
export function measureEmulator(): Row[] {
  return [200, 10].map((perTick) => {
    const { image } = compile(resolveNetwork(echoNetwork(1000)), loadTarget('posix'));
    const { units } = traffic('', spikes, perTick, 1000);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const machine = new Machine(readImage(image));
      let came = 0;
      const start = performance.now();
      for (let n = 0; n < spikes; n += perTick) {
        machine.addSpikes(n / perTick, units.subarray(n, n + perTick));
        machine.run(1, (_tick, _units, count) => {
          came += count;
        });
      }
      rates.push((1000 * spikes) / (performance.now() - start));
      if (came !== spikes) throw new Error(`${came} of ${spikes} spikes came out`);
    }
    const name = `emulator alone/in and out again, ${perTick} a tick`;
    return { name, value: Math.round(median(rates)), unit: 'spikes/s', goal: null, met: null };
  });
}
