import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { haveCompiler } from '../../tests/c-compiler.testing.js';
import { frameLimits } from '../declaration/frame.js';
import { cCases } from '../testing/c-cases.js';
import { wireHeader } from './c-header.js';
import { type WireVectors, wireVectors } from './vectors.js';

const folder = mkdtempSync(join(tmpdir(), 'engram-wire-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const strict = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Werror'];

test('the C header compiles without a warning', () => {
  if (!haveCompiler()) return;
  const file = join(folder, 'engram_wire.h');
  writeFileSync(file, wireHeader());
  const result = spawnSync('gcc', [...strict, '-fsyntax-only', '-x', 'c', file], { encoding: 'utf8' });
  expect(result.stderr).toBe('');
  expect(result.status).toBe(0);
});

test('a C program reads and writes every vector with the header alone', () => {
  if (!haveCompiler()) return;
  const vectors = JSON.parse(wireVectors()) as WireVectors;
  const program = readFileSync(new URL('../testing/check-vectors.c', import.meta.url), 'utf8');
  writeFileSync(join(folder, 'engram_wire.h'), wireHeader());
  writeFileSync(join(folder, 'cases.h'), cCases(vectors, frameLimits.defaultMaxPayload));
  writeFileSync(join(folder, 'check.c'), program);
  const undefinedTraps = ['-fsanitize=undefined', '-fsanitize-undefined-trap-on-error'];
  execFileSync('gcc', [...strict, ...undefinedTraps, '-o', 'check', 'check.c'], {
    cwd: folder,
    stdio: 'pipe',
  });
  const run = spawnSync(join(folder, 'check'), { encoding: 'utf8' });
  expect(run.stdout.trim()).toBe(
    `${vectors.messages.length} messages, ${vectors.badFrames.length} bad frames, 0 failures`,
  );
  expect(run.status).toBe(0);
});
