import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { haveCompiler } from '../../../tests/c-compiler.testing.js';

const core = fileURLToPath(new URL('../../core/', import.meta.url));
const sources = ['learning.c', 'terms.c', 'term_loops.c', 'program.c', 'kernels.c', '../posix/terms/terms.c'];

test.runIf(haveCompiler())('drawn rules, in C and by whichever loop, do what docs/core.md says', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engram-terms-'));
  try {
    const program = join(folder, 'terms');
    const warnings = ['-std=c11', '-fno-strict-aliasing', '-Wall', '-Wextra', '-Werror', '-O1', '-g'];
    const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
    const include = ['-I.', '-I../posix', '-I../posix/firmware'];
    const built = spawnSync('gcc', [...warnings, ...sanitizers, ...include, ...sources, '-o', program], {
      cwd: core,
      encoding: 'utf8',
    });
    expect(built.stderr).toBe('');
    const { status, stdout, stderr } = spawnSync(program, ['2000', '1'], { encoding: 'utf8' });
    expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: '' });
    const counts = [...stdout.matchAll(/loop \d: (\d+) dense, (\d+) sparse/g)];
    expect(counts).toHaveLength(7);
    for (const [line, dense, sparse] of counts) {
      expect(Number(dense), line).toBeGreaterThan(3);
      expect(Number(sparse), line).toBeGreaterThan(3);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
