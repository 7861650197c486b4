import { spawnSync } from 'node:child_process';

/** False, with the reason on stderr, where there is no C compiler; in CI that is an error. */
export function haveCompiler(): boolean {
  if (spawnSync('gcc', ['--version']).status === 0) return true;
  const reason = 'gcc was not found: the generated C headers cannot be compiled here (apt-get install gcc)';
  if (process.env['CI'] === 'true') throw new Error(reason);
  process.stderr.write(`NOT CHECKED: ${reason}\n`);
  return false;
}
