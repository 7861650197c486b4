import type { TraceSpec } from '../learning/rule.js';
import { type Context, listed } from './context.js';
import { limits } from './defaults.js';
import type { ProbeDescription } from './description.js';
import type { Path } from './problems.js';
import { resolveRange } from './resolve-slice.js';
import type { ResolvedPopulation, ResolvedProbe } from './resolved.js';
import { probeVariables } from './schema.js';

/** Resolves one probe; null, with reports, if it cannot be. */
export function resolveProbe(
  context: Context,
  name: string,
  description: ProbeDescription,
): ResolvedProbe | null {
  const path = ['probes', name];
  const { variable } = description;
  const everyTicks =
    description.every === undefined
      ? 1
      : context.wholeTicks([...path, 'every'], description.every, 1, limits.probeTicks);
  if (variable === 'spikes' && description.every !== undefined)
    context.report([...path, 'every'], 'cannot be given: spikes are recorded one and all', 'leave it out');
  const target = (probeVariables.projection as readonly string[]).includes(variable)
    ? ofProjection(context, path, description)
    : ofPopulation(context, path, description);
  return target && { name, variable, everyTicks, ...target };
}

type Target = Pick<ResolvedProbe, 'kind' | 'index' | 'first' | 'count'>;

function ofProjection(
  context: Context,
  path: Path,
  { of, variable, neurons }: ProbeDescription,
): Target | null {
  const projection = context.projections.get(of);
  if (!projection) {
    reportUnknownTarget(context, path, of, variable, 'projection');
    return null;
  }
  if (neurons !== undefined)
    context.report(
      [...path, 'neurons'],
      'cannot be given: all synapses of a projection are recorded',
      'leave it out',
    );
  const { plasticity } = projection;
  if (variable !== 'weight' && plasticity && plasticity.rule[variable as 'tag' | 'tag2'] === null)
    context.report([...path, 'variable'], `is ${variable}, but the rule of '${of}' has none`, 'weight');
  if (variable !== 'weight' && plasticity === null && !context.isBroken('projections', of))
    context.report([...path, 'variable'], `is ${variable}, but projection '${of}' is not plastic`, 'weight');
  return { kind: 'projection', index: projection.index, first: 0, count: 0 };
}

function ofPopulation(
  context: Context,
  path: Path,
  { of, variable, neurons }: ProbeDescription,
): Target | null {
  const population = context.populations.get(of);
  if (!population) {
    reportUnknownTarget(context, path, of, variable, 'population');
    return null;
  }
  const known = variablesOf(context, population);
  const unsure = variable.startsWith('y') && context.brokenNames('projections').length > 0;
  if (!known.includes(variable) && !unsure)
    context.report(
      [...path, 'variable'],
      `is ${variable}, which ${population.model} population '${of}' does not have`,
      known.join(', '),
    );
  const range = resolveRange(context, [...path, 'neurons'], neurons, population);
  return range && { kind: 'population', index: population.index, ...range };
}

function reportUnknownTarget(
  context: Context,
  path: Path,
  name: string,
  variable: string,
  wanted: 'population' | 'projection',
): void {
  const at = [...path, 'of'];
  const sections = { population: context.populations, projection: context.projections } as const;
  const other = wanted === 'population' ? 'projection' : 'population';
  if (sections[other].has(name))
    context.report(
      at,
      `is ${other} '${name}', but ${variable} is of a ${wanted}`,
      listed([...sections[wanted].keys()]),
    );
  else context.reportUnknown(at, wanted, `${wanted}s`, name, sections[wanted].keys());
}

/** Variables that a population has; y traces are those its plastic projections bring, equal ones shared. */
function variablesOf(context: Context, population: ResolvedPopulation): readonly string[] {
  if (population.model === 'input') return ['spikes'];
  const spiking = population.model !== 'readout';
  const current = population.tauSynapse === null ? [] : ['i'];
  const traces = ['y1', 'y2', 'y3'].slice(0, postTraceCount(context, population));
  const adaptation = population.adaptation === null ? [] : ['adaptation'];
  return [...(spiking ? ['spikes', 'refractory'] : []), 'v', ...current, ...adaptation, ...traces];
}

function postTraceCount(context: Context, population: ResolvedPopulation): number {
  const different: TraceSpec[] = [];
  for (const { to, plasticity } of context.projections.values()) {
    if (to.population !== population.index || !plasticity) continue;
    const used = new Set(plasticity.rule.terms.flatMap(({ factors }) => factors.map(({ name }) => name)));
    for (const [name, spec] of plasticity.rule.traces) {
      if (!name.startsWith('y') || !used.has(name)) continue;
      if (!different.some((other) => isSame(other, spec))) different.push(spec);
    }
  }
  return different.length;
}

function isSame(a: TraceSpec, b: TraceSpec): boolean {
  return a.tau === b.tau && a.impulse === b.impulse && a.mode === b.mode;
}
