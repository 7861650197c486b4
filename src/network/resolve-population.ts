import type { Context } from './context.js';
import { defaults, given, limits } from './defaults.js';
import type { PopulationDescription, ValuesDescription } from './description.js';
import type { Path } from './problems.js';
import { resolveValues } from './resolve-values.js';
import type { ResolvedPopulation } from './resolved.js';

/** Resolves one population and makes it known to the context under its name. */
export function resolvePopulation(context: Context, name: string, description: PopulationDescription): void {
  const path = ['populations', name];
  const last = [...context.populations.values()].at(-1);
  const place = {
    name,
    index: context.populations.size,
    size: description.size,
    firstUnit: last ? last.firstUnit + last.size : 0,
  };
  if (place.firstUnit + place.size > limits.units)
    context.report(
      [...path, 'size'],
      `is ${place.size}: the network has too many units`,
      `${limits.units} units in all`,
    );
  context.populations.set(name, { ...place, ...modelOf(context, path, description) });
}

type Model = Omit<ResolvedPopulation, 'name' | 'index' | 'size' | 'firstUnit'>;

const zero = { kind: 'constant', value: 0 } as const;
const plain = {
  tauMembrane: null,
  tauSynapse: null,
  threshold: Number.POSITIVE_INFINITY,
  adaptation: null,
  reset: { mode: 'none' },
  refractory: 0,
  bias: zero,
  noise: 0,
  initial: zero,
  surrogate: null,
} as const;

function modelOf(context: Context, path: Path, population: PopulationDescription): Model {
  const { model, size } = population;
  const values = (field: string, given: ValuesDescription | undefined) =>
    resolveValues(context, [...path, field], given, size);
  const tauMembrane = ({ tauMembrane: text = defaults.tauMembrane }: { tauMembrane?: string | undefined }) =>
    context.tauOrNone([...path, 'tauMembrane'], text);
  const tauSynapse = ({ tauSynapse: text }: { tauSynapse?: string | undefined }) =>
    text === undefined ? null : context.tau([...path, 'tauSynapse'], text);
  switch (model) {
    case 'input':
      return { ...plain, model };
    case 'readout':
      return {
        ...plain,
        model,
        tauMembrane: tauMembrane(population),
        tauSynapse: tauSynapse(population),
        bias: values('bias', population.bias),
        initial: values('initial', population.initial),
      };
    case 'held': {
      const { period = defaults.period, threshold = defaults.threshold } = population;
      const periodTicks = context.wholeTicks([...path, 'period'], period, 1, limits.refractoryTicks + 1);
      return { ...plain, model, tauSynapse: tauSynapse(population), threshold, refractory: periodTicks - 1 };
    }
    case 'lif': {
      const { threshold = defaults.threshold, reset = defaults.reset, noise = 0 } = population;
      if (reset !== 'subtract' && reset >= threshold)
        context.report(
          [...path, 'reset'],
          `is ${reset}: the neuron would never stop`,
          `below the threshold, ${threshold}`,
        );
      const refractory = population.refractory ?? defaults.refractory;
      return {
        model,
        tauMembrane: tauMembrane(population),
        tauSynapse: tauSynapse(population),
        threshold,
        adaptation: population.adaptation
          ? {
              tau: context.tauOrNone([...path, 'adaptation', 'tau'], population.adaptation.tau),
              step: population.adaptation.step,
            }
          : null,
        reset: reset === 'subtract' ? { mode: 'subtract' } : { mode: 'hard', value: reset },
        refractory: context.wholeTicks([...path, 'refractory'], refractory, 0, limits.refractoryTicks),
        bias: values('bias', population.bias),
        noise,
        initial: values('initial', population.initial),
        surrogate: population.surrogate ? { ...defaults.surrogate, ...given(population.surrogate) } : null,
      };
    }
  }
}
