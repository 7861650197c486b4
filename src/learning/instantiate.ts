import { EngramError } from '../errors/engram-error.js';
import { didYouMean } from './closest.js';
import { type ParameterSpec, type RuleDefinition, type TagDefinition, traceNames } from './definition.js';
import { type RuleFinding, withCaret } from './finding.js';
import type { Rule, TagName, TagSpec, Term, TraceName, TraceSpec } from './rule.js';
import { equationTerms, type Scope } from './terms.js';
import { parseTime, timeAllowed, toTicks } from './time.js';

/** Where a rule is used. */
export interface RuleUse {
  /** Parameters that differ from their defaults. */
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly tickMilliseconds: number;
  /** Names of the network's modulators. */
  readonly modulators: readonly string[];
}

/** Traces of the core hold values below 8. */
const impulseLimit = 8;
/** Terms the core holds for a rule. */
const mostTerms = 16;

/** Fills a rule's parameters in and parses it. The rule is null if there are findings. */
export function instantiateRule(
  definition: RuleDefinition,
  use: RuleUse,
): { readonly rule: Rule | null; readonly findings: readonly RuleFinding[] } {
  const instance = new Instance(definition, use);
  const rule = instance.make();
  return { rule: instance.findings.length === 0 ? rule : null, findings: instance.findings };
}

/** As `instantiateRule`, but throws E0301 (syntax) or E0302 (meaning) with all findings. */
export function makeRule(definition: RuleDefinition, use: RuleUse): Rule {
  const { rule, findings } = instantiateRule(definition, use);
  if (rule) return rule;
  const syntax = findings.some(({ code }) => code === 'E0301');
  throw new EngramError(
    syntax ? 'E0301' : 'E0302',
    syntax
      ? `learning rule '${definition.name}' cannot be parsed`
      : `learning rule '${definition.name}' is not possible`,
    { problems: findings },
  );
}

class Instance {
  readonly findings: RuleFinding[] = [];
  readonly #definition: RuleDefinition;
  readonly #use: RuleUse;
  readonly #values = new Map<string, number | string>();

  constructor(definition: RuleDefinition, use: RuleUse) {
    this.#definition = definition;
    this.#use = use;
  }

  make(): Rule {
    const { name, dt, dt2, dw } = this.#definition;
    this.#takeParameters();
    const traces = this.#traces();
    const tag = this.#tag('tag');
    const tag2 = this.#tag('tag2');
    const sweep = this.#period('sweep');
    const averaging = this.#period('averaging');
    const terms = [...this.#equation('t', dt), ...this.#equation('t2', dt2), ...this.#equation('w', dw)];
    if (terms.length > mostTerms)
      this.#report(
        dw === undefined ? (dt2 === undefined ? 'dt' : 'dt2') : 'dw',
        `the rule has ${terms.length} terms; the core holds ${mostTerms}`,
      );
    if (dt === undefined && dt2 === undefined && dw === undefined)
      this.#report('dw', 'the rule has no equation: give dw, or dt and dw');
    this.#checkTag('t', 'tag', 'the tag');
    this.#checkTag('t2', 'tag2', 'the second tag');
    const source = [dt && `dt = ${dt}`, dt2 && `dt2 = ${dt2}`, dw && `dw = ${dw}`].filter(Boolean).join('\n');
    return { name, terms, traces, tag, tag2, sweep, averaging, source };
  }

  /** A tag without an equation, or an equation without its tag, is a slip. */
  #checkTag(name: TagName, field: 'tag' | 'tag2', what: string): void {
    const equation = `d${name}` as const;
    const written = this.#definition[equation] !== undefined;
    if (written && !this.#definition[field])
      this.#report(
        equation,
        `${equation} changes ${what}, but the rule has none: give it "${field}": { "tau": "1 s" }`,
      );
    if (!written && this.#definition[field])
      this.#report(field, `${what} is never written: give ${equation}, or leave it out`);
  }

  #report(path: string, message: string, allowed?: string, scope: RuleFinding['scope'] = 'definition'): void {
    this.findings.push({
      code: 'E0302',
      path,
      message,
      scope,
      ...(allowed === undefined ? {} : { allowed }),
    });
  }

  #takeParameters(): void {
    const specs = this.#definition.parameters;
    for (const [name, spec] of Object.entries(specs)) this.#values.set(name, spec.default);
    for (const [name, value] of Object.entries(this.#use.parameters)) {
      const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
      if (spec === undefined) {
        const names = Object.keys(specs);
        const known = names.length > 0 ? names.join(', ') : 'none: this rule has no parameters';
        const message = `rule '${this.#definition.name}' has no parameter '${name}'${didYouMean(name, names)}`;
        this.#report(name, message, known, 'parameter');
      } else if (isOfKind(value, spec)) this.#values.set(name, value);
      else this.#report(name, seen(value, spec), allowedFor(spec), 'parameter');
    }
  }

  #equation(target: Term['target'], text: string | undefined): readonly Term[] {
    if (text === undefined) return [];
    const path = `d${target}` as const;
    const { terms, findings } = equationTerms(target, text, this.#scope());
    for (const { code, message, at } of findings)
      this.findings.push({ code, path, message: withCaret(message, path, text, at), scope: 'definition' });
    return terms;
  }

  #scope(): Scope {
    const { traces, tag, tag2 } = this.#definition;
    const numbers = new Map<string, number>();
    for (const [name, value] of this.#values) if (typeof value === 'number') numbers.set(name, value);
    return {
      numbers,
      otherParameters: [...this.#values.keys()].filter((name) => !numbers.has(name)),
      traces: traceNames.filter((name) => traces[name] !== undefined),
      tags: [...(tag ? ['t' as const] : []), ...(tag2 ? ['t2' as const] : [])],
      modulators: this.#use.modulators,
    };
  }

  #traces(): ReadonlyMap<TraceName, TraceSpec> {
    const traces = new Map<TraceName, TraceSpec>();
    for (const name of traceNames) {
      const trace = this.#definition.traces[name];
      if (!trace) continue;
      const { impulse = 1 } = trace;
      if (!(impulse > 0 && impulse < impulseLimit))
        this.#report(`${name}.impulse`, `is ${impulse}`, `more than 0 and less than ${impulseLimit}`);
      traces.set(name, {
        tau: this.#tau(`${name}.tau`, trace.tau),
        impulse,
        mode: this.#mode(name, trace.mode),
      });
    }
    return traces;
  }

  #mode(trace: TraceName, mode = 'additive'): TraceSpec['mode'] {
    const value = this.#values.get(mode) ?? mode;
    if (value === 'additive' || value === 'nearest') return value;
    this.#report(`${trace}.mode`, `is ${show(mode)}`, 'additive or nearest');
    return 'additive';
  }

  #tag(field: 'tag' | 'tag2'): TagSpec | null {
    const tag: TagDefinition | undefined = this.#definition[field];
    if (!tag) return null;
    const noDecay = (this.#values.get(tag.tau) ?? tag.tau) === 'none';
    return {
      tau: noDecay ? Number.POSITIVE_INFINITY : this.#tau(`${field}.tau`, tag.tau),
      range: this.#range(`${field}.range`, tag.range),
    };
  }

  /** Ticks between visits; null where the compiler chooses. */
  #period(field: 'sweep' | 'averaging'): number | null {
    const text = this.#definition[field];
    if (text === undefined || (this.#values.get(text) ?? text) === 'none') return null;
    return this.#tau(field, text);
  }

  /** Range of a tag: a number above 0, or a number parameter, where 0 leaves the choice to the compiler. */
  #range(path: string, range: number | string | undefined): number | null {
    if (range === undefined) return null;
    const value = typeof range === 'string' ? this.#values.get(range) : range;
    if (typeof value === 'number' && (value > 0 || (value === 0 && typeof range === 'string')))
      return value === 0 ? null : value;
    if (typeof range === 'string' && Object.hasOwn(this.#use.parameters, range)) {
      if (typeof value === 'number') this.#report(range, `is ${value}`, '0 or more', 'parameter');
    } else this.#report(path, `is ${show(value ?? range)}`, 'more than 0, or the name of a number parameter');
    return null;
  }

  /** Ticks of a time or of the time parameter of that name. */
  #tau(path: string, text: string): number {
    const value = this.#values.get(text);
    const milliseconds = parseTime(String(value ?? text));
    const given = Object.hasOwn(this.#use.parameters, text);
    const report = (message: string, allowed: string) =>
      given ? this.#report(text, message, allowed, 'parameter') : this.#report(path, message, allowed);
    if (milliseconds === null) {
      const allowed =
        path.startsWith('tag') || path === 'sweep' || path === 'averaging'
          ? `${timeAllowed}, or "none"`
          : timeAllowed;
      // A parameter that is no time was reported where it was given.
      if (value === undefined || !given)
        report(`is ${show(text)}`, `${allowed}, or the name of a parameter that is one`);
      else if (value === 'none') report('is "none"', allowed);
      return 1;
    }
    const ticks = toTicks(milliseconds, this.#use.tickMilliseconds);
    if (ticks < 1)
      report(
        `is ${show(value ?? text)}, less than a tick`,
        `at least a tick, ${this.#use.tickMilliseconds} ms`,
      );
    return Math.max(1, ticks);
  }
}

function isOfKind(value: unknown, spec: ParameterSpec): value is number | string {
  if (spec.kind === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (typeof value !== 'string') return false;
  return spec.kind === 'choice'
    ? spec.options.includes(value)
    : value === 'none' || parseTime(value) !== null;
}

function allowedFor(spec: ParameterSpec): string {
  if (spec.kind === 'number') return `a number (${spec.unit})`;
  return spec.kind === 'choice' ? spec.options.join(' or ') : timeAllowed;
}

function seen(value: unknown, { kind }: ParameterSpec): string {
  const bareTime = kind === 'time' && typeof value === 'number';
  return bareTime ? `is ${value}, a bare number: a time needs its unit` : `is ${show(value)}`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? 'a list'
      : 'an object'
    : String(value);
}
