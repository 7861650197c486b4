import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { haveCompiler } from './c-compiler.testing.js';

/** The built command, as users run it, each time in a folder of its own. */
const root = resolve(import.meta.dirname, '..');
const main = join(root, 'dist', 'src', 'cli', 'main.js');
let folder = '';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'ignore' });
  folder = mkdtempSync(join(tmpdir(), 'engram-cli-'));
});

function engram(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status, stdout, stderr };
}

function engramJson(...args: string[]) {
  const { status, stdout } = engram('--json', ...args);
  return { status, data: JSON.parse(stdout) };
}

const small = {
  engram: 1,
  name: 'small',
  populations: {
    in: { model: 'input', size: 4 },
    out: { model: 'lif', size: 2, tauMembrane: '20 ms', threshold: 1 },
  },
  projections: { 'in-out': { from: 'in', to: 'out', connect: 'all-to-all', weight: 0.6 } },
};
const write = (name: string, content: unknown) =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

describe('compile, inspect, validate', () => {
  test('a description becomes an image that inspect lists', () => {
    write('small.json', small);
    const compiled = engram('compile', 'small.json');
    expect(compiled.status, compiled.stderr).toBe(0);
    expect(compiled.stdout).toContain('wrote small.engram');
    const inspected = engramJson('inspect', 'small.engram');
    expect(inspected.status).toBe(0);
    expect(inspected.data.image).toMatchObject({ network: 'small', target: 'pico', cores: 1 });
    expect(inspected.data.image.report.projections[0]).toMatchObject({
      name: 'in-out',
      synapses: 8,
      storage: 'dense',
    });
    expect(engram('inspect', 'small.json').stdout).toContain('Projections');
    expect(engram('validate', 'small.json').stdout).toContain('small.json is valid');
  });

  test('all errors of a description at once, with paths, exit code 3', () => {
    write('bad.json', {
      ...small,
      populations: { ...small.populations, out: { model: 'lif', size: -2, tauMembrane: 20 } },
      projections: { 'in-out': { from: 'in', to: 'outt', connect: 'all-to-all', weight: 0.6 } },
    });
    const { status, stderr } = engram('validate', 'bad.json');
    expect(status).toBe(3);
    expect(stderr).toContain('error[E0201]');
    for (const path of ['populations.out.size', 'populations.out.tauMembrane', 'projections.in-out.to'])
      expect(stderr).toContain(path);
    const json = engramJson('validate', 'bad.json');
    expect(json.data).toMatchObject({ ok: false, error: { code: 'E0201', exit: 3 } });
    expect(json.data.error.problems.length).toBeGreaterThanOrEqual(3);
  });

  test('what does not fit: exit code 4, and no image is left behind', () => {
    write('large.json', {
      ...small,
      populations: { ...small.populations, out: { ...small.populations.out, size: 9000 } },
    });
    const { status, stderr } = engram('compile', 'large.json', '-o', 'large.engram');
    expect(status).toBe(4);
    expect(stderr).toContain("target 'pico' has 1");
    expect(readdirSync(folder).filter((name) => name.startsWith('large.engram'))).toEqual([]);
  });

  test('a flipped bit in an image file: exit code 3', () => {
    write('small.json', small);
    engram('compile', 'small.json', '-o', 'flipped.engram');
    const bytes = readFileSync(join(folder, 'flipped.engram'));
    bytes[200]! ^= 4;
    writeFileSync(join(folder, 'flipped.engram'), bytes);
    const { status, stderr } = engram('inspect', 'flipped.engram');
    expect([status, stderr.slice(0, 12)]).toEqual([3, 'error[E0503]']);
  });
});

describe('usage errors', () => {
  test.each([
    [['run'], 2, 'E0101'],
    [['run', '--task', 'nonsense'], 2, 'E0801'],
    [['run', '--task', 'delayed-bandit', '--set', 'trials=none'], 2, 'E0101'],
    [['compile', 'missing.json'], 3, 'E0102'],
    [['compile', 'small.json', '--target', 'nonsense'], 2, 'E0402'],
    [['run', '--task', 'delayed-bandit', '--port', '/dev/does-not-exist'], 5, 'E0604'],
    [['run', '--task', 'delayed-bandit', '--tcp', '127.0.0.1:1'], 5, 'E0604'],
    [['nonsense'], 2, ''],
  ] as const)('%s', (args, exit, code) => {
    write('small.json', small);
    const { status, stderr } = engram(...args);
    expect(stderr).toContain(code);
    expect(status, stderr).toBe(exit);
    expect(stderr).not.toContain('    at ');
  });
});

describe('run', () => {
  test('recorded spikes in, output spikes out', () => {
    write('small.json', small);
    write('in.csv', 'tick,neuron\n0,0\n0,1\n5,0\n5,1\n');
    const { status, stderr } = engram(
      'run',
      'small.json',
      '--spikes',
      'in.csv',
      '--ticks',
      '20',
      '-o',
      'out.csv',
    );
    expect(status, stderr).toBe(0);
    // Two weights of 0.6 cross the threshold of 1 one tick (the delay) after the inputs; neurons 4 and 5 are the outputs.
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toBe('1,4\n1,5\n6,4\n6,5\n');
  });

  test('on threads: the same spikes, and only on the virtual board', () => {
    write('small.json', small);
    const noisy = { model: 'lif', size: 60, tauMembrane: '20 ms', threshold: 3, noise: 1 };
    const within = { from: 'all', to: 'all', connect: { kind: 'in-degree', n: 8 }, weight: 0.2 };
    write('noisy.json', { engram: 1, name: 'noisy', populations: { all: noisy }, projections: { within } });
    const run = (...more: string[]) => engram('run', 'noisy.json', '--ticks', '300', '--cores', '3', ...more);
    const manycore = ['--target', 'manycore'] as const;
    const [one, two] = [[], ['--threads', '2']].map((threads, n) => {
      const { status, stderr } = run(...manycore, '-o', `noisy${n}.csv`, ...threads);
      expect(status, stderr).toBe(0);
      return readFileSync(join(folder, `noisy${n}.csv`), 'utf8');
    });
    expect(one!.length).toBeGreaterThan(100);
    expect(two).toBe(one);
    expect(run(...manycore, '--threads', '4').stderr).toContain('4 threads share 3 cores');
    expect(
      engram('run', 'small.json', '--ticks', '1', '--threads', '2', '--board', 'posix').stderr,
    ).toContain('--threads is for the virtual board');
    expect(run(...manycore, '--threads', '0').status).toBe(2);
  });

  test('bad lines of a recording are named', () => {
    write('small.json', small);
    write('bad.csv', '0,0\n1;2\n-3,1\n');
    const { status, stderr } = engram('run', 'small.json', '--spikes', 'bad.csv');
    expect(status).toBe(3);
    expect(stderr).toContain('bad.csv:2');
    expect(stderr).toContain('bad.csv:3');
  });

  test('a report of a task, with the command that makes it and the spikes of its last trial', () => {
    const args = ['run', '--task', 'delayed-bandit', '--set', 'trials=4', '--report', 'task.html'];
    const { status, data } = engramJson(...args);
    expect(status).toBe(0);
    const html = readFileSync(join(folder, 'task.html'), 'utf8');
    expect(html).toContain('engram run --task delayed-bandit --set trials=4');
    expect(html).toContain(data.stateHash);
    expect(html.match(/M[\d.]+ [\d.]+v/g)!.length).toBeGreaterThan(10);
  });

  test('what cannot be written is said before anything runs', () => {
    const { status, stderr } = engram('run', '--task', 'delayed-bandit', '--report', 'no/such/report.html');
    expect(status).toBe(3);
    expect(stderr).toContain('there is no folder no/such');
    expect(stderr).not.toContain('trial 1');
    write('small.json', small);
    expect(engram('run', 'small.json', '--ticks', '5', '--report', 'report.html').status).toBe(2);
  });

  test.each([
    ['virtual', 'pico'],
    ['posix', 'posix'],
  ])('a %s board on TCP gives the same state as the one in process', async (kind, target) => {
    if (kind === 'posix' && !haveCompiler()) return;
    const words = [main, '--json', 'board', '--board', kind, '--tcp', '0'];
    const board = spawn(process.execPath, words, { cwd: folder });
    try {
      const address = await new Promise<string>((done) => {
        board.stdout.once('data', (data) => done(JSON.parse(String(data)).tcp));
      });
      const args = ['run', '--task', 'delayed-bandit', '--set', 'trials=5'] as const;
      const far = engramJson(...args, '--target', target, '--tcp', address);
      const near = engramJson(...args);
      expect(far.data.ok, JSON.stringify(far.data)).toBe(true);
      expect(far.data.stateHash).toBe(near.data.stateHash);
      expect(far.data.trials).toEqual(near.data.trials);
    } finally {
      board.kill('SIGINT');
    }
  });
});

describe('init', () => {
  test('the starter project works as it is', () => {
    const made = engram('init', 'starter');
    expect(made.status, made.stderr).toBe(0);
    const project = join(folder, 'starter');
    expect(readdirSync(project).sort()).toEqual(['README.md', 'network.ts', 'task.ts']);
    const run = spawnSync(
      process.execPath,
      [main, '--json', 'run', 'network.ts', '--task', 'task.ts', '--set', 'trials=300'],
      { cwd: project, encoding: 'utf8' },
    );
    expect(run.status, run.stderr).toBe(0);
    expect(JSON.parse(run.stdout).last100).toBeGreaterThan(0.9);
    expect(engram('init', 'starter').status).toBe(2);
  });
});

test('demo writes the report and says what it found', () => {
  const { status, stdout, stderr } = engram('demo', '--trials', '60', '-o', 'demo.html');
  expect(status, stderr).toBe(0);
  expect(stdout).toContain('wrote demo.html');
  expect(existsSync(join(folder, 'demo.html'))).toBe(true);
  expect(readFileSync(join(folder, 'demo.html'), 'utf8')).toMatch(/^<!doctype html>/i);
});

test('data goes to stdout, talk to stderr, and nothing is coloured with NO_COLOR', () => {
  const { stdout, stderr } = engram('targets');
  expect(stdout).toContain('pico');
  expect(stderr).toBe('');
  const escapeCode = String.fromCharCode(27);
  expect(engram('run').stderr).not.toContain(escapeCode);
});
