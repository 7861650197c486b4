import { type Context, listed } from './context.js';
import { defaults, given, limits } from './defaults.js';
import type { EpisodesDescription } from './description.js';
import type { Path } from './problems.js';
import type { ResolvedEpisodes, ResolvedPopulation } from './resolved.js';
import { type ClearName, clearBits } from './schema-episodes.js';

const path = ['episodes'];

/** Resolves the episodic buffer; with reports where it cannot be. */
export function resolveEpisodes(context: Context, description: EpisodesDescription): ResolvedEpisodes {
  const recorded = populationsOf(context, [...path, 'record'], description.record);
  const inputs = recorded.filter(({ model }) => model === 'input');
  const opens =
    description.opens === undefined
      ? inputs.length > 0
        ? inputs
        : recorded
      : populationsOf(context, [...path, 'opens'], description.opens);
  for (const population of opens)
    if (!recorded.includes(population))
      context.report(
        [...path, 'opens'],
        `names '${population.name}', which is not recorded`,
        `populations of record: ${description.record.join(', ')}`,
      );
  const trigger = triggerOf(context, description.on);
  const { slots, events, speed, order, earlier, clear } = {
    ...defaults.episodes,
    ...given(description),
  };
  return {
    recorded: recorded.map(({ index }) => index),
    opens: opens.map(({ index }) => index),
    trigger: trigger?.index ?? null,
    slots,
    events,
    duration: context.wholeTicks([...path, 'window'], description.window, 1, limits.episodeTicks),
    settle: settleOf(context, description.settle, trigger?.tau ?? null),
    speed: Math.log2(speed),
    reverse: order === 'reverse',
    earlier,
    clear: (clear as readonly ClearName[]).reduce((bits, name) => bits | clearBits[name], 0),
  };
}

function populationsOf(context: Context, at: Path, names: readonly string[]): ResolvedPopulation[] {
  const found: ResolvedPopulation[] = [];
  names.forEach((name, n) => {
    const population = context.populations.get(name);
    if (!population)
      context.reportUnknown([...at, n], 'population', 'populations', name, context.populations.keys());
    else if (population.model === 'readout')
      context.report([...at, n], `is readout '${name}', which never spikes`, spiking(context));
    else if (found.includes(population)) context.report([...at, n], `names '${name}' again`, 'each once');
    else if (population.firstUnit + population.size > limits.recordedUnits)
      context.report(
        [...at, n],
        `is '${name}', whose unit ids reach ${population.firstUnit + population.size}`,
        `recorded populations among the first ${limits.recordedUnits} units: describe it earlier`,
      );
    else found.push(population);
  });
  return found;
}

function spiking({ populations }: Context): string {
  return listed([...populations.values()].filter(({ model }) => model !== 'readout').map(({ name }) => name));
}

function triggerOf(context: Context, name: string | undefined) {
  if (name === undefined) return null;
  const modulator = context.modulator(name);
  if (modulator) return modulator;
  context.reportUnknown([...path, 'on'], 'modulator', 'modulators', name, context.modulators.keys());
  return null;
}

/** Ticks of quiet after an episode: as given, or until the modulator has fallen to a fiftieth. */
function settleOf(context: Context, text: string | undefined, tau: number | null): number {
  if (text !== undefined) return context.wholeTicks([...path, 'settle'], text, 0, limits.settleTicks);
  return tau === null ? 0 : Math.min(limits.settleTicks, Math.round(4 * tau));
}
