import { parseArgs } from 'node:util';
import { table } from '../src/cli/table.js';
import { compile } from '../src/compiler/compile.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { resolveNetwork } from '../src/network/resolve.js';
import { Board } from '../src/runtime/board.js';
import { distalOptions } from '../src/tasks/distal-reward/options.js';
import task from '../src/tasks/distal-reward/task.js';
import { playTask } from '../src/tasks/play.js';
import type { Trial } from '../src/tasks/task.js';
import { boardKinds } from '../targets/posix/board.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:distal`: the distal reward problem in the size of the paper, 1,000 neurons with 100 synapses each, on
 * the C core as a process. A seed has found its synapse if it stood at the top for ten minutes within two hours of board
 * time. `--seeds N` (default 10), `--neurons N`, `--synapses N`, `--control` (pairings of two other neurons are rewarded),
 * `--json`.
 */
const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    control: { type: 'boolean', default: false },
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
const target = loadTarget(kind.target);

interface Session {
  readonly trials: readonly Trial[];
  /** Trials until the synapse was found to stay; null if it was not. */
  readonly foundAfter: number | null;
  /** Seconds of this computer for an hour of board time. */
  readonly secondsPerHour: number;
}

async function play(seed: number): Promise<Session> {
  const { neurons, synapses, control } = given;
  const options = distalOptions.parse({
    seed,
    neurons: Number(neurons),
    synapses: Number(synapses),
    contingent: !control,
  });
  const started = await kind.start();
  const board = await Board.connect(await started.connect());
  try {
    await board.load(compile(resolveNetwork(task.network!(options)), target).image);
    const from = performance.now();
    const trials = await playTask(board, board.image, task, options, { seed });
    const hours = (trials.length * options.every) / 3_600_000;
    const held = trials.length >= options.stop && trials.slice(-options.stop).every(({ correct }) => correct);
    return {
      trials,
      foundAfter: held ? trials.length - options.stop + 1 : null,
      secondsPerHour: (performance.now() - from) / 1000 / hours,
    };
  } finally {
    await board.close();
    await started.close();
  }
}

const rows: Row[] = [];
const cells: string[][] = [];
const sessions: Session[] = [];
for (let seed = 1; seed <= Number(given.seeds); seed++) {
  const session = await play(seed);
  sessions.push(session);
  const { trials, foundAfter, secondsPerHour } = session;
  const last = trials.at(-1)!;
  const rewards = trials.reduce((sum, trial) => sum + Number(trial['rewards']), 0);
  const figures: readonly [string, number, string][] = [
    ['top reached', foundAfter ?? Number.NaN, 'minutes'],
    ['rewarded', Number(last['rewarded']), 'of the largest'],
    ['others', Number(last['others']), 'of the largest'],
    ['others at top', Number(last['othersAtTop']), 'synapses'],
    ['rewards', rewards, 'rewards'],
    ['rate', Number(last['rate']), 'spikes/s'],
  ];
  for (const [name, value, unit] of figures)
    if (!Number.isNaN(value)) rows.push({ name: `seed ${seed}/${name}`, value, unit, goal: null, met: null });
  cells.push([String(seed), ...figures.map(([, value]) => (Number.isNaN(value) ? '–' : String(value)))]);
  if (!given.json)
    process.stderr.write(
      `seed ${seed}: ${foundAfter === null ? 'not found' : `found after ${foundAfter} min`}, ` +
        `${secondsPerHour.toFixed(0)} s an hour of board time\n`,
    );
}
const share = sessions.filter(({ foundAfter }) => foundAfter !== null).length / sessions.length;
const [goal, met] = given.control ? ['0', share === 0] : ['>= 0.9', share >= 0.9];
const name = given.control ? 'found (control)' : 'found';
rows.unshift({ name, value: share, unit: 'proportion of seeds', goal, met });
rows.push({
  name: 'time',
  value: Math.round(sessions.reduce((sum, { secondsPerHour }) => sum + secondsPerHour, 0) / sessions.length),
  unit: 's/h of board time',
  goal: null,
  met: null,
});

if (given.json) printRows(rows);
else {
  const heading = ['seed', 'top reached, min', 'rewarded', 'others', 'others at top', 'rewards', 'rate, Hz'];
  process.stdout.write(`${table(heading, cells)}\n`);
  printRows([rows[0]!, rows.at(-1)!]);
}
