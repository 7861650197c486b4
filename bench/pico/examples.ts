import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../src/compiler/compile.js';
import { packageFolder } from '../../src/compiler/package-folder.js';
import type { Target } from '../../src/compiler/target.js';
import { resolveNetwork } from '../../src/network/resolve.js';
import type { Board } from '../../src/runtime/board.js';
import cueAccumulation from '../../src/tasks/cue-accumulation/task.js';
import delayedBandit from '../../src/tasks/delayed-bandit/task.js';
import delayedMatch from '../../src/tasks/delayed-match-to-sample/task.js';
import { playTask } from '../../src/tasks/play.js';
import reversal from '../../src/tasks/reversal/task.js';
import type { Row } from '../rows.js';

/** The cycles of a tick in the first learning trial of the examples, beside what `engram inspect` estimates. */
export async function measureExamples(board: Board, target: Target): Promise<Row[]> {
  const rows: Row[] = [];
  for (const task of [cueAccumulation, delayedBandit, delayedMatch, reversal]) {
    const file = join(packageFolder(), 'examples', task.name, 'network.json');
    const { image, report } = compile(resolveNetwork(JSON.parse(readFileSync(file, 'utf8'))), target);
    await board.load(image);
    await board.reset();
    await board.clearStatistics();
    // As options of different tasks they have no type in common.
    const options = task.options.parse({ trials: 1 }) as never;
    await playTask(board, board.image, task as never, options, { seed: 1, onTrial: () => {} });
    const { ticks, cyclesLow, cyclesHigh, worstTickCycles } = await board.statistics();
    const row = (what: string, value: number): Row => ({
      name: `${task.name}: ${what}`,
      value: Math.round(value),
      unit: 'cycles',
      goal: null,
      met: null,
    });
    rows.push(
      row('a tick, mean', (cyclesHigh * 2 ** 32 + cyclesLow) / ticks),
      row('a tick, worst', worstTickCycles),
      row('a tick, estimated', report.cost.cyclesPerTick),
    );
  }
  return rows;
}
