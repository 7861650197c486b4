import type { Target } from '../compiler/target.js';
import type { BanditRun } from '../tasks/delayed-bandit/experiment.js';
import type { BanditOptions } from '../tasks/delayed-bandit/options.js';
import type { WatchedTrial } from '../tasks/delayed-bandit/picture.js';
import { trialsTo } from '../tasks/learning-curve.js';
import type { LearningReport, LearningRun, TrialPicture, WeightPicture } from './learning-data.js';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const contextName = (n: number) => `context ${letters[n] ?? n}`;
const actionName = (n: number) => `action ${n + 1}`;

/** Turns two runs of the delayed bandit, with and without traces, into the data of the report. */
export function banditReport(runs: {
  options: BanditOptions;
  target: Target;
  traced: BanditRun;
  control: BanditRun;
  blockSize: number;
}): LearningReport {
  const { options, target, traced, control, blockSize } = runs;
  const delay = `${options.delayMin / 1000}–${options.delayMax / 1000} s`;
  const all = [traced, control].flatMap(({ before, after }) => [...before.flat(), ...after.flat()]);
  const range = { min: Math.min(...all), max: Math.max(...all) };
  const synapses = options.contexts * options.linesPerContext * options.actions * options.neuronsPerAction;
  return {
    title: 'A synapse that remembers what it did',
    command: `npm start -- --seed ${options.seed} --trials ${options.trials}`,
    trials: options.trials,
    blockSize,
    delay,
    traced: learningRun('with traces', traced),
    control: learningRun('without traces', control),
    trial: trialPicture(traced.trial, control.trial, options),
    weights: {
      traced: weightPicture('with traces', traced, options, range),
      control: weightPicture('without traces', control, options, range),
    },
    facts: [
      ['network', `examples/delayed-bandit, compiled for ${target.name}`],
      ['board', 'virtual: the bit-accurate emulator behind the wire protocol'],
      ['seed', String(options.seed)],
      ['plastic synapses', synapses.toLocaleString('en')],
      ['tag with traces', `${traced.tagMilliseconds} ms`],
      ['tag without', `${control.tagMilliseconds} ms`],
      ['reward after the choice', delay],
      ['state hash after training', traced.stateHash.toString(16).padStart(8, '0')],
    ],
  };
}

function learningRun(label: string, { tagMilliseconds, correct }: BanditRun): LearningRun {
  return { label, tagMilliseconds, correct, trialsTo90: trialsTo(correct) };
}

/** Ticks of the bandit are milliseconds. */
function trialPicture(traced: WatchedTrial, control: WatchedTrial, options: BanditOptions): TrialPicture {
  const { contexts, linesPerContext, actions, neuronsPerAction } = options;
  const inputs = Array.from({ length: contexts * linesPerContext }, (_, line) => ({
    label: `${contextName(Math.floor(line / linesPerContext))}, line ${(line % linesPerContext) + 1}`,
    group: 'cue' as const,
    spikesMs: traced.inputs.filter((spike) => spike.line === line).map(({ tick }) => tick),
  }));
  const outputs = Array.from({ length: actions * neuronsPerAction }, (_, neuron) => {
    const action = Math.floor(neuron / neuronsPerAction);
    return {
      label: `${actionName(action)}, neuron ${(neuron % neuronsPerAction) + 1}`,
      group: action === traced.choice ? ('chosen' as const) : ('unchosen' as const),
      spikesMs: traced.outputs.filter((spike) => spike.neuron === neuron).map(({ tick }) => tick),
    };
  });
  const curve = (trial: WatchedTrial, kind: 'chosen' | 'unchosen', isControl: boolean) => ({
    label: `${kind} synapses${isControl ? ', without traces' : ''}`,
    kind,
    control: isControl,
    points: trial.samples.map((sample) => ({ ms: sample.tick, value: sample[kind] })),
  });
  return {
    cueEnd: traced.cueEnd,
    rewardAt: traced.rewardAt,
    end: traced.end,
    reward: traced.reward,
    choice: actionName(traced.choice),
    context: contextName(traced.cued),
    rows: [...inputs, ...outputs],
    eligibility: [
      curve(traced, 'chosen', false),
      curve(traced, 'unchosen', false),
      curve(control, 'chosen', true),
    ],
    modulator: traced.samples.map(({ tick, modulator }) => ({ ms: tick, value: modulator })),
  };
}

function weightPicture(
  label: string,
  run: BanditRun,
  options: BanditOptions,
  range: { readonly min: number; readonly max: number },
): WeightPicture {
  const { contexts, linesPerContext, actions, neuronsPerAction } = options;
  return {
    label,
    before: run.before,
    after: run.after,
    ...range,
    rowGroups: Array.from({ length: contexts }, (_, n) => ({
      label: contextName(n),
      count: linesPerContext,
    })),
    columnGroups: Array.from({ length: actions }, (_, n) => ({
      label: actionName(n),
      count: neuronsPerAction,
    })),
  };
}
