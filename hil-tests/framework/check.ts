import { isDeepStrictEqual } from 'node:util';
import { EngramError } from '../../src/errors/engram-error.js';

/** Fails a case (E1001): what was wrong, and the facts for the report. */
export function fail(what: string, facts: Readonly<Record<string, unknown>> = {}): never {
  throw failure(what, facts);
}

export function failure(what: string, facts: Readonly<Record<string, unknown>> = {}): EngramError {
  return new EngramError('E1001', what, {
    facts: Object.entries(facts).map(([label, value]) => [label, JSON.stringify(value) ?? String(value)]),
    context: facts,
  });
}

/** Fails the case unless the condition holds. */
export function check(
  condition: boolean,
  what: string,
  facts: Readonly<Record<string, unknown>> = {},
): asserts condition {
  if (!condition) fail(what, facts);
}

/** Fails the case unless both are the same, deeply. */
export function same(found: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(found, expected)) fail(what, { expected, found });
}
