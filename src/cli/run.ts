import { compile } from '../compiler/compile.js';
import type { Target } from '../compiler/target.js';
import { EngramError } from '../errors/engram-error.js';
import { resolveNetwork } from '../network/resolve.js';
import { learningCurveText } from '../report/learning-curve-text.js';
import { taskReportHtml } from '../report/task-report.js';
import type { Board } from '../runtime/board.js';
import { blockProportions, lastProportion, trialsTo } from '../tasks/learning-curve.js';
import { playTask } from '../tasks/play.js';
import { playRecording, recordingTicks } from '../tasks/play-recording.js';
import { type Recording, spikesText } from '../tasks/recording.js';
import type { SpikeRecord, Task, Trial } from '../tasks/task.js';
import { loadTask, parseTaskOptions } from '../tasks/tasks.js';
import { compileFile } from './compile-file.js';
import type { Console } from './console.js';
import { checkWritable, readBytes, writeWhole } from './files.js';
import { openBoard, targetOf } from './open-board.js';
import { readRecordings } from './recordings.js';
import { boardFacts, commandText, optionFacts } from './report-facts.js';
import type { RunOptions } from './run-options.js';
import { SpikeLog } from './spike-log.js';
import { taskOptionsText } from './task-options-text.js';
import { TrialRaster } from './trial-raster.js';

interface RunContext {
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly args: string[];
  readonly options: RunOptions;
}

/** `engram run`: a task in closed loop, or a recording. */
export async function run(context: RunContext): Promise<void> {
  const { options, console } = context;
  const task = options.task === undefined ? null : await loadTask(options.task);
  if (options.listOptions) {
    if (!task) throw needsTask();
    return console.result({ ok: true, task: task.name, summary: task.summary }, taskOptionsText(task));
  }
  if (
    task === null &&
    options.spikes === undefined &&
    options.rewards === undefined &&
    options.ticks === undefined
  )
    throw needsTask();
  if (options.report !== undefined && !task)
    throw new EngramError('E0101', 'a report is about a task, and none is named', {
      fix: ['name one: --task NAME', 'write the spikes of a recording with -o FILE'],
    });
  for (const path of [options.output, options.weights, options.report])
    if (path !== undefined) await checkWritable(path);
  const taskOptions = task ? parseTaskOptions(task, options.set ?? {}) : null;
  const target = await targetOf(options);
  const image = await imageBytes(context, target, task, taskOptions);
  const recorded = task ? null : await readRecordings(options);

  const board = await openBoard(options, target, context.signal);
  try {
    const loading = console.progress('load');
    await board.load(image, { signal: context.signal, onProgress: (done) => loading.update(done) });
    loading.end(`${board.image.host.name} on ${board.info.targetName}`);
    if (options.threads !== undefined && options.threads > board.image.cores.length)
      console.say(
        `warning: ${options.threads} threads share ${board.image.cores.length} cores; more cores: --cores N`,
      );
    const spikes = new SpikeLog(recorded !== null || options.output !== undefined);
    const raster = options.report === undefined ? null : new TrialRaster(board.image);
    const result = recorded
      ? await playRecorded(board, recorded, options, spikes, context.signal)
      : await playTrials(board, task!, taskOptions, context, spikes, raster);
    if (options.output !== undefined)
      await writeWhole(options.output, spikesText(spikes.record(), formOf(options.output)));
    if (options.weights !== undefined) await writeWhole(options.weights, await weightsJson(board));
    const stateHash = (await board.stateHash()).toString(16).padStart(8, '0');
    if (options.report !== undefined && raster && 'trials' in result.data)
      await writeWhole(
        options.report,
        taskReportHtml({
          task: task!.name,
          summary: task!.summary,
          command: commandText(context),
          trials: result.data.trials,
          blockSize: options.blockSize,
          raster: raster.picture(),
          facts: [...boardFacts(board, target, stateHash), ...optionFacts(taskOptions)],
        }),
      );
    console.result({ ok: true, stateHash, tick: board.tick, ...result.data }, result.text);
  } finally {
    await board.close();
  }
}

function needsTask(): EngramError {
  return new EngramError('E0101', 'nothing to run', {
    fix: ['name a task: engram run --task delayed-bandit', 'give a network with --spikes FILE or --ticks N'],
  });
}

/** The image to load: read as it is, compiled from a description, or from the task's own network. */
async function imageBytes(
  { args, options, console }: RunContext,
  target: Target,
  task: Task | null,
  taskOptions: unknown,
): Promise<Uint8Array> {
  const [path] = args;
  if (path?.endsWith('.engram')) return readBytes(path);
  if (path !== undefined)
    return (await compileFile(path, { ...options, target: target.name }, console)).image;
  if (!task?.network)
    throw new EngramError(
      'E0101',
      task ? `task '${task.name}' brings no network of its own` : 'no network is named',
      {
        fix: ['name one: engram run NETWORK …'],
      },
    );
  return compile(resolveNetwork(task.network(taskOptions)), target, { cores: options.cores }).image;
}

async function playTrials(
  board: Board,
  task: Task,
  taskOptions: unknown,
  context: RunContext,
  spikes: SpikeLog,
  raster: TrialRaster | null,
) {
  const { console, options, signal } = context;
  const { trials: total, seed } = taskOptions as { trials?: number; seed?: number };
  const progress = console.progress(task.name);
  const correct: boolean[] = [];
  let trials: Trial[];
  try {
    trials = await playTask(board, board.image, task, taskOptions, {
      seed: seed ?? 1,
      signal,
      onTrial: (trial, number) => {
        correct.push(trial.correct);
        raster?.trialEnded();
        const recent = Math.round(lastProportion(correct, 50) * 100);
        progress.update(
          total ? (number + 1) / total : 0,
          `trial ${number + 1}, last 50: ${recent} % correct`,
        );
      },
      onStep: (step, from, came) => {
        spikes.add(came);
        raster?.step(step, from, came);
      },
    });
  } finally {
    progress.end(
      `${correct.length} trials, last 100: ${Math.round(lastProportion(correct, 100) * 100)} % correct`,
    );
  }
  const curve = { label: task.name, tagMilliseconds: 0, correct, trialsTo90: trialsTo(correct) };
  return {
    data: {
      task: task.name,
      trials,
      last100: lastProportion(correct, 100),
      trialsTo90: curve.trialsTo90,
      blocks: blockProportions(correct, options.blockSize),
    },
    text: learningCurveText([curve], { blockSize: options.blockSize, color: console.color }),
  };
}

async function playRecorded(
  board: Board,
  recorded: Recording,
  options: RunOptions,
  spikes: SpikeLog,
  signal: AbortSignal,
) {
  const ticks = options.ticks ?? recordingTicks(recorded);
  await playRecording(board, board.image, recorded, { ticks, signal, onSpikes: (came) => spikes.add(came) });
  const came = spikes.record();
  return {
    data: { ticks, spikes: came.count },
    text: options.output ? summary(ticks, came) : spikesText(came, 'csv').trimEnd(),
  };
}

function summary(ticks: number, spikes: SpikeRecord): string {
  return `${ticks.toLocaleString('en')} ticks, ${spikes.count.toLocaleString('en')} spikes`;
}

function formOf(path: string): 'csv' | 'jsonl' {
  return path.endsWith('.jsonl') || path.endsWith('.ndjson') ? 'jsonl' : 'csv';
}

async function weightsJson(board: Board): Promise<string> {
  const projections: Record<string, { pre: number[]; post: number[]; weight: number[] }> = {};
  for (const { name } of board.image.host.projections) {
    const { pre, post, values } = await board.readWeights(name);
    projections[name] = { pre: [...pre], post: [...post], weight: [...values] };
  }
  return `${JSON.stringify({ network: board.image.host.name, tick: board.tick, projections })}\n`;
}
