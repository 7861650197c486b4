import { drawCueTrial } from '../../src/tasks/cue-accumulation/generator.js';
import { drawsOf } from '../../src/tasks/draws.js';
import type { Row } from '../rows.js';
import { cueSettings, trainingOf } from './cue-networks.js';

/** Trials of which the proportion correct is taken. */
const last = 200;
const tests = 500;

/**
 * Trains every setting on the same fresh trials of cue accumulation. Three figures each: the proportion correct of the
 * last trials, each answered before it is learnt from; that of other fresh trials with the weights left alone; and the
 * trials until 90 of 100 in a row were right (−1: never).
 */
export function accuracyRows(trials: number, seeds: number, say: (text: string) => void): Row[] {
  return cueSettings.flatMap((setting) =>
    Array.from({ length: seeds }, (_, n) => n + 1).flatMap((seed) => {
      const training = trainingOf(setting, seed);
      const draws = drawsOf(1000 + seed);
      const right: boolean[] = [];
      while (right.length < trials) {
        right.push(training.learn(drawCueTrial(draws)));
        if (right.length % 500 === 0)
          say(`${setting.name}, seed ${seed}, trial ${right.length}: ${share(right.slice(-last))}`);
      }
      const testDraws = drawsOf(2000 + seed);
      const answers = Array.from({ length: tests }, () => training.answers(drawCueTrial(testDraws)));
      const row = (what: string, value: number, unit: string): Row => ({
        name: `cue accumulation/${setting.name}/seed ${seed}/${what}`,
        value,
        unit,
        goal: null,
        met: null,
      });
      return [
        row(`last ${last} of ${trials}`, share(right.slice(-last)), 'proportion'),
        row(`${tests} tests`, share(answers), 'proportion'),
        row('trials to 90 %', trialsToNinety(right), 'trials'),
      ];
    }),
  );
}

const share = (right: readonly boolean[]) => Number((right.filter(Boolean).length / right.length).toFixed(3));

function trialsToNinety(right: readonly boolean[]): number {
  let sum = 0;
  for (let n = 0; n < right.length; n++) {
    sum += Number(right[n]) - Number(right[n - 100] ?? false);
    if (n >= 99 && sum >= 90) return n + 1;
  }
  return -1;
}
