import type { Rule } from '../learning/rule.js';
import type { Context } from './context.js';
import type { ProjectionDescription } from './description.js';
import type { Path } from './problems.js';
import { resolveConnect } from './resolve-connect.js';
import { resolveFeedback } from './resolve-feedback.js';
import { resolvePlasticity } from './resolve-plasticity.js';
import { resolveSlice } from './resolve-slice.js';
import { resolveDelays, resolveValues } from './resolve-values.js';
import type { PopulationSlice } from './resolved.js';
import type { RuleBook } from './rule-book.js';
import { seedOf } from './seed.js';

/** Resolves one projection and makes it known to the context under its name. */
export function resolveProjection(
  context: Context,
  name: string,
  description: ProjectionDescription,
  rules: RuleBook,
): void {
  const path = ['projections', name];
  const from = resolveSlice(context, [...path, 'from'], description.from);
  const to = resolveSlice(context, [...path, 'to'], description.to);
  const plasticity =
    description.plasticity === undefined
      ? null
      : resolvePlasticity(context, [...path, 'plasticity'], description.plasticity, rules);
  if (!from || !to || (description.plasticity && !plasticity)) context.markBroken('projections', name);
  if (!from || !to) return;
  checkEnds(context, path, from, to, plasticity?.rule);
  const { connect, synapses } = resolveConnect(context, [...path, 'connect'], description.connect, from, to);
  const range = description.plasticity?.weightRange;
  const bounds = range && range[0] < range[1] ? { low: range[0], high: range[1] } : undefined;
  context.projections.set(name, {
    name,
    index: context.projections.size,
    from,
    to,
    connect,
    weight: resolveValues(context, [...path, 'weight'], description.weight, synapses, bounds),
    delay: resolveDelays(context, [...path, 'delay'], description.delay, synapses),
    plasticity,
    feedback: resolveFeedback(context, path, description, from, to),
    silent: description.silent ?? false,
    seed: seedOf(context.seed, name),
  });
}

function checkEnds(
  context: Context,
  path: Path,
  from: PopulationSlice,
  to: PopulationSlice,
  rule: Rule | undefined,
): void {
  const populations = [...context.populations.values()];
  const source = populations[from.population]!;
  const target = populations[to.population]!;
  const names = (models: readonly string[]) =>
    populations
      .filter(({ model }) => models.includes(model))
      .map(({ name }) => name)
      .join(', ') || 'none is there';
  if (source.model === 'readout')
    context.report(
      [...path, 'from'],
      `is readout '${source.name}', which never spikes`,
      names(['input', 'lif', 'held']),
    );
  if (target.model === 'input')
    context.report(
      [...path, 'to'],
      `is input '${target.name}', which takes no synapses`,
      names(['lif', 'held', 'readout']),
    );
  if (target.model === 'readout' && rule && needsPostSpikes(rule))
    context.report(
      [...path, 'plasticity', 'rule'],
      `is '${rule.name}', which needs spikes of the target; readout '${target.name}' has none`,
      'a rule without y0 and y traces, or a spiking target',
    );
}

function needsPostSpikes({ terms }: Rule): boolean {
  return terms.some(
    ({ event, factors }) => event === 'post' || factors.some(({ name }) => name.startsWith('y')),
  );
}
