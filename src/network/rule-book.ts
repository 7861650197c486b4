import { identifierPattern, type RuleDefinition, reservedNames, traceNames } from '../learning/definition.js';
import { instantiateRule } from '../learning/instantiate.js';
import { namedRules } from '../learning/named-rules.js';
import type { Context } from './context.js';
import type { RuleText } from './description.js';

/** The rules a network can use: those that come with engram, and its own. */
export class RuleBook {
  readonly modulatorNames: readonly string[];
  readonly #definitions = new Map<string, RuleDefinition>(namedRules.map((rule) => [rule.name, rule]));
  readonly #faulty = new Set<string>();

  constructor(modulatorNames: readonly string[]) {
    this.modulatorNames = modulatorNames;
  }

  get names(): readonly string[] {
    return [...this.#definitions.keys()];
  }

  get(name: string): RuleDefinition | undefined {
    return this.#definitions.get(name);
  }

  /** True if the rule is wrong with its own defaults. */
  isFaulty(name: string): boolean {
    return this.#faulty.has(name);
  }

  /** Takes in a rule of the description and reports what is wrong with it. */
  add(context: Context, name: string, text: RuleText): void {
    const path = ['rules', name];
    if (namedRules.some((rule) => rule.name === name)) {
      context.report(path, `'${name}' is a rule that comes with engram`, 'another name');
      return;
    }
    const definition = definitionOf(name, text);
    this.#definitions.set(name, definition);
    const before = context.problems.length;
    this.#checkParameterNames(context, path, definition);
    const { findings } = instantiateRule(definition, {
      parameters: {},
      tickMilliseconds: context.tickMilliseconds,
      modulators: this.modulatorNames,
    });
    for (const { path: place, message, allowed } of findings)
      context.report([...path, place], message, allowed);
    if (context.problems.length > before) this.#faulty.add(name);
  }

  #checkParameterNames(context: Context, path: readonly string[], { parameters }: RuleDefinition): void {
    const taken = [...reservedNames, 'rule', 'modulator', 'weightRange', 'none', ...this.modulatorNames];
    for (const name of Object.keys(parameters))
      if (taken.includes(name) || !identifierPattern.test(name))
        context.report(
          [...path, 'parameters', name],
          `'${name}' means something else already`,
          'another name',
        );
  }
}

function definitionOf(name: string, text: RuleText): RuleDefinition {
  const traces = traceNames.flatMap((trace) => (text[trace] ? [[trace, text[trace]] as const] : []));
  const parameters = Object.entries(text.parameters ?? {}).map(
    ([parameter, value]) =>
      [
        parameter,
        typeof value === 'number'
          ? ({ kind: 'number', default: value, unit: 'any', description: '' } as const)
          : ({ kind: 'time', default: value, description: '' } as const),
      ] as const,
  );
  const { dt, dt2, dw, tag, tag2, sweep, averaging } = text;
  return {
    name,
    dt,
    dt2,
    dw,
    tag,
    tag2,
    sweep,
    averaging,
    traces: Object.fromEntries(traces),
    parameters: Object.fromEntries(parameters),
  };
}
