import type { Trial } from '../task.js';
import { logisticRegression } from './regression.js';

/**
 * To which past choice a learner gives the credit for an outcome, from its choices alone: a logistic regression of
 * each choice on past choices times past outcomes, as in studies of human and macaque orbitofrontal cortex
 * (Walton et al. 2010; Witkowski et al. 2025).
 */

/** A session as the regressions see it: choices as +1 and −1, and what came after each. */
interface Session {
  readonly choices: readonly number[];
  readonly outcomes: readonly (readonly { readonly of: number; readonly value: number }[])[];
}

function sessionOf(trials: readonly Trial[]): Session {
  return {
    choices: trials.map(({ choice }) => (choice === 0 ? 1 : -1)),
    outcomes: trials.map(({ outcomes }) =>
      String(outcomes)
        .split(' ')
        .filter((word) => word !== '')
        .map((word) => {
          const [of, value] = word.split(':').map(Number) as [number, number];
          return { of, value };
        }),
    ),
  };
}

/**
 * Weights by how many choices back (row 0: the last choice) and after which choice the outcome came (column 0: after
 * the last). In the direct condition the diagonal is appropriate credit; in the indirect one the cells below it are
 * (row j + 1, column j), and the diagonal is credit that has spread to the choice in between.
 */
export function creditMatrix(sessions: readonly (readonly Trial[])[], depth = 3): number[][] {
  const weights = regress(sessions, depth, ({ choices, outcomes }, trial) =>
    range(depth).flatMap((i) =>
      range(depth).map(
        (j) => choices[trial - 1 - i]! * sum(outcomes[trial - 1 - j]!.map(({ value }) => value)),
      ),
    ),
  );
  return range(depth).map((i) => weights.slice(i * depth, (i + 1) * depth));
}

export interface CreditWeights {
  /** Outcome onto the choice that earned it. */
  readonly appropriate: number;
  /** Outcome onto the latest other choice when it came. */
  readonly spreading: number;
}

/** The two weights of an outcome that came after the last choice, beside those of earlier ones and of repetition. */
export function creditWeights(sessions: readonly (readonly Trial[])[], depth = 3): CreditWeights {
  const weights = regress(sessions, depth + 1, ({ choices, outcomes }, trial) =>
    range(depth).flatMap((back) => {
      const after = trial - 1 - back;
      const arrived = outcomes[after]!;
      return [
        sum(arrived.map(({ of, value }) => value * choices[of]!)),
        sum(arrived.map(({ of, value }) => value * (choices[of === after ? after - 1 : after] ?? 0))),
        choices[after]!,
      ];
    }),
  );
  return { appropriate: weights[0]!, spreading: weights[1]! };
}

function regress(
  sessions: readonly (readonly Trial[])[],
  first: number,
  predict: (session: Session, trial: number) => number[],
): number[] {
  const predictors: number[][] = [];
  const positive: boolean[] = [];
  for (const session of sessions.map(sessionOf))
    for (let trial = first; trial < session.choices.length; trial++) {
      predictors.push(predict(session, trial));
      positive.push(session.choices[trial]! > 0);
    }
  return logisticRegression(predictors, positive);
}

const range = (count: number) => Array.from({ length: count }, (_, n) => n);
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
