import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { loadTarget } from '../compiler/load-target.js';
import { errorCodes } from '../errors/codes.js';
import { EngramError } from '../errors/engram-error.js';
import { loadNetwork } from '../network/load.js';
import { gridPoints } from '../sweep/grid.js';
import { type SweepIdentity, sweepIdentity } from '../sweep/identity.js';
import { Journal } from '../sweep/journal.js';
import { localPool } from '../sweep/local-pool.js';
import type { SweepPlan } from '../sweep/plan.js';
import type { Point } from '../sweep/point.js';
import { readPoints } from '../sweep/points-file.js';
import { preparePoints } from '../sweep/prepare-points.js';
import { resultForm, resultsText } from '../sweep/results-file.js';
import { parseAxis, parseSeeds } from '../sweep/settings.js';
import { sweepSummary } from '../sweep/summary.js';
import { pointsLeft, runSweep, type SweepRow } from '../sweep/sweep.js';
import { recordingTicks } from '../tasks/play-recording.js';
import { isTaskModule, loadTask } from '../tasks/tasks.js';
import type { Console } from './console.js';
import { engramVersion } from './engram-version.js';
import { checkWritable, readBytes, writeWhole } from './files.js';
import { readRecordings } from './recordings.js';
import { failedPoints, progressText, summaryText } from './sweep-text.js';

export interface SweepOptions {
  out: string;
  task?: string;
  seeds?: string;
  set?: string[];
  points?: string;
  spikes?: string;
  rewards?: string;
  ticks?: number;
  target: string;
  cores?: number;
  blockSize: number;
  jobs?: number;
  fresh?: boolean;
}

interface SweepContext {
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly args: string[];
  readonly options: SweepOptions;
}

/** How long a point is looked for that can be run, before the run. */
const checkMilliseconds = 2000;

/** `engram sweep`: what is missing of a sweep is run, then all of it is written. */
export async function sweep({ console, signal, args, options }: SweepContext): Promise<void> {
  const form = resultForm(options.out);
  if (options.jobs === 0)
    throw new EngramError('E0101', 'no point is run with --jobs 0', { fix: ['--jobs 1'] });
  await checkWritable(options.out);
  const { plan, identity } = await sweepPlan(args[0], options);
  const points = await sweepPoints(options);
  await checkPoints(plan, points);
  const journal = await Journal.open(`${options.out}.journal`, identity, { fresh: options.fresh ?? false });
  try {
    const left = pointsLeft(points, journal).length;
    const already = points.length - left;
    if (already > 0) console.say(`${already} of ${points.length} points are there already`);
    const rows = await runPoints(points, left, { plan, journal, options, console, signal });
    await writeWhole(options.out, resultsText(rows, form, identity));
    tell(rows, already, { console, options, journal });
  } finally {
    await journal.close();
  }
}

async function sweepPlan(
  path: string | undefined,
  options: SweepOptions,
): Promise<{ plan: SweepPlan; identity: SweepIdentity }> {
  const recorded = options.spikes !== undefined || options.rewards !== undefined;
  if (options.task === undefined && !recorded && options.ticks === undefined)
    throw new EngramError('E0101', 'nothing to run', {
      fix: [
        'name a task: engram sweep --task delayed-bandit …',
        'give a network with --spikes FILE or --ticks N',
      ],
    });
  if (options.task === undefined && path === undefined)
    throw new EngramError('E0101', 'no network is named', { fix: ['name one: engram sweep NETWORK …'] });
  if (options.task !== undefined && (recorded || options.ticks !== undefined))
    throw new EngramError(
      'E0101',
      'a task gives the input itself: no --spikes, --rewards or --ticks with one',
    );
  if (path?.endsWith('.engram'))
    throw new EngramError('E0101', `${path} is an image: nothing in it can be varied`, {
      fix: ['name the description that it was compiled from'],
    });
  const { name: target } = loadTarget(options.target);
  const isModule = options.task !== undefined && isTaskModule(options.task);
  const task = options.task === undefined ? null : await loadTask(options.task);
  const recording = await readRecordings(options);
  const plan: SweepPlan = {
    network: path === undefined ? null : await loadNetwork(path),
    task: isModule ? resolve(options.task!) : (options.task ?? null),
    target,
    cores: options.cores ?? null,
    recording,
    ticks: options.ticks ?? recordingTicks(recording),
    blockSize: options.blockSize,
  };
  const identity = sweepIdentity(plan, {
    engram: engramVersion(),
    taskName: task?.name ?? null,
    moduleText: isModule ? readFileSync(options.task!, 'utf8') : null,
  });
  return { plan, identity };
}

async function sweepPoints({ points, set = [], seeds }: SweepOptions): Promise<Point[]> {
  return gridPoints({
    sets: points === undefined ? [] : readPoints(new TextDecoder().decode(await readBytes(points)), points),
    axes: set.map(parseAxis),
    seeds: seeds === undefined ? [] : parseSeeds(seeds),
  });
}

/** Throws if no point can be given to network and task: a name that is wrong is wrong in all. */
async function checkPoints(plan: SweepPlan, points: readonly Point[]): Promise<void> {
  const { prepare } = await preparePoints(plan);
  const until = Date.now() + checkMilliseconds;
  let first: unknown;
  for (const point of points) {
    try {
      prepare(point);
      return;
    } catch (error) {
      first ??= error;
    }
    // Points that are bad are recorded as such; to look for a good one must not take long.
    if (Date.now() > until) return;
  }
  throw first;
}

async function runPoints(
  points: readonly Point[],
  left: number,
  {
    plan,
    journal,
    options,
    console,
    signal,
  }: {
    readonly plan: SweepPlan;
    readonly journal: Journal;
    readonly options: SweepOptions;
    readonly console: Console;
    readonly signal: AbortSignal;
  },
): Promise<SweepRow[]> {
  const runner = localPool(plan, Math.max(1, Math.min(options.jobs ?? availableParallelism(), left)));
  const progress = console.progress('sweep');
  const started = Date.now();
  let note = `${points.length} points`;
  try {
    return await runSweep(points, journal, runner, {
      signal,
      onOutcome: (_, state) => {
        note = progressText(state, (Date.now() - started) / 1000);
        progress.update(state.done / state.total, note);
      },
    });
  } finally {
    progress.end(note);
    await runner.close();
  }
}

function tell(
  rows: readonly SweepRow[],
  already: number,
  { console, options, journal }: { console: Console; options: SweepOptions; journal: Journal },
): void {
  const failed = failedPoints(rows);
  const summary = sweepSummary(rows);
  const failure =
    failed.length === 0
      ? null
      : new EngramError('E1202', `${failed.length} of ${rows.length} points failed`, {
          problems: failed.slice(0, 10),
          facts:
            failed.length < rows.length ? [['results', `those of the others are in ${options.out}`]] : [],
          fix: ['give the same command again to run the failed points once more'],
        });
  console.result(
    {
      ok: failure === null,
      output: options.out,
      journal: journal.path,
      points: rows.length,
      already,
      failed: failed.length,
      summary,
      ...(failure && { error: { code: failure.code, message: failure.message, problems: failed } }),
    },
    `${summaryText(summary)}\n\nwrote ${options.out}: ${rows.length} points`,
  );
  if (failure === null) return;
  if (!console.json) throw failure;
  process.exitCode = errorCodes[failure.code].exit;
}
