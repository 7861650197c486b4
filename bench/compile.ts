import { compile, type PassName } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { readImage } from '../src/image/read.js';
import { resolveNetwork } from '../src/network/resolve.js';
import { validateNetwork } from '../src/network/validate.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:compile`: 100,000 neurons with 100 random inputs each, 10 million synapses, on `manycore`.
 * Seconds of each pass and of the check that a board would make; peak memory of the process.
 */
const neurons = 100_000;
const network = resolveNetwork(
  validateNetwork({
    engram: 1,
    name: 'hundred-thousand',
    seed: 1,
    populations: { all: { model: 'lif', size: neurons, tauMembrane: '20 ms', threshold: 20, reset: 10 } },
    projections: {
      recurrent: {
        from: 'all',
        to: 'all',
        connect: { kind: 'in-degree', n: 100, selfConnections: false },
        weight: { distribution: 'uniform', low: 0, high: 0.5 },
        delay: '2 ms',
      },
    },
  }),
);

const marks: { name: PassName; at: number }[] = [];
const start = performance.now();
const { image, report } = compile(network, loadTarget('manycore'), {
  onPass: (name) => marks.push({ name, at: performance.now() }),
});
const end = performance.now();
const seconds = (milliseconds: number) => Number((milliseconds / 1000).toFixed(2));
const row = (name: string, value: number, unit: string, limit?: number): Row => ({
  name,
  value,
  unit,
  goal: limit === undefined ? null : `< ${limit}`,
  met: limit === undefined ? null : value < limit,
});
const rows = marks.map(({ name, at }, n) => row(name, seconds((marks[n + 1]?.at ?? end) - at), 's'));
rows.push(row('all passes', seconds(end - start), 's', 20));
const checkStart = performance.now();
readImage(image);
rows.push(row('reading and checking the image', seconds(performance.now() - checkStart), 's'));
rows.push(row('peak memory', Number((process.resourceUsage().maxRSS / 2 ** 20).toFixed(2)), 'GiB', 4));
rows.push(row('synapses', report.synapses, 'synapses'), row('cores', report.cores.length, 'cores'));
rows.push(row('image', Number((image.byteLength / 2 ** 20).toFixed(1)), 'MiB'));
printRows(rows);
