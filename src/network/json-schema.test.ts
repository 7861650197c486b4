import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { arbitraryNetwork } from './arbitrary-network.testing.js';
import { networkJsonSchema } from './json-schema.js';

test('the JSON Schema, read back, takes what is valid and refuses what the schema refuses', () => {
  const schema = z.fromJSONSchema(JSON.parse(networkJsonSchema()));
  fc.assert(
    fc.property(arbitraryNetwork(), (network) => {
      const plain = JSON.parse(JSON.stringify(network));
      expect(schema.safeParse(plain).success).toBe(true);
      expect(schema.safeParse({ ...plain, tick: 1 }).success).toBe(false);
      expect(schema.safeParse({ ...plain, bogus: 1 }).success).toBe(false);
      expect(schema.safeParse({ ...plain, populations: { a: { model: 'lif' } } }).success).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test('every field has a description', () => {
  const bare: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return;
    const { properties = {}, ...rest } = node as {
      properties?: Record<string, { description?: string; const?: unknown }>;
    };
    for (const [name, field] of Object.entries(properties)) {
      if (field.description === undefined && field.const === undefined) bare.push(`${path}.${name}`);
      walk(field, `${path}.${name}`);
    }
    for (const inner of Object.values(rest)) walk(inner, path);
  };
  walk(JSON.parse(networkJsonSchema()), '');
  expect(bare).toEqual([]);
});
