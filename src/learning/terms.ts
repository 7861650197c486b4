import { didYouMean } from './closest.js';
import { traceNames } from './definition.js';
import type { FindingCode, Span } from './finding.js';
import { type EquationFinding, type Product, parseEquation } from './parse.js';
import type { EventName, Factor, TagName, Term, TraceName } from './rule.js';
import type { Token } from './tokens.js';

/** What the names of an equation can refer to. */
export interface Scope {
  /** Numbers by name. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Parameters that are no numbers, and so cannot stand in an equation. */
  readonly otherParameters: readonly string[];
  readonly traces: readonly TraceName[];
  readonly tags: readonly TagName[];
  readonly modulators: readonly string[];
}

const events: Readonly<Record<string, EventName>> = {
  x0: 'pre',
  y0: 'post',
  h0: 'near',
  u0: 'sweep',
};
const mostFactors = 3;

/** Terms of one equation, `dt`, `dt2` or `dw`; terms whose coefficient is 0 are left out, unless all are. */
export function equationTerms(
  target: Term['target'],
  text: string,
  scope: Scope,
): { readonly terms: readonly Term[]; readonly findings: readonly EquationFinding[] } {
  const parsed = parseEquation(text, (name) => scope.numbers.get(name));
  const findings = [...parsed.findings];
  const report = (message: string, at: Span, code: FindingCode = 'E0302') => {
    findings.push({ code, message, at: { column: at.column, length: at.length } });
  };
  const all = parsed.products.map((product) => termOf(target, product, scope, report));
  const terms = all.filter(({ coefficient }) => coefficient !== 0);
  return { terms: terms.length > 0 ? terms : all.slice(0, 1), findings };
}

type Report = (message: string, at: Span) => void;

function termOf(target: Term['target'], product: Product, scope: Scope, report: Report): Term {
  const { coefficient, column, names } = product;
  if (!Number.isFinite(coefficient))
    report('the constants of this term do not make a finite number', product);
  const eventNames = names.filter(({ text }) => Object.hasOwn(events, text));
  const [event, second] = eventNames;
  if (event && second)
    report(
      `a term belongs to one event; this one names ${event.text} and ${second.text}: make it two terms, or drop one`,
      second,
    );
  const factorNames = names.filter((name) => !eventNames.includes(name));
  const slope = event?.text === 'x0' ? factorNames.find(({ text }) => text === 'h') : undefined;
  if (slope) report('h is 0 at the arrival of a spike (x0): let the term act at h0, y0 or u0', slope);
  const excess = factorNames[mostFactors];
  if (excess)
    report(
      `a term has at most ${mostFactors} factors beside its event; this one has ${factorNames.length}`,
      excess,
    );
  return {
    target,
    event: event ? events[event.text]! : 'sweep',
    coefficient: coefficient + 0,
    factors: factorNames.flatMap((name) => factorOf(name, scope, report) ?? []),
    column,
  };
}

function factorOf(token: Token, scope: Scope, report: Report): Factor | null {
  const { text } = token;
  if (isTrace(text)) {
    if (!scope.traces.includes(text))
      report(`trace ${text} is not defined: give it a time constant, "${text}": { "tau": "20 ms" }`, token);
    return { name: text };
  }
  if (text === 't' || text === 't2') {
    const [field, what] = text === 't' ? ['tag', 'tag'] : ['tag2', 'second tag'];
    if (!scope.tags.includes(text))
      report(`the rule has no ${what}: give it a time constant, "${field}": { "tau": "1 s" }`, token);
    return { name: text };
  }
  if (text === 'w' || text === 'h' || text === 'l' || text === 'm') return { name: text };
  if (scope.modulators.includes(text)) return { name: 'm', modulator: text };
  if (text.startsWith('m.')) return namedModulator(text.slice(2), token, scope, report);
  report(unknownName(text, scope), token);
  return null;
}

function isTrace(name: string): name is TraceName {
  return (traceNames as readonly string[]).includes(name);
}

function namedModulator(name: string, token: Token, scope: Scope, report: Report): Factor | null {
  if (scope.modulators.includes(name)) return { name: 'm', modulator: name };
  const known = scope.modulators.length > 0 ? `there are: ${scope.modulators.join(', ')}` : 'there are none';
  report(`there is no modulator '${name}'${didYouMean(name, scope.modulators)}; ${known}`, token);
  return null;
}

function unknownName(text: string, scope: Scope): string {
  if (scope.otherParameters.includes(text))
    return `'${text}' is no number, so it cannot stand in an equation; times belong to traces and tags`;
  const known = [
    ...scope.numbers.keys(),
    ...scope.modulators,
    ...traceNames,
    ...Object.keys(events),
    ...['t', 't2', 'w', 'h', 'l', 'm'],
  ];
  return `unknown name '${text}'${didYouMean(text, known)}; known are ${known.join(', ')}`;
}
