import { didYouMean } from '../learning/closest.js';
import type { Rule } from '../learning/rule.js';
import type { Context } from './context.js';
import { limits } from './defaults.js';
import type { ProjectionDescription } from './description.js';
import type { Path } from './problems.js';
import type { PopulationSlice, ResolvedPopulation } from './resolved.js';

/** First channel of the error modulator whose errors come back through a projection; null if none do. */
export function resolveFeedback(
  context: Context,
  path: Path,
  { feedback, delay }: ProjectionDescription,
  from: PopulationSlice,
  to: PopulationSlice,
): number | null {
  if (feedback === undefined) return null;
  const at = [...path, 'feedback'];
  const populations = [...context.populations.values()];
  const modulator = context.errorModulators.get(feedback);
  if (!modulator) {
    const errors = [...context.errorModulators.keys()].join(', ');
    const allowed = errors || 'a modulator with an error: { "tau": "none", "error": { "population": … } }';
    if (context.modulators.has(feedback))
      context.report(at, `is '${feedback}', which is the error of no population`, allowed);
    else if (!context.isBroken('modulators', feedback))
      context.report(
        at,
        `there is no error modulator '${feedback}'${didYouMean(feedback, context.errorModulators.keys())}`,
        allowed,
      );
    return null;
  }
  const { name } = populations[modulator.population]!;
  if (modulator.population !== to.population)
    context.report(
      at,
      `is '${feedback}', the error of '${name}', but the projection leads to '${populations[to.population]!.name}'`,
      `a projection to '${name}'`,
    );
  const source = populations[from.population]!;
  if (source.model === 'input')
    context.report(at, `cannot be given: input '${source.name}' does not learn`, 'neurons as its source');
  const other = [...context.projections.values()].find(
    (projection) => projection.feedback !== null && projection.from.population === from.population,
  );
  if (other)
    context.report(
      at,
      `cannot be given: '${source.name}' has its learning signal from projection '${other.name}' already`,
      'one feedback projection for each source population',
    );
  if (delay !== undefined && typeof delay !== 'string')
    context.report([...path, 'delay'], 'is not one delay: it has feedback', 'one time for all its synapses');
  if (to.count > limits.feedbackTargets)
    context.report(
      [...path, 'to'],
      `has ${to.count} neurons: it has feedback`,
      `at most ${limits.feedbackTargets} targets of each source`,
    );
  return modulator.first;
}

/** Says where a rule reads what its target neurons do not have: h without a surrogate, l without a learning signal. */
export function checkNeuronFactors(context: Context): void {
  const populations = [...context.populations.values()];
  const projections = [...context.projections.values()];
  for (const { name, to, plasticity } of projections) {
    if (plasticity === null) continue;
    const target = populations[to.population]!;
    const path = ['projections', name, 'plasticity', 'rule'];
    const { rule } = plasticity;
    if (usesSlope(rule) && target.surrogate === null) reportNoSlope(context, path, rule, target);
    const hasSignal =
      context.errorModulatorOf(target.index) !== null ||
      projections.some(({ feedback, from }) => feedback !== null && from.population === target.index);
    if (usesSignal(rule) && !hasSignal && context.brokenNames('projections').length === 0)
      context.report(
        path,
        `is '${rule.name}', which reads l, but population '${target.name}' has no learning signal`,
        `a projection from '${target.name}' with "feedback", or an error modulator of '${target.name}'`,
      );
  }
}

function reportNoSlope(context: Context, path: Path, rule: Rule, target: ResolvedPopulation): void {
  const remedy =
    target.model === 'lif'
      ? `populations.${target.name} with "surrogate": {}`
      : 'lif neurons with "surrogate": {}';
  context.report(
    path,
    `is '${rule.name}', which reads h, but ${target.model} population '${target.name}' has no surrogate`,
    remedy,
  );
}

function usesSlope({ terms }: Rule): boolean {
  return terms.some(({ event, factors }) => event === 'near' || factors.some(({ name }) => name === 'h'));
}

function usesSignal({ terms }: Rule): boolean {
  return terms.some(({ factors }) => factors.some(({ name }) => name === 'l'));
}
