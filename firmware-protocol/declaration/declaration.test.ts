import { describe, expect, test } from 'vitest';
import { snakeCase } from '../generate/names.js';
import { wireErrorName, wireErrors } from './errors.js';
import { type Field, numberBytes } from './field.js';
import { frameLimits } from './frame.js';
import type { MessageDeclaration } from './message.js';
import { families, type MessageName, messageName, messageNames, messages } from './messages.js';

const all: readonly (readonly [MessageName, MessageDeclaration])[] = messageNames.map((name) => [
  name,
  messages[name],
]);

/** Largest payload of fields whose size is bounded by their declaration; undefined with lists or bytes. */
function boundedSize(fields: readonly Field[]): number | undefined {
  let size = 0;
  for (const field of fields) {
    if (field.type === 'bytes' || field.type === 'list' || field.type === 'records') return undefined;
    size += field.type === 'text' ? 1 + field.max : numberBytes[field.type];
  }
  return size;
}

describe('the declaration', () => {
  test('gives every message its own name and type byte', () => {
    const names = families.flatMap((family) => Object.keys(family.messages));
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(names)).toEqual(new Set(messageNames));
    expect(new Set(all.map(([, message]) => message.id)).size).toBe(all.length);
    for (const [name, message] of all) expect(messageName(message.id)).toBe(name);
    expect(messageName(0)).toBeUndefined();
  });

  test.each(all)('%s: its type byte shows its direction', (_name, message) => {
    const fromHost = message.role === 'request' || message.role === 'notice';
    expect(message.id).toBeGreaterThanOrEqual(fromHost ? 0x01 : 0x80);
    expect(message.id).toBeLessThanOrEqual(fromHost ? 0x7f : 0xff);
  });

  test.each(all)('%s: its field names differ, in C as well, and it is documented', (_name, message) => {
    const names = message.fields.map((field) => snakeCase(field.name));
    expect(new Set(names).size).toBe(names.length);
    expect(message.doc).toMatch(/^[A-Z].*\.$/s);
    expect(message.since).toMatch(/^\d+\.\d+$/);
  });

  test('every request is answered by a reply that exists', () => {
    for (const [name, message] of all) {
      if (message.role !== 'request') continue;
      expect(messages[message.reply as MessageName]?.role, name).toBe('reply');
      expect(message.answerWithin, name).toBeGreaterThan(0);
    }
  });

  test('messages of bounded size fit the smallest payload that may be agreed on', () => {
    for (const [name, message] of all) {
      expect(boundedSize(message.fields) ?? 0, name).toBeLessThanOrEqual(frameLimits.smallestMaxPayload);
    }
  });

  test('error numbers are unique, lead back to their names, and their texts are sentences', () => {
    for (const [name, error] of Object.entries(wireErrors)) {
      expect(wireErrorName(error.number)).toBe(name);
      expect(error.text).toMatch(/^[A-Z].*\.$/);
    }
    expect(wireErrorName(0)).toBeUndefined();
  });
});
