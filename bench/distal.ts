import { parseArgs } from 'node:util';
import { table } from '../src/cli/table.js';
import { distalOptions } from '../src/tasks/distal-reward/options.js';
import { boardKinds } from '../targets/posix/board.js';
import { foundAfter, lookOf, playOnBoard, playOriginal } from './distal/sessions.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:distal`: the distal reward problem in the size of the paper, 1,000 neurons with 100 synapses each, on
 * the C core as a process. A seed has found its synapse if it stood at the top for ten minutes in a row within two hours
 * of board time. `--seeds N` (default 10), `--neurons N`, `--synapses N`, `--json`; `--control`: pairings of two other
 * neurons are rewarded; `--original`: the paper's own neurons in float64 instead (not on the core).
 */
const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    control: { type: 'boolean', default: false },
    original: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '10' },
    neurons: { type: 'string', default: '1000' },
    synapses: { type: 'string', default: '100' },
  },
});
const kind = boardKinds.find(({ name }) => name === 'posix')!;
const missing = await kind.unavailable();
if (missing !== null) {
  process.stderr.write(`${missing}\n`);
  process.exit(5);
}

const rows: Row[] = [];
const cells: string[][] = [];
let [found, hours] = [0, 0];
const from = performance.now();
for (let seed = 1; seed <= Number(given.seeds); seed++) {
  const [neurons, synapses] = [Number(given.neurons), Number(given.synapses)];
  const options = distalOptions.parse({ seed, neurons, synapses, contingent: !given.control });
  const looks = given.original ? playOriginal(options) : (await playOnBoard(kind, options)).map(lookOf);
  const minutes = foundAfter(looks, options.stop);
  if (minutes !== null) found++;
  hours += (looks.length * options.every) / 3_600_000;
  const { rewarded, others, othersAtTop, rate } = looks.at(-1)!;
  const figures: readonly [string, number | null, string][] = [
    ['found after', minutes, 'min'],
    ['rewarded', rewarded, 'of the largest'],
    ['others', others, 'of the largest'],
    ['others at top', othersAtTop, 'synapses'],
    ['rewards', looks.reduce((sum, { rewards }) => sum + rewards, 0), ''],
    ['rate', rate, 'spikes/s'],
  ];
  const rounded = figures.map(([, value]) => value && Math.round(value * 1000) / 1000);
  figures.forEach(([name, , unit], n) => {
    const value = rounded[n];
    if (typeof value === 'number')
      rows.push({ name: `seed ${seed}/${name}`, value, unit, goal: null, met: null });
  });
  cells.push([String(seed), ...rounded.map((value) => (value === null ? '–' : String(value)))]);
  if (!given.json)
    process.stderr.write(`seed ${seed}: ${minutes === null ? 'not found' : `${minutes} min`}\n`);
}
const seconds = (performance.now() - from) / 1000 / hours;
const share = found / Number(given.seeds);
const unit = 'proportion of seeds';
rows.push(
  given.control
    ? { name: 'found, control', value: share, unit, goal: '0', met: share === 0 }
    : { name: 'found', value: share, unit, goal: '>= 0.9', met: share >= 0.9 },
  { name: 'time', value: Math.round(seconds), unit: 's/h of model time', goal: null, met: null },
);

if (given.json) printRows(rows);
else {
  const heading = ['seed', 'found after, min', 'rewarded', 'others', 'others at top', 'rewards', 'spikes/s'];
  process.stdout.write(`${table(heading, cells)}\n`);
  printRows(rows.slice(-2));
}
