import { join } from 'node:path';
import { compile } from '../compiler/compile.js';
import { packageFolder } from '../compiler/package-folder.js';
import type { Target } from '../compiler/target.js';
import type { NetworkDescription } from '../network/description.js';
import { loadNetwork } from '../network/load.js';
import { resolveNetwork } from '../network/resolve.js';
import { banditReport } from '../report/bandit-report.js';
import { learningCurveText } from '../report/learning-curve-text.js';
import type { LearningReport } from '../report/learning-data.js';
import { learningReportHtml } from '../report/learning-report.js';
import type { Board } from '../runtime/board.js';
import { type BanditRun, trainBandit } from '../tasks/delayed-bandit/experiment.js';
import { type BanditOptions, banditOptions } from '../tasks/delayed-bandit/options.js';
import type { Console } from './console.js';

const blockSize = 25;
/** Time constant of the control's tag: long enough to pair spikes, gone before the reward. */
const controlTagMilliseconds = 20;

export interface DemoOptions {
  readonly seed: number;
  readonly trials: number;
  readonly target: Target;
  readonly open: () => Promise<Board>;
  readonly signal: AbortSignal;
  readonly console: Console;
}

/** Compiles, loads and trains both networks, one after the other, and makes the report. */
export async function runDemo(
  demo: DemoOptions,
): Promise<{ report: LearningReport; html: string; text: string }> {
  const traced = banditOptions.parse({ seed: demo.seed, trials: demo.trials });
  const control = { ...traced, tag: controlTagMilliseconds };
  demo.console.say(
    `delayed bandit: ${traced.contexts} contexts × ${traced.actions} actions, reward ${traced.delayMin / 1000}–${traced.delayMax / 1000} s after the choice`,
  );
  const path = join(packageFolder(), 'examples', 'delayed-bandit', 'network.json');
  const network = { ...(await loadNetwork(path)), seed: demo.seed };
  const runs = [
    await train('with traces   ', network, traced, demo),
    await train('without traces', withTag(network, control.tag), control, demo),
  ] as const;
  const report = banditReport({
    options: traced,
    target: demo.target,
    traced: runs[0],
    control: runs[1],
    blockSize,
  });
  return {
    report,
    html: learningReportHtml(report),
    text: learningCurveText([report.traced, report.control], { blockSize, color: demo.console.color }),
  };
}

/** The same network with another time constant of the tag. */
function withTag(network: NetworkDescription, milliseconds: number): NetworkDescription {
  const copy = structuredClone(network) as {
    projections?: Record<string, { plasticity?: { tauTag?: string } }>;
  };
  for (const { plasticity } of Object.values(copy.projections ?? {}))
    if (plasticity) plasticity.tauTag = `${milliseconds} ms`;
  return copy as NetworkDescription;
}

async function train(
  label: string,
  network: NetworkDescription,
  options: BanditOptions,
  demo: DemoOptions,
): Promise<BanditRun> {
  const { image } = compile(resolveNetwork(network), demo.target);
  const board = await demo.open();
  try {
    await board.load(image, { signal: demo.signal });
    const progress = demo.console.progress(label);
    let right = 0;
    const run = await trainBandit(board, options, {
      signal: demo.signal,
      onTrial: (correct, trial) => {
        right += Number(correct);
        progress.update(
          (trial + 1) / options.trials,
          `trial ${trial + 1}, ${Math.round((right / (trial + 1)) * 100)} % correct`,
        );
      },
    });
    progress.end(
      `${options.trials} trials, tag ${options.tag} ms, state ${run.stateHash.toString(16).padStart(8, '0')}`,
    );
    return run;
  } finally {
    await board.close();
  }
}
