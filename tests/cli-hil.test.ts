import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { serveTcp } from '../emulator/board/serve-tcp.js';
import { VirtualBoard } from '../emulator/board/virtual-board.js';
import { faultyBoard } from '../hil-tests/framework/faulty-board.testing.js';
import { hilSuites } from '../hil-tests/suites.js';
import { loadTarget } from '../src/compiler/load-target.js';
import { variableCodes } from '../src/image/layout.js';

/** `engram hil`, built, as users run it. */
const root = resolve(import.meta.dirname, '..');
const main = join(root, 'dist', 'src', 'cli', 'main.js');
const pico = loadTarget('pico');
const fault = { tick: 500, core: 0, variable: variableCodes.weight, index: 3, flip: 16 };
let folder = '';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'ignore' });
  folder = mkdtempSync(join(tmpdir(), 'engram-cli-hil-'));
});

/** Not synchronous: the board on TCP lives in this process. */
function engram(...words: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [main, ...words], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: '1' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    child.on('close', (status) => done({ status, stdout, stderr }));
  });
}

describe('on the virtual board', () => {
  test('a suite passes: a table, JSON, JUnit, exit 0', async () => {
    const text = await engram('hil', '--suite', 'upload', '--quick');
    expect(text.status, text.stderr).toBe(0);
    expect(text.stdout).toMatch(/^suite +passed +failed +not applicable +time$/m);
    expect(text.stdout).toContain('damaged images');
    expect(text.stderr).toContain('1/');
    const json = await engram(
      '--json',
      '--quiet',
      'hil',
      '--quick',
      '--suite',
      'upload',
      'soak',
      '--junit',
      'all.xml',
    );
    expect(json.status).toBe(0);
    expect(json.stderr).toBe('');
    const report = JSON.parse(json.stdout);
    expect(report).toMatchObject({ ok: true, failed: 0, board: { name: 'virtual', target: 'pico' } });
    expect(report.suites.map(({ name }: { name: string }) => name)).toEqual(['upload', 'soak']);
    const xml = readFileSync(join(folder, 'all.xml'), 'utf8');
    expect(xml).toMatch(/<testsuites name="engram hil" tests="\d+" failures="0"/);
    expect(xml).toContain('<testsuite name="virtual.soak" tests="1"');
    expect(xml.match(/<testcase /g)?.length).toBe(report.passed + report.notApplicable);
    expect(xml).toContain('<skipped message="the board does not say how much memory it has"/>');
  });

  test('numbers and seed are the user’s', async () => {
    const { status, stdout } = await engram(
      ...['--json', 'hil', '--quick', '--suite', 'lockstep', '--case', 'generated'],
      ...['--networks', '2', '--ticks', '10', '--seed', '99'],
    );
    expect(status).toBe(0);
    const { options, suites, passed } = JSON.parse(stdout);
    expect(options).toMatchObject({ networks: 2, ticks: 10, seed: 99, frames: 60 });
    expect(passed).toBe(1);
    expect(suites[0].cases[0].measured['state hashes compared']).toEqual({ value: 20, unit: 'hashes' });
  });

  test('--list names every case and runs none', async () => {
    const { status, stdout } = await engram('hil', '--list');
    expect(status).toBe(0);
    for (const { name, cases } of hilSuites) {
      expect(stdout).toContain(`${name}: `);
      for (const one of cases) expect(stdout).toContain(one.name);
    }
  });

  test.each([
    [['--suite', 'nonsense'], 'there is no suite'],
    [['--case', 'nonsense'], "has 'nonsense' in its name"],
    [['--quick', '--thorough'], 'exclude each other'],
    [['--board', 'nonsense'], 'there is no kind of board'],
    [['--networks', 'many'], 'whole number'],
  ])('%s is a wrong usage', async (words, message) => {
    const { status, stderr } = await engram('hil', ...words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('on a board on a line', () => {
  test('one that is wrong: exit 8, the value by name, and a replay that finds it again', async () => {
    const { port, close } = await serveTcp(faultyBoard(pico, fault));
    try {
      const lockstep = ['hil', '--tcp', String(port), '--suite', 'lockstep', '--case', 'example', '--quick'];
      const { status, stdout } = await engram(...lockstep, '--replays', 'found');
      expect(status).toBe(8);
      expect(stdout).toContain(
        'E1002: tick 500: core 0, unit 23 (context[0] → action[3] of context-action), W: board',
      );
      const [file] = /found\/replay-lockstep-1\.json/.exec(stdout) ?? [];
      expect(file).toBeDefined();
      const again = await engram('hil', '--replay', file!, '--tcp', String(port), '--overwrite');
      expect(again.status).toBe(8);
      expect(again.stderr).toContain('the difference of the file');
      const right = await engram('hil', '--replay', file!);
      expect(right.status, right.stderr).toBe(0);
      expect(right.stdout).toContain('agree');
    } finally {
      await close();
    }
  });

  test('one that holds an image is left alone unless the user lets it go', async () => {
    const { port, close } = await serveTcp(new VirtualBoard({ target: pico }));
    try {
      const upload = [
        'hil',
        '--tcp',
        String(port),
        '--suite',
        'upload',
        '--case',
        'another target',
        '--quick',
      ];
      expect((await engram(...upload)).status).toBe(0);
      expect(
        (await engram('run', '--task', 'delayed-bandit', '--set', 'trials=1', '--tcp', String(port))).status,
      ).toBe(0);
      const held = await engram(...upload);
      expect(held.status).toBe(2);
      expect(held.stderr).toContain('--overwrite');
      expect((await engram(...upload, '--overwrite')).status).toBe(0);
    } finally {
      await close();
    }
  });

  test('nobody there: exit 5', async () => {
    const { status, stderr } = await engram('hil', '--port', '/dev/no-such-port', '--quick');
    expect(status).toBe(5);
    expect(stderr).toContain('/dev/no-such-port');
  });
});
