import type { Step, StepOutcome, TaskContext } from '../task.js';
import { type CueSide, cueTask, drawCueTrial } from './generator.js';
import type { CueOptions } from './options.js';

/** Milliseconds between two looks at the readouts in the recall window. */
const lookEvery = 10;

/**
 * A trial: the cues, a delay, and a recall window in which the readouts are looked at; the larger on average is the
 * answer. While learning the core gets the label: one channel's target is 1 in that window, and errors act only then.
 * The answer is what the readouts show as the network learns, so the learning trials tell less than the fresh ones after.
 */
export function* playCues(context: TaskContext<CueOptions>): Generator<Step, void, StepOutcome> {
  const { options, draws, ticks } = context;
  const cues = context.population('cues');
  for (let trial = 0; trial < options.trials + options.test; trial++) {
    const learns = trial < options.trials;
    if (trial === options.trials) yield { run: 1, control: [{ in: 0, learning: false }] };
    const { label, spikes } = drawCueTrial(draws);
    yield {
      run: ticks(cueTask.recallFrom),
      spikes: spikes.map((spike) => ({ in: spike.in, unit: cues.unit(spike.unit) })),
    };
    const window = ticks(cueTask.length - cueTask.recallFrom);
    const look = ticks(lookEvery);
    const sums: [number, number] = [0, 0];
    for (let at = 0; at < window; at += look) {
      const outcome = yield {
        run: look,
        read: ['readout'],
        ...(learns && at === 0 ? { rewards: teaching(label, window) } : {}),
      };
      const [left = 0, right = 0] = outcome.membranes('readout');
      sums[0] += left;
      sums[1] += right;
    }
    yield {
      run: 1,
      control: [{ in: 0, clear: '*', what: ['neurons', 'traces', 'tags', 'flying', 'modulators'] }],
    };
    const choice = sums[1] > sums[0] ? 1 : 0;
    context.report({ correct: choice === label, choice, label, phase: learns ? 'learn' : 'test' });
  }
}

/** Target of the label's readout and the gate of the errors, on and, at the end of the window, off. */
function teaching(label: CueSide, window: number) {
  return [0, window - 1].flatMap((at) => {
    const value = at === 0 ? 1 : -1;
    return [
      { in: at, modulator: 'teach', value },
      { in: at, modulator: `error[${label}]`, value },
    ];
  });
}
