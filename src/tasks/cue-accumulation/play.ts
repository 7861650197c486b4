import { EngramError } from '../../errors/engram-error.js';
import { argmax, ReadoutMean, softmax } from '../readout.js';
import type { Step, StepOutcome, TaskContext } from '../task.js';
import { type CueSide, type CueTrial, cueTask, drawCueTrial } from './generator.js';
import type { CueOptions } from './options.js';

/** Milliseconds between two looks at the readouts in the recall window. */
const lookEvery = 10;
/** Errors act for so many milliseconds at least. */
const shortest = 8;
/** What the readout of the label, and the other, should show. */
const targets = { label: 0.5, other: -0.5 } as const;

/**
 * A trial: the cues, a delay, and a recall window in which the readouts are looked at; the larger on average is the
 * answer. A learning trial is answered in the first part of the window; then the core is told what the readouts should
 * show, and errors act until the end or, as learning goes on, for less long, which makes the steps smaller. Without `nextTrial`
 * trials are drawn.
 */
export function* playCues(
  context: TaskContext<CueOptions>,
  nextTrial: () => CueTrial = () => drawCueTrial(context.draws),
): Generator<Step, void, StepOutcome> {
  const { options, ticks } = context;
  if (context.tickMilliseconds !== 1)
    throw new EngramError(
      'E0804',
      `trials of cue accumulation have ticks of 1 ms, not ${context.tickMilliseconds} ms`,
      {
        fix: ['give the network "tick": "1 ms"'],
      },
    );
  const cues = context.population('cues');
  for (let trial = 0; trial < options.trials; trial++) {
    const learns = trial < options.learn;
    if (trial === options.learn) yield { run: 1, control: [{ in: 0, learning: false }] };
    const { label, spikes } = nextTrial();
    yield {
      run: ticks(cueTask.recallFrom),
      spikes: spikes.map((spike) => ({ in: spike.in, unit: cues.unit(spike.unit) })),
    };
    const window = cueTask.length - cueTask.recallFrom;
    const shown = yield* lookAt(learns ? options.judge : window, ticks);
    const choice = argmax(shown);
    if (learns) {
      const left = window - options.judge;
      const taught = Math.max(shortest, Math.round(left / (1 + trial / options.shorten)));
      yield { run: ticks(left), rewards: teaching(label, ticks(Math.min(left, taught)) - 1) };
    }
    yield {
      run: 1,
      control: [{ in: 0, clear: '*', what: ['neurons', 'traces', 'tags', 'flying', 'modulators'] }],
    };
    context.report({
      correct: choice === label,
      choice,
      label,
      certainty: softmax(shown)[choice]!,
      phase: learns ? 'learn' : 'test',
    });
  }
}

/** What the readouts show on average for so long. */
function* lookAt(
  milliseconds: number,
  ticks: (milliseconds: number) => number,
): Generator<Step, Float64Array, StepOutcome> {
  const mean = new ReadoutMean();
  for (let at = 0; at < milliseconds; at += lookEvery) {
    const { membranes } = yield { run: ticks(Math.min(lookEvery, milliseconds - at)), read: ['readout'] };
    mean.look(membranes('readout'));
  }
  return mean.values;
}

/** Targets of the readouts and the gate of their errors: there at once, gone after so many ticks. */
function teaching(label: CueSide, after: number) {
  return [0, after].flatMap((at) => {
    const sign = at === 0 ? 1 : -1;
    return [
      { in: at, modulator: 'teach', value: sign },
      { in: at, modulator: `error[${label}]`, value: sign * targets.label },
      { in: at, modulator: `error[${1 - label}]`, value: sign * targets.other },
    ];
  });
}
