import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonMistake } from './json-position.js';

test.each([
  ['{"a": 1,}', 8, 'a name in double quotes'],
  ["{'a': 1}", 1, 'a name in double quotes'],
  ['{"a" 1}', 5, "':'"],
  ['[1 2]', 3, "',' or ']'"],
  ['[1, 2', 5, "',' or ']'"],
  ['', 0, 'a value'],
  ['{"a": tru}', 6, 'a value'],
  ['{} {}', 3, 'the end'],
  ['[01]', 1, 'a value'],
])('%s goes wrong at %d', (text, offset, wanted) => {
  expect(jsonMistake(text)).toMatchObject({ offset, message: expect.stringContaining(wanted) });
});

test('finds a mistake exactly where JSON.parse refuses', () => {
  const edit = fc.tuple(
    fc.nat(),
    fc.constantFrom('', ',', '}', ']', '{', '[', '"', ':', '1', '-', '.', 'e5', 'null', ' ', '\\', '\n'),
  );
  fc.assert(
    fc.property(
      fc.json(),
      fc.array(edit, { maxLength: 3 }),
      fc.constantFrom(0, 1, 2),
      (json, edits, indent) => {
        let text = JSON.stringify(JSON.parse(json), null, indent);
        for (const [place, piece] of edits) {
          const at = place % (text.length + 1);
          text = text.slice(0, at) + piece + text.slice(at + (piece === '' ? 1 : 0));
        }
        let accepted = true;
        try {
          JSON.parse(text);
        } catch {
          accepted = false;
        }
        expect(jsonMistake(text) === null).toBe(accepted);
      },
    ),
    { numRuns: 3000 },
  );
});
