import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EngramError } from '../../src/errors/engram-error.js';

/** Plain for speed, sanitized to find out-of-bounds accesses and undefined behaviour. */
export type Variant = 'plain' | 'sanitized';

/** The board as a process, or the core fed from a file (fuzz/fuzz.c). */
export type Program = 'board' | 'fuzz';

const root = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url),
);
const install = 'apt-get install gcc libc6-dev';
const common = ['-std=c11', '-fno-strict-aliasing', '-Wall', '-Wextra', '-Werror'];
const flags: Record<Variant, readonly string[]> = {
  plain: [...common, '-O2'],
  sanitized: [
    ...common,
    '-O1',
    '-g',
    '-fno-omit-frame-pointer',
    '-fsanitize=address,undefined',
    '-fno-sanitize-recover=all',
  ],
};
const sourceFolders: Record<Program, readonly string[]> = {
  board: ['targets/core', 'targets/posix/firmware'],
  fuzz: ['targets/core', 'targets/posix/fuzz'],
};
const headerFolders = [
  'targets/core',
  'targets/core/generated',
  'targets/posix/firmware',
  'targets/posix/generated',
];

/** Why the C core cannot be built here and what to do; null if it can. */
export function missingCompiler(): string | null {
  if (process.platform === 'win32') return 'the C core as a process needs Linux or macOS';
  return compiler() === null ? `no C compiler was found: ${install}` : null;
}

const building = new Map<string, Promise<string>>();

/**
 * Path of the program, compiled if the sources have changed since the last time. Throws E0606 if that fails.
 * `core` replaces the folder of the portable core, for tests of the port alone.
 */
export function buildPosix(program: Program, variant: Variant, core = 'targets/core'): Promise<string> {
  const sources = sourceFolders[program]
    .map((folder) => (folder === 'targets/core' ? core : folder))
    .flatMap((folder) => filesIn(folder, '.c'));
  const digest = createHash('sha256').update(JSON.stringify([compiler(), flags[variant]]));
  for (const file of [...sources, ...headerFolders.flatMap((folder) => filesIn(folder, '.h'))])
    digest.update(`${file}\0`).update(readFileSync(join(root, file)));
  const name = `engram-posix-${program}-${variant}-${digest.digest('hex').slice(0, 16)}`;
  const ready = building.get(name) ?? compile(join(cacheFolder(), name), sources, flags[variant]);
  building.set(name, ready);
  ready.catch(() => building.delete(name));
  return ready;
}

async function compile(
  output: string,
  sources: readonly string[],
  options: readonly string[],
): Promise<string> {
  if (existsSync(output)) return output;
  // Under a name of its own until it is complete: another process may be building the same.
  const unfinished = `${output}.${process.pid}`;
  const include = ['-Itargets/posix', '-Itargets/posix/firmware', '-Itargets/core'];
  const words = [...options, ...include, ...sources, '-o', unfinished];
  const { status, text } = await run(compiler() ?? 'cc', words);
  if (status !== 0) {
    rmSync(unfinished, { force: true });
    throw new EngramError('E0606', 'the C core does not compile here', {
      facts: [['compiler', text.slice(-2000).trim() || 'not found']],
      fix: [install],
    });
  }
  renameSync(unfinished, output);
  return output;
}

function run(command: string, words: readonly string[]): Promise<{ status: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Uint8Array) => {
        text += String(Buffer.from(data));
      });
    child.once('error', (error) => resolve({ status: null, text: error.message }));
    child.once('close', (status) => resolve({ status, text }));
  });
}

let found: string | null | undefined;

function compiler(): string | null {
  found ??= ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null;
  return found;
}

function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

/** Beside the build of the package, where that can be written; an installed package may lie in a folder of root. */
function cacheFolder(): string {
  for (const folder of [join(root, 'dist', 'posix'), join(tmpdir(), `engram-posix-${userInfo().username}`)])
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      return folder;
    } catch {
      // The next one.
    }
  throw new EngramError(
    'E0103',
    `no folder to compile into: neither ${root}dist nor ${tmpdir()} can be written`,
    {
      fix: ['set TMPDIR to a folder that can be written'],
    },
  );
}
