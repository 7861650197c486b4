import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvRows, csvText } from './csv.js';
import { readPoints } from './points-file.js';

describe('CSV', () => {
  test('examples of RFC 4180', () => {
    expect(csvRows('aaa,bbb,ccc\r\nzzz,yyy,xxx\r\n', 'x')).toEqual([
      ['aaa', 'bbb', 'ccc'],
      ['zzz', 'yyy', 'xxx'],
    ]);
    expect(csvRows('"aaa","b\r\nbb","ccc"\r\nzzz,,xxx', 'x')).toEqual([
      ['aaa', 'b\r\nbb', 'ccc'],
      ['zzz', '', 'xxx'],
    ]);
    expect(csvRows('"aaa","b""bb","ccc"', 'x')).toEqual([['aaa', 'b"bb', 'ccc']]);
    expect(csvRows('a,b,\n', 'x')).toEqual([['a', 'b', '']]);
    expect(csvRows('a,b,', 'x')).toEqual([['a', 'b', '']]);
  });

  test('what is written is read again', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('"', ',', '\n', '\r\n', ' a ', '""', 'ü'));
    const rows = fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }));
    fc.assert(
      fc.property(rows, (written) => {
        const kept = written.filter((row) => row.some((text) => text !== ''));
        expect(csvRows(csvText(kept), 'x')).toEqual(kept);
      }),
    );
  });

  test.each(['a,"b', 'a,b"c', '"a"b,c', 'a\n"b\nc'])('%j: the quote is named', (text) => {
    expect(() => csvRows(text, 'x.csv')).toThrow(/x\.csv:[12]: a quote/);
  });
});

describe('a file of points', () => {
  const sets = [
    { 'p.rate': 0.5, memory: 'held', range: [0, 1] },
    { 'p.rate': 1, memory: 'none' },
  ];
  test.each([
    ['a.csv', 'p.rate,memory,range\n0.5,held,"[0,1]"\n1,none,\n'],
    ['a.json', JSON.stringify(sets)],
    ['a.jsonl', `\uFEFF${sets.map((set) => JSON.stringify(set)).join('\n\n')}`],
  ])('%s', (file, text) => {
    expect(readPoints(text, file)).toEqual(sets);
  });

  test.each([
    ['a.csv', 'a,b\n1\n'],
    ['a.csv', 'a,a\n1,2\n'],
    ['a.csv', 'a,b\n'],
    ['a.json', '{"a":1}'],
    ['a.json', '[1]'],
    ['a.json', '[]'],
    ['a.jsonl', '{"a":1}\n{"a":'],
    ['a.txt', 'a\n1'],
  ])('%s with %j is refused', (file, text) => {
    expect(() => readPoints(text, file)).toThrow(expect.objectContaining({ code: 'E1203' }));
  });
});
