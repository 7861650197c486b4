import { didYouMean } from '../learning/closest.js';
import { reservedNames } from '../learning/definition.js';
import type { Context } from './context.js';
import { limits } from './defaults.js';
import type { ModulatorDescription } from './description.js';

/**
 * Makes the modulators known to the context, in order. One with an error is a channel for each neuron of its population,
 * called `name[0]`, `name[1]`, ….
 */
export function resolveModulators(
  context: Context,
  modulators: Readonly<Record<string, ModulatorDescription>>,
): void {
  const first = firstChannels(context, modulators);
  for (const [name, description] of Object.entries(modulators)) {
    const path = ['modulators', name];
    if (reservedNames.includes(name))
      context.report(path, `'${name}' means something else in a rule`, 'another name');
    const tau = context.tauOrNone([...path, 'tau'], description.tau);
    const { error, baseline } = description;
    if (error === undefined) {
      const baselineEvents = baseline?.events ?? null;
      context.modulators.set(name, {
        name,
        index: context.modulators.size,
        tau,
        baselineEvents,
        error: null,
      });
      continue;
    }
    if (baseline !== undefined)
      context.report([...path, 'baseline'], 'cannot be given beside error', 'leave it out');
    const gate = gateOf(context, name, error.gate, modulators, first);
    const population = context.populations.get(error.population);
    if (!population) {
      context.reportUnknown(
        [...path, 'error', 'population'],
        'population',
        'populations',
        error.population,
        context.populations.keys(),
      );
      context.markBroken('modulators', name);
      continue;
    }
    if (population.model === 'input')
      context.report(
        [...path, 'error', 'population'],
        `is input '${population.name}', which has no membrane`,
      );
    const other = context.errorModulatorOf(population.index);
    if (other !== null)
      context.report(
        [...path, 'error', 'population'],
        `is '${population.name}', which has the error modulator '${other}' already`,
        'one error modulator a population',
      );
    context.errorModulators.set(name, { population: population.index, first: context.modulators.size });
    const size = Math.min(population.size, limits.modulators + 1);
    for (let neuron = 0; neuron < size; neuron++)
      context.modulators.set(`${name}[${neuron}]`, {
        name: `${name}[${neuron}]`,
        index: context.modulators.size,
        tau,
        baselineEvents: null,
        error: { population: population.index, neuron, gate },
      });
  }
  reportTooMany(context, modulators);
}

function reportTooMany(context: Context, modulators: Readonly<Record<string, ModulatorDescription>>): void {
  if (context.modulators.size <= limits.modulators) return;
  const errors = Object.keys(modulators).filter((name) => modulators[name]!.error !== undefined);
  const cause =
    errors.length > 0 ? `; an error modulator (${errors.join(', ')}) has one for each neuron` : '';
  context.report(['modulators'], `make too many channels${cause}`, `at most ${limits.modulators} channels`);
}

/** Channel of each modulator, or of its first neuron. */
function firstChannels(
  context: Context,
  modulators: Readonly<Record<string, ModulatorDescription>>,
): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  let channel = 0;
  for (const [name, { error }] of Object.entries(modulators)) {
    first.set(name, channel);
    channel += error === undefined ? 1 : (context.populations.get(error.population)?.size ?? 0);
  }
  return first;
}

function gateOf(
  context: Context,
  name: string,
  gate: string | undefined,
  modulators: Readonly<Record<string, ModulatorDescription>>,
  first: ReadonlyMap<string, number>,
): number | null {
  if (gate === undefined) return null;
  const path = ['modulators', name, 'error', 'gate'];
  const plain = Object.entries(modulators).filter(([, { error }]) => error === undefined);
  const allowed = plain.map(([other]) => other).join(', ') || 'a modulator without an error';
  if (!Object.hasOwn(modulators, gate)) {
    if (!context.isBroken('modulators', gate))
      context.report(
        path,
        `there is no modulator '${gate}'${didYouMean(gate, Object.keys(modulators))}`,
        allowed,
      );
  } else if (modulators[gate]!.error !== undefined)
    context.report(path, `is '${gate}', an error modulator`, allowed);
  return first.get(gate) ?? null;
}
