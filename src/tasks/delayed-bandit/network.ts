import type { NetworkDescription } from '../../network/description.js';
import type { BanditOptions } from './options.js';

/** What one idea adds to the network. */
type Part = Required<Pick<NetworkDescription, 'populations' | 'projections'>>;

/**
 * The network of the delayed bandit. Each part is a function of the options; parts are joined in the order given, so
 * what is added later leaves the unit ids of what was there before.
 */
export function banditNetwork(options: BanditOptions): NetworkDescription {
  const parts = [choosing(options)];
  return {
    engram: 1,
    name: 'delayed-bandit',
    tick: '1 ms',
    seed: options.seed,
    populations: Object.assign({}, ...parts.map(({ populations }) => populations)),
    modulators: { reward: { tau: '50 ms', baseline: { events: 20 } } },
    projections: Object.assign({}, ...parts.map(({ projections }) => projections)),
  };
}

/**
 * Cue lines onto action neurons with reward-modulated plasticity; the groups of the actions inhibit each other, and
 * noise on the core explores. The tag bridges the time from choice to reward; `options.tag` is its time constant.
 */
function choosing({ contexts, actions, linesPerContext, neuronsPerAction, tag }: BanditOptions): Part {
  const group = (action: number) => `action[${action * neuronsPerAction}:${(action + 1) * neuronsPerAction}]`;
  const pairs = Array.from({ length: actions }, (_, a) =>
    Array.from({ length: actions }, (_, b) => [a, b] as const),
  )
    .flat()
    .filter(([a, b]) => a !== b);
  return {
    populations: {
      context: { model: 'input', size: contexts * linesPerContext },
      action: {
        model: 'lif',
        size: actions * neuronsPerAction,
        tauMembrane: '20 ms',
        tauSynapse: '5 ms',
        threshold: 1,
        reset: 0,
        refractory: '3 ms',
        noise: 0.018,
      },
    },
    projections: {
      'context-action': {
        from: 'context',
        to: 'action',
        connect: 'all-to-all',
        weight: 0.03,
        plasticity: {
          rule: 'rstdp',
          modulator: 'reward',
          weightRange: [0, 0.08],
          aPlus: 1,
          aMinus: 0.25,
          tauPlus: '20 ms',
          tauMinus: '20 ms',
          tauTag: `${tag} ms`,
          rate: 4e-7,
        },
      },
      ...Object.fromEntries(
        pairs.map(([a, b]) => [
          `inhibit-${a}-${b}`,
          { from: group(a), to: group(b), connect: 'all-to-all' as const, weight: -0.1 },
        ]),
      ),
    },
  };
}
