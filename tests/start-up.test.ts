import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

/** The start of the built command is quick because it loads little; which modules it loads does not depend on the machine. */
const root = resolve(import.meta.dirname, '..');
const build = join(root, 'dist');
const network = join(root, 'examples', 'delayed-bandit', 'network.json');

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'ignore' });
});

/** Packages, and modules of engram, that a command loads: V8's coverage names every script of the process. */
function loadedBy(...args: string[]): { packages: string[]; modules: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'engram-start-up-'));
  const { status, stderr } = spawnSync(process.execPath, [join(build, 'src', 'cli', 'main.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_V8_COVERAGE: folder },
  });
  expect(status, stderr).toBe(0);
  const urls = readdirSync(folder).flatMap((name) =>
    (
      JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: readonly { url: string }[] }
    ).result.map(({ url }) => url),
  );
  const files = urls.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url));
  const packages = files.flatMap(
    (file) => /.*node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(file)?.[1] ?? [],
  );
  const modules = files.filter((file) => file.startsWith(build)).map((file) => relative(build, file));
  expect(modules).toContain(join('src', 'cli', 'main.js'));
  return { packages: [...new Set(packages)].sort(), modules };
}

const parts = (modules: readonly string[], ...but: string[]) =>
  modules.filter((file) => !but.some((part) => file.startsWith(join(...part.split('/')))));

describe('a command loads what it needs and nothing else', () => {
  test.each([[['--help']], [['--version']], [['run', '--help']]])('%s: the command line alone', (args) => {
    const { packages, modules } = loadedBy(...args);
    expect(packages).toEqual(['commander']);
    expect(parts(modules, 'src/cli', 'src/errors', 'src/compiler/package-folder.js')).toEqual([]);
  });

  test('targets: their files and the schema', () => {
    const { packages, modules } = loadedBy('targets');
    expect(packages).toEqual(['commander', 'zod']);
    expect(
      parts(
        modules,
        'src/cli',
        'src/errors',
        'src/compiler/package-folder.js',
        'src/compiler/load-target.js',
        'src/compiler/target.js',
      ),
    ).toEqual([]);
  });

  test('a sound JSON description needs no YAML, no loader of modules and no emulator', () => {
    const { packages, modules } = loadedBy('validate', network);
    expect(packages).toEqual(['commander', 'zod']);
    expect(modules.filter((file) => file.startsWith('emulator'))).toEqual([]);
  });

  test('a run on the virtual board loads no serial line and no USB', () => {
    const { packages } = loadedBy('run', network, '--ticks', '1');
    expect(packages).not.toEqual([]);
    for (const heavy of ['serialport', 'usb', 'rp2040js', 'jiti', 'yaml'])
      expect(packages).not.toContain(heavy);
  });
});
