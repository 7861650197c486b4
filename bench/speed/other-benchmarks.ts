import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Row } from '../rows.js';
import { progress } from './options.js';

/** Rows of another benchmark of this folder, run as a process of its own: what it measures is not disturbed by this one. */
export function otherRows(benchmark: 'compile' | 'link', args: readonly string[]): Row[] {
  const file = fileURLToPath(new URL(`../${benchmark}.js`, import.meta.url));
  if (!existsSync(file)) {
    progress(`${benchmark}: not yet`);
    return [];
  }
  progress(`${benchmark}: ${args.join(' ')}`);
  const { status, stdout } = spawnSync(process.execPath, [file, '--json', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`bench:${benchmark} ended with ${status}`);
  return (JSON.parse(stdout) as { rows: Row[] }).rows.map((row) => ({
    ...row,
    name: `${benchmark}/${row.name}`,
  }));
}
