import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadTarget } from '../src/compiler/load-target.js';
import { packageFolder } from '../src/compiler/package-folder.js';
import type { NetworkDescription } from '../src/network/description.js';
import type { Board } from '../src/runtime/board.js';
import { type CueOptions, cueOptions } from '../src/tasks/cue-accumulation/options.js';
import task from '../src/tasks/cue-accumulation/task.js';
import { playTask } from '../src/tasks/play.js';
import { onVirtualBoard } from './on-board.js';
import { printRows, type Row } from './rows.js';

/**
 * `npm run bench:cue`: cue accumulation learnt by e-prop on the emulated core, then 500 fresh trials with learning off.
 * `--seeds N` (default 3), `--neurons lif+alif|lif` (default both), `--learn N`, `--feedback KIND`, `--json`.
 * `--write-example` writes the network of seed 1 with the weights it has learnt into `examples/cue-accumulation`.
 */
const { values: given } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '3' },
    neurons: { type: 'string' },
    learn: { type: 'string', default: '1000' },
    feedback: { type: 'string', default: 'symmetric' },
    'write-example': { type: 'boolean', default: false },
  },
});
const tests = 500;
const target = loadTarget('pico');

async function session(options: CueOptions, label: string) {
  const description = task.network!(options);
  return onVirtualBoard(description, target, async (board) => {
    let [right, tested] = [0, 0];
    await playTask(board, board.image, task, options, {
      seed: options.seed,
      onTrial({ correct, phase }, number) {
        if (phase === 'test') tested++;
        if (phase === 'test' && correct) right++;
        if ((number + 1) % 100 === 0)
          process.stderr.write(`${label}: trial ${number + 1} of ${options.trials}\n`);
      },
    });
    return { accuracy: right / tested, trained: await withWeights(description, board) };
  });
}

/** The description with the weights of the board, row by row. */
async function withWeights(description: NetworkDescription, board: Board): Promise<NetworkDescription> {
  const projections = { ...description.projections };
  for (const [name, projection] of Object.entries(projections)) {
    const { values } = await board.readWeights(name);
    projections[name] = { ...projection, weight: { values: [...values] } };
  }
  return { ...description, projections };
}

const rows: Row[] = [];
for (const neurons of given.neurons ? [given.neurons] : ['lif+alif', 'lif'])
  for (let seed = 1; seed <= Number(given.seeds); seed++) {
    const learn = Number(given.learn);
    const options = cueOptions.parse({
      neurons,
      seed,
      learn,
      trials: learn + tests,
      feedback: given.feedback,
    });
    const name = `${neurons}, ${options.feedback} feedback, seed ${seed}`;
    const { accuracy, trained } = await session(options, name);
    const goal = neurons === 'lif' ? 0.85 : 0.9;
    rows.push({
      name,
      value: accuracy,
      unit: `of ${tests} fresh trials`,
      goal: `>= ${goal}`,
      met: accuracy >= goal,
    });
    process.stderr.write(`${name}: ${accuracy}\n`);
    if (given['write-example'] && seed === 1 && neurons === 'lif+alif')
      writeFileSync(
        join(packageFolder(), 'examples/cue-accumulation/network.json'),
        `${JSON.stringify({ $schema: '../../docs/network.schema.json', ...trained })}\n`,
      );
  }
printRows(rows);
