import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeRule } from '../learning/instantiate.js';
import { namedRules } from '../learning/named-rules.js';
import { network } from './builder.js';
import { networkJsonSchema } from './json-schema.js';
import { resolveNetwork } from './resolve.js';
import { validateNetwork } from './validate.js';

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map((match) => match[1]!);

test('the example of docs/network.md is valid, and its builder form makes the same object', () => {
  const text = page('network.md');
  const example: unknown = JSON.parse(blocks(text, 'json')[0]!);
  const script = blocks(text, 'ts')[0]!
    .replace(/^import.*$/m, '')
    .replace('export default', 'return');
  const builder = new Function('network', script)(network);
  expect(validateNetwork(example)).toEqual(example);
  expect(builder.build()).toEqual(example);
  expect(JSON.parse(JSON.stringify(builder.build()))).toEqual(example);
});

test('docs/network.md names every field of the schema', () => {
  const fields = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') for (const field of Object.keys(value as object)) fields.add(field);
      walk(value);
    }
  };
  walk(JSON.parse(networkJsonSchema()));
  const text = page('network.md');
  expect(
    [...fields].filter((field) => !new RegExp(`["\`]${field.replace('$', '\\$')}["\`]`).test(text)),
  ).toEqual([]);
  expect(fields.size).toBeGreaterThan(50);
});

test('docs/rules.md shows every named rule as it is: equations, parameters and their defaults', () => {
  const sections = page('rules.md').split(/^### /m);
  for (const rule of namedRules) {
    const section = sections.find((text) => text.startsWith(`\`${rule.name}\``))!;
    if (rule.dt) expect(section).toContain(`dt = ${rule.dt}`);
    if (rule.dt2) expect(section).toContain(`dt2 = ${rule.dt2}`);
    expect(section).toContain(`dw = ${rule.dw}`);
    for (const [name, spec] of Object.entries(rule.parameters)) {
      expect(section).toContain(`\`${name}\``);
      if (rule.name !== 'triplet') expect(section).toContain(`\`${name}\` ${spec.default}`);
    }
  }
});

test("every parameter set of the triplet table makes a rule, and the default's is the default", () => {
  const triplet = namedRules.find(({ name }) => name === 'triplet')!;
  const rows = [...page('rules.md').matchAll(/^\| ((?:visual|hippo)[^|]*) \|(.*)\|$/gm)];
  const names = ['a2Plus', 'a3Plus', 'a2Minus', 'a3Minus', 'tauX', 'tauY', 'mode'];
  const sets = rows.map(([, , cells]) =>
    Object.fromEntries(
      cells!.split('|').flatMap((cell, n) => {
        const text = cell.trim();
        return text === '–' ? [] : [[names[n]!, n < 4 ? Number(text) : text]];
      }),
    ),
  );
  expect(sets).toHaveLength(8);
  const make = (parameters: Record<string, unknown>) =>
    makeRule(triplet, { parameters, tickMilliseconds: 1, modulators: [] });
  for (const set of sets) expect(make(set).terms.length).toBeGreaterThan(1);
  expect(make(sets[0]!)).toEqual(make({}));
});

test('the rule of docs/rules.md is valid where it is used', () => {
  const rules = JSON.parse(`{${blocks(page('rules.md'), 'json')[0]!}}`).rules;
  const base = JSON.parse(blocks(page('network.md'), 'json')[0]!);
  base.rules = { ...base.rules, ...rules };
  base.projections['context-action'].plasticity = {
    rule: 'mine',
    modulator: 'reward',
    weightRange: [0, 1],
    aMinus: 0.5,
    tauPre: '10 ms',
  };
  const resolved = resolveNetwork(base);
  expect(resolved.projections[0]!.plasticity?.rule.terms).toHaveLength(4);
});
