import type { RuleDefinition } from '../learning/definition.js';
import { instantiateRule } from '../learning/instantiate.js';
import type { Rule } from '../learning/rule.js';
import type { Context } from './context.js';
import type { PlasticityDescription } from './description.js';
import type { Path } from './problems.js';
import type { ResolvedPlasticity } from './resolved.js';
import type { RuleBook } from './rule-book.js';

/** What is fixed about every plasticity; all other fields are parameters of its rule. */
const fields = ['rule', 'modulator', 'weightRange'];

/** The rule with its parameters filled in and its modulators found; null, with reports, if that cannot be. */
export function resolvePlasticity(
  context: Context,
  path: Path,
  description: PlasticityDescription,
  rules: RuleBook,
): ResolvedPlasticity | null {
  const [weightMin, weightMax] = description.weightRange;
  if (!(weightMin < weightMax))
    context.report(
      [...path, 'weightRange'],
      `is [${weightMin}, ${weightMax}]`,
      '[lowest, highest] with lowest < highest',
    );
  const definition = rules.get(description.rule);
  if (!definition) {
    context.reportUnknown([...path, 'rule'], 'learning rule', 'rules', description.rule, rules.names);
    return null;
  }
  const rule = ruleWith(context, path, definition, description, rules);
  const channels = rule && channelsOf(context, path, rule, description.modulator);
  return rule && channels && { rule, modulators: channels, weightMin, weightMax };
}

function ruleWith(
  context: Context,
  path: Path,
  definition: RuleDefinition,
  description: PlasticityDescription,
  rules: RuleBook,
): Rule | null {
  const parameters = Object.fromEntries(
    Object.entries(description).filter(([name, value]) => !fields.includes(name) && value !== undefined),
  );
  const { rule, findings } = instantiateRule(definition, {
    parameters,
    tickMilliseconds: context.tickMilliseconds,
    modulators: rules.modulatorNames,
  });
  for (const { scope, path: place, message, allowed } of findings) {
    if (scope === 'parameter') context.report([...path, place], message, allowed);
    // What is wrong with the rule whatever its parameters was said where it is defined.
    else if (!rules.isFaulty(definition.name))
      context.report(
        [...path, 'rule'],
        `with these parameters, ${definition.name}.${place}: ${message}`,
        allowed,
      );
  }
  return rule;
}

function channelsOf(
  context: Context,
  path: Path,
  rule: Rule,
  own: string | undefined,
): ReadonlyMap<string, number> | null {
  const channels = new Map<string, number>();
  const at = [...path, 'modulator'];
  const used = rule.terms.flatMap(({ factors }) => factors).filter(({ name }) => name === 'm');
  const needsOwn = used.some(({ modulator }) => modulator === undefined);
  if (own === undefined && needsOwn) {
    context.report(
      at,
      `is missing: rule '${rule.name}' has the factor m`,
      [...context.modulators.keys()].join(', '),
    );
    return null;
  }
  if (own !== undefined && !needsOwn)
    context.report(at, `is '${own}', but rule '${rule.name}' has no factor m`, 'leave it out');
  for (const { modulator } of used) {
    const name = modulator ?? own!;
    const channel = context.modulator(name);
    if (channel) channels.set(modulator ?? 'm', channel.index);
    else {
      if (!context.isBroken('modulators', name.replace(/\[\d+\]$/, '')))
        context.reportUnknown(at, 'modulator', 'modulators', name, context.modulators.keys());
      return null;
    }
  }
  return channels;
}
