import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedFiles } from '../../scripts/generate.js';
import { createDecoder } from '../codec/decode.js';
import { messageNames, messages } from '../declaration/messages.js';
import { FrameParser } from '../framing/parser.js';
import { plain } from '../testing/arbitrary.js';
import { fromHex } from '../testing/hex.js';
import type { WireVectors } from './vectors.js';

const root = join(import.meta.dirname, '../..');
const vectorsPath = 'firmware-protocol/vectors/wire.vectors.json';
const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('generated files are up to date (npm run generate)', () => {
  test.each(generatedFiles.map(({ path, make }) => ({ path, make })))('$path', ({ path, make }) => {
    expect(read(path) === make(), `${path} is stale: npm run generate`).toBe(true);
    expect(read(path).slice(0, 120)).toMatch(/generated/i);
  });
});

describe('the committed vectors', () => {
  const vectors = JSON.parse(read(vectorsPath)) as WireVectors & { maxPayload: number };
  const decoder = createDecoder();

  test('hold at least two examples of every message', () => {
    for (const name of messageNames) {
      expect(
        vectors.messages.filter((vector) => vector.message === name).length,
        name,
      ).toBeGreaterThanOrEqual(2);
    }
  });

  test.each(vectors.messages)('$message, $example', (vector) => {
    const events = new FrameParser(vectors.maxPayload).push(fromHex(vector.frame));
    expect(events).toEqual([
      {
        kind: 'frame',
        type: messages[vector.message].id,
        flags: 0,
        sequence: vector.sequence,
        payload: fromHex(vector.payload),
      },
    ]);
    const [frame] = events;
    if (frame?.kind !== 'frame') throw new Error('no frame');
    expect(plain(decoder.decode(frame))).toEqual({ name: vector.message, fields: vector.fields });
  });

  test.each(vectors.badFrames)('bad frame: $what', (vector) => {
    const events = new FrameParser(vectors.maxPayload).push(fromHex(vector.frame));
    expect(events).toEqual([
      { kind: 'discarded', reason: vector.reason, bytes: fromHex(vector.frame).length - 1 },
    ]);
  });

  test.each(vectors.badPayloads)('bad payload: $message, $what', (vector) => {
    const { id } = messages[vector.message];
    const result = decoder.decode({ type: id, payload: fromHex(vector.payload) });
    expect(result).toMatchObject({ name: 'MALFORMED', id, error: vector.error });
  });
});
