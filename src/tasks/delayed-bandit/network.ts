import { choiceMemory } from '../../network/choice-memory.js';
import type { NetworkDescription } from '../../network/description.js';
import { choiceEpisodes } from '../choice-episodes.js';
import { actionNeurons, exploringNoise, rewardLearning, rewardModulator } from '../reward-learning.js';
import type { BanditOptions } from './options.js';

/** What one idea adds to the network. */
type Part = Required<Pick<NetworkDescription, 'populations' | 'projections'>>;

/**
 * The network of the delayed bandit. Each part is a function of the options; parts are joined in the order given, so
 * what is added later leaves the unit ids of what was there before.
 */
export function banditNetwork(options: BanditOptions): NetworkDescription {
  const parts: Part[] = [choosing(options)];
  if (options.explore === 'lines') parts.push(exploring(options));
  const memory = options.memory === 'none' ? null : keeping(options, parts);
  if (memory !== null) parts.push(memory);
  const context = memory?.context ?? 'context';
  parts.push(learning(context, options));
  return {
    engram: 1,
    name: 'delayed-bandit',
    tick: '1 ms',
    seed: options.seed,
    populations: Object.assign({}, ...parts.map(({ populations }) => populations)),
    modulators: { reward: rewardModulator },
    projections: Object.assign({}, ...parts.map(({ projections }) => projections)),
    ...(options.replay ? { episodes: episodes(options) } : {}),
  };
}

/**
 * Populations of the memory: the choice, and the copies of the cue lines. With replay the choice alone: the context
 * comes back as it was.
 */
export function banditMemory({ memory, replay }: BanditOptions): readonly string[] {
  if (memory === 'none') return [];
  return replay ? ['choice'] : ['choice', 'choice-context'];
}

/** Lines that push the action groups to and fro during the cue: other choices are tried, and no neuron needs noise. */
function exploring({ actions, neuronsPerAction }: BanditOptions): Part {
  return {
    populations: { explore: { model: 'input', size: actions * exploringLines } },
    projections: Object.fromEntries(
      Array.from({ length: actions }, (_, action) => [
        `explore-${action}`,
        {
          from: `explore[${action * exploringLines}:${(action + 1) * exploringLines}]`,
          to: `action[${action * neuronsPerAction}:${(action + 1) * neuronsPerAction}]`,
          connect: 'all-to-all' as const,
          weight: 0.015,
        },
      ]),
    ),
  };
}

/** Lines of each action's group that explore. */
export const exploringLines = 4;

/** Held neurons, or an attractor, that keep the choice, and held copies of the cue lines (docs/network.md). */
function keeping(
  { actions, memory, replay }: BanditOptions,
  parts: readonly Part[],
): Part & { context: string | null } {
  const populations = Object.assign({}, ...parts.map((part) => part.populations));
  const kept = choiceMemory(
    { populations },
    {
      action: 'action',
      actions,
      attractor: memory === 'attractor',
      // One spike is enough: a copy that waits for two is late for the choice.
      ...(replay ? {} : { context: { population: 'context', spikes: 1 } }),
    },
  );
  return { populations: kept.populations, projections: kept.projections, context: kept.context };
}

/** The choices kept for replay. A memory that is recorded stands still in a replay: it keeps nothing of it. */
function episodes(options: BanditOptions): NetworkDescription['episodes'] {
  const record = ['context', 'action', ...banditMemory(options)];
  return choiceEpisodes(options.cue, { record, opens: 'context', slots: 4 });
}

/** The synapses that learn: the tag of what led to the choice meets the reward. */
function learning(from: string, { tag, memory, replay }: BanditOptions): Part {
  // Measured: docs/tasks/delayed-bandit.md.
  const rate = memory !== 'none' && replay ? 6.4e-6 : 4e-7;
  return {
    populations: {},
    projections: {
      'context-action': {
        from,
        to: 'action',
        connect: 'all-to-all',
        weight: 0.03,
        plasticity: { ...rewardLearning(tag, rate), weightRange: [0, 0.08] },
      },
    },
  };
}

/** Cue lines and action neurons; the groups of the actions inhibit each other, and noise on the core explores. */
function choosing({ contexts, actions, linesPerContext, neuronsPerAction, explore }: BanditOptions): Part {
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
        ...actionNeurons,
        size: actions * neuronsPerAction,
        threshold: 1,
        reset: 0,
        ...(explore === 'core' ? { noise: exploringNoise } : {}),
      },
    },
    projections: Object.fromEntries(
      pairs.map(([a, b]) => [
        `inhibit-${a}-${b}`,
        { from: group(a), to: group(b), connect: 'all-to-all' as const, weight: -0.1 },
      ]),
    ),
  };
}
