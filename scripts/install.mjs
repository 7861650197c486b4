// Plain JavaScript without dependencies: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const stamp = join(root, 'node_modules', '.engram-installed');

/** Installs the locked dependencies if they are missing or older than the lock file. */
export function install() {
  checkNode();
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  if (!existsSync(stamp) && existsSync(join(root, 'node_modules', '.package-lock.json')) && isCurrent()) {
    writeFileSync(stamp, lock);
    return;
  }
  process.stderr.write('installing dependencies (npm ci) …\n');
  run(npm, ['ci', '--no-fund', '--no-audit', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

/** Compiles the sources; the compiler itself skips what has not changed. */
export function build() {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const result = spawnSync(process.execPath, [tsc, '-p', join(root, 'tsconfig.json')], { stdio: 'inherit' });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['inherit', 2, 'inherit'], ...options });
  if (result.status !== 0) process.exit(result.status ?? 1);
}

function isCurrent() {
  const installed = statSync(join(root, 'node_modules', '.package-lock.json')).mtimeMs;
  return installed >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 20)) return;
  process.stderr.write(`engram needs Node 20.20 or later; this is ${process.versions.node}\n`);
  process.exit(2);
}
