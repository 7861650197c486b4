import { expect, test } from 'vitest';
import type { EngramError } from '../errors/engram-error.js';
import type { RuleDefinition } from './definition.js';
import { makeRule } from './instantiate.js';
import { namedRules } from './named-rules.js';

const base: RuleDefinition = {
  name: 'tried',
  traces: { x1: { tau: '20 ms' }, y1: { tau: '20 ms' } },
  parameters: {
    aPlus: { kind: 'number', default: 1, unit: 'tag', description: '' },
    tauLong: { kind: 'time', default: '1 s', description: '' },
  },
};
const tag = { tau: '1 s' };
const nine = 'w + w + w + w + w + w + w + w + w';

/** Every diagnostic of the notation, by what is wrong. */
const cases: Record<string, Partial<RuleDefinition>> = {
  'empty equation': { dw: '' },
  'ends too early': { dw: 'x1*y0 +' },
  'starts with an operator': { dw: '*x1' },
  'two operators': { dw: 'x1 * / y0' },
  'no operator between number and name': { dw: '2x1*y0' },
  'no operator between names': { dw: 'x1 y0' },
  'no operator before parenthesis': { dw: 'x1(2)' },
  'parenthesis not closed': { dw: '(2 + 3*w' },
  'parenthesis closes nothing': { dw: '2)*w' },
  'strange character': { dw: '2 × w' },
  'left side written': { dw: 'dw = x1*y0' },
  'equation too long': { dw: `w${' + w'.repeat(300)}` },
  'unknown name, near': { dw: 'aplus*x1*y0' },
  'unknown name, far': { dw: 'dopamine*w' },
  'time in an equation': { dw: 'tauLong*w' },
  'undefined trace': { dw: '0.5*x2*y0' },
  'near event beside another': { dw: 'h0*x1*y0' },
  'pseudo-derivative at an arrival': { dw: 'h*x0' },
  'second tag that is not there': { dw: 't2*m' },
  'dt2 without tag2': { dt2: 'x1*y0', dw: 'm*w' },
  'tag2 without dt2': { dw: 'm*t2', tag2: tag },
  'range by a name that is none': { dt: 'x1*y0', dw: 'm*t', tag: { tau: '1 s', range: 'aPlsu' } },
  'sweep shorter than a tick': { dw: 'x1', sweep: '0.1 ms' },
  'sweep that is no time': { dw: 'x1', sweep: 'often' },
  'unknown modulator': { dw: 'm.rewrad*w' },
  'tag factor without tag': { dw: 'm*t' },
  'dt without tag': { dt: 'x1*y0', dw: 'm*w' },
  'tag without dt': { dw: 'm*t', tag },
  'no equation': {},
  'four factors': { dw: 'x1*y1*w*m*y0' },
  'two events': { dw: 'x1*y0*x0' },
  'sum in parentheses': { dw: '2*(x1 + y1)*y0' },
  'power of a factor': { dw: 'x1^2*y0' },
  'factor as exponent': { dw: '2^w' },
  'division by a factor': { dw: 'x1/y1' },
  'infinite constant': { dw: 'w/0' },
  'too many terms': { dt: nine, dw: nine, tag },
  'several mistakes at once': { dt: 'x3*y0 + x1*y1*w*w*w', dw: 'm.x*t + foo' },
  'trace shorter than a tick': { dw: 'x1*y0', traces: { x1: { tau: '0.1 ms' } } },
  'trace without unit': { dw: 'x1*y0', traces: { x1: { tau: '20' } } },
  'impulse too large': { dw: 'x1*y0', traces: { x1: { tau: '20 ms', impulse: 8 } } },
  'mode unknown': { dw: 'x1*y0', traces: { x1: { tau: '20 ms', mode: 'all' } } },
  'range of the tag': { dt: 'x1*y0', dw: 'm*t', tag: { tau: '1 s', range: 0 } },
};

const parameterCases: Record<string, Record<string, unknown>> = {
  'unknown parameter': { aPlsu: 1 },
  'number wanted': { aPlus: '1' },
  'time wanted': { tauTag: 2 },
  'time shorter than a tick': { tauTag: '10 us' },
  'choice wanted': { mode: 'all' },
  'trace that does not decay': { tauPlus: 'none' },
  'constant not finite': { aPlus: Number.POSITIVE_INFINITY },
};

const use = { tickMilliseconds: 1, modulators: ['reward'] };

function diagnosis(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { code, message, problems } = error as EngramError;
    const lines = problems.map(
      ({ path, message, allowed }) =>
        `${path}: ${message}${allowed === undefined ? '' : `\n  allowed: ${allowed}`}`,
    );
    return [`${code} ${message}`, ...lines].join('\n');
  }
  return 'NOTHING WAS FOUND';
}

test('every diagnostic of a rule reads as it should', async () => {
  const rstdp = namedRules.find(({ name }) => name === 'rstdp')!;
  const texts = [
    ...Object.entries(cases).map(
      ([title, change]) =>
        [title, diagnosis(() => makeRule({ ...base, ...change }, { ...use, parameters: {} }))] as const,
    ),
    ...Object.entries(parameterCases).map(
      ([title, parameters]) => [title, diagnosis(() => makeRule(rstdp, { ...use, parameters }))] as const,
    ),
  ];
  expect(texts.filter(([, text]) => text.startsWith('NOTHING'))).toEqual([]);
  const document = texts.map(([title, text]) => `## ${title}\n${text}\n`).join('\n');
  await expect(document).toMatchFileSnapshot('diagnostics.golden.txt');
});
