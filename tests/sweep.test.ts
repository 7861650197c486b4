import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import bandit from '../src/tasks/delayed-bandit/task.js';

/** `engram sweep` as users run it: the built command with its threads, each time in a folder of its own. */
const root = resolve(import.meta.dirname, '..');
const main = join(root, 'dist', 'src', 'cli', 'main.js');
const env = { ...process.env, NO_COLOR: '1' };
let folder = '';

beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'ignore' });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'engram-sweep-'));
  write('net.json', network);
});

const network = {
  engram: 1,
  name: 'noisy',
  seed: 1,
  populations: {
    e: { model: 'lif', size: 20, tauMembrane: '20 ms', noise: 0.3 },
    i: { model: 'lif', size: 5, tauMembrane: '10 ms', noise: 0.3 },
  },
  projections: {
    'e-i': { from: 'e', to: 'i', connect: { kind: 'probability', p: 0.3 }, weight: 0.4 },
    'i-e': { from: 'i', to: 'e', weight: -0.2 },
  },
};
const write = (name: string, content: unknown) =>
  writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const outcomes = (name: string) => (existsSync(join(folder, name)) ? read(name).split('\n').length - 2 : 0);

function engram(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env,
  });
  return { status, stdout, stderr };
}

function engramJson(...args: string[]) {
  const { status, stdout } = engram('--json', ...args);
  return { status, data: JSON.parse(stdout) };
}

const ofNetwork = ['sweep', 'net.json', '--ticks', '3000', '--set', 'populations.e.noise=0.25,0.35'];
const ofTask = ['sweep', '--task', 'delayed-bandit', '--set', 'trials=12', '--set', 'delayMax=1500,2500'];

describe('what a sweep computes', () => {
  test('a network: each point is the run of a description with that seed and that field', () => {
    const { status, data } = engramJson(...ofNetwork, '--seeds', '1,2', '-o', 'out.json');
    expect([status, data.ok, data.points]).toEqual([0, true, 4]);
    const { points } = JSON.parse(read('out.json'));
    expect(points).toHaveLength(4);
    for (const { seed, settings, figures } of points) {
      const e = { ...network.populations.e, noise: settings['populations.e.noise'] };
      write('one.json', { ...network, seed, populations: { ...network.populations, e } });
      const run = engramJson('run', 'one.json', '--ticks', '3000', '-o', 'one.csv').data;
      expect(figures).toMatchObject({ stateHash: run.stateHash, spikes: run.spikes });
      // Units 0 to 19 are `e`; 3,000 ticks are 3 s.
      const ofE = read('one.csv')
        .trim()
        .split('\n')
        .filter((line) => Number(line.split(',')[1]) < 20);
      expect(ofE.length).toBeGreaterThan(0);
      expect(figures['rate.e']).toBeCloseTo(ofE.length / 20 / 3, 9);
    }
    expect(
      new Set(points.map(({ figures }: { figures: { stateHash: string } }) => figures.stateHash)).size,
    ).toBe(4);
  });

  test('a task: each point is what engram run makes of the same options', () => {
    expect(engram(...ofTask, '--seeds', '5', '-o', 'out.jsonl').status).toBe(0);
    const points = read('out.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(points).toHaveLength(2);
    for (const { seed, settings, figures } of points) {
      const set = [`seed=${seed}`, 'trials=12', `delayMax=${settings.delayMax}`].flatMap((one) => [
        '--set',
        one,
      ]);
      const { data } = engramJson('run', '--task', 'delayed-bandit', ...set);
      const { stateHash, last100, trialsTo90, blocks, tick: ticks } = data;
      expect(figures).toMatchObject({ stateHash, last100, trialsTo90, blocks, ticks, trialsPlayed: 12 });
    }
  });

  test("a field of the task's own network, in it and in a file: what the task's option for it does", () => {
    const path = 'projections.context-action.plasticity.tauTag';
    const seeds = ['--seeds', '3'];
    write('own.json', bandit.network!(bandit.options.parse({ delayMax: 1500, seed: 7 })));
    const [command, ...rest] = ofTask;
    engram(...ofTask, ...seeds, '--set', 'tag=20,2000', '-o', 'option.json');
    engram(...ofTask, ...seeds, '--set', `${path}=20 ms,2 s`, '-o', 'field.json');
    engram(command!, 'own.json', ...rest, ...seeds, '--set', `${path}=20 ms,2 s`, '-o', 'file.json');
    const figures = (file: string) =>
      JSON.parse(read(file)).points.map((point: { figures: unknown }) => point.figures);
    expect(figures('option.json')).toHaveLength(4);
    expect(figures('option.json')[0]).toHaveProperty('stateHash');
    expect(figures('field.json')).toEqual(figures('option.json'));
    expect(figures('file.json')).toEqual(figures('option.json'));
  });

  test('the results are the same for any number of jobs', () => {
    engram(...ofNetwork, '--seeds', '1..6', '--jobs', '1', '-o', 'one.csv');
    engram(...ofNetwork, '--seeds', '1..6', '--jobs', '4', '-o', 'four.csv');
    expect(read('four.csv')).toBe(read('one.csv'));
    expect(read('one.csv').split('\n')).toHaveLength(14);
  });
});

/** Starts a sweep and ends it by a signal when so many outcomes are in its journal. */
async function endedBy(signal: 'SIGINT' | 'SIGKILL', after: number, args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, [main, ...args], { cwd: folder, env, stdio: 'ignore' });
  const ended = new Promise<number | null>((resolveEnd) => {
    child.on('exit', (code) => resolveEnd(code));
  });
  const journal = `${args.at(-1)}.journal`;
  while (outcomes(journal) < after && child.exitCode === null)
    await new Promise((resolveWait) => setTimeout(resolveWait, 5));
  child.kill(signal);
  return ended;
}

describe('a sweep that is ended goes on', () => {
  const seeds = ['--seeds', '1..20'];

  test.each([
    ['SIGINT', 130],
    ['SIGKILL', null],
  ] as const)('after %s in the middle, to the same results', async (signal, exit) => {
    const args = [...ofNetwork, ...seeds, '-o', 'out.csv'];
    expect(await endedBy(signal, 5, args)).toBe(exit);
    expect(readdirSync(folder).sort()).toEqual(['net.json', 'out.csv.journal']);
    const there = outcomes('out.csv.journal');
    expect(there).toBeGreaterThanOrEqual(5);
    expect(there).toBeLessThan(40);
    const { status, data } = engramJson(...args);
    expect([status, data.points, data.already]).toEqual([0, 40, there]);
    engram(...ofNetwork, ...seeds, '-o', 'whole.csv');
    expect(read('out.csv')).toBe(read('whole.csv'));
  });

  test('it says how much is there, and runs only what is new when it is extended', () => {
    engram(...ofNetwork, '--seeds', '1..2', '-o', 'out.csv');
    const again = engram(...ofNetwork, '--seeds', '1..3', '-o', 'out.csv');
    expect(again.stderr).toContain('4 of 6 points are there already');
    expect(outcomes('out.csv.journal')).toBe(6);
    engram(...ofNetwork, '--seeds', '1..3', '-o', 'whole.csv');
    expect(read('out.csv')).toBe(read('whole.csv'));
  });

  test('another network, target or length is refused; --fresh starts anew', () => {
    const args = [...ofNetwork, '--seeds', '1', '-o', 'out.csv'];
    engram(...args);
    const before = read('out.csv');
    expect(engram(...args, '--ticks', '3001')).toMatchObject({
      status: 8,
      stderr: expect.stringMatching(/E1201.*ticks differ.*3000 there, 3001 now.*--fresh/s),
    });
    expect(engram(...args, '--target', 'manycore').stderr).toContain('pico there, manycore now');
    write('net.json', { ...network, tick: '2 ms' });
    expect(engram(...args).stderr).toContain('another sweep: network differ');
    expect(read('out.csv')).toBe(before);
    expect(engram(...args, '--fresh').status).toBe(0);
    expect(read('out.csv')).not.toBe(before);
  });
});

describe('points that fail', () => {
  test('are recorded with their error, the others are run, and the exit code says so', () => {
    const args = [
      'sweep',
      'net.json',
      '--ticks',
      '100',
      '--set',
      'populations.e.size=4,90000,5',
      '-o',
      'out.csv',
    ];
    const { status, stdout, stderr } = engram(...args);
    expect(status).toBe(10);
    expect(stdout).toContain('wrote out.csv: 3 points');
    expect(stderr).toContain('error[E1202]: 1 of 3 points failed');
    expect(stderr).toContain('point 2 (populations.e.size 90000): E0401');
    const [, four, large, five] = read('out.csv').split('\n');
    expect([four, five]).toEqual([expect.stringMatching(/^1,4,.*,$/), expect.stringMatching(/^3,5,.*,$/)]);
    expect(large).toMatch(/^2,90000,.*E0401: /);
    const json = engramJson(...args);
    expect([json.status, json.data]).toMatchObject([10, { ok: false, already: 2, error: { code: 'E1202' } }]);
  });

  test('a task that throws, or ends its thread, takes no other point with it; what it prints is no data', () => {
    write(
      'task.mjs',
      `import { defineTask, z } from 'engram';
       export default defineTask({
         name: 'bad', summary: '', options: z.object({ how: z.string() }),
         *play({ options: { how }, report, draws }) {
           console.log('printed');
           if (how === 'throw') throw new TypeError('out of luck');
           if (how === 'exit') process.exit(3);
           yield { run: 5 };
           report({ correct: draws.uniform() < 2, how });
         },
       });`,
    );
    const args = [
      'sweep',
      'net.json',
      '--task',
      'task.mjs',
      '--set',
      'how=a,throw,b,exit,c',
      '-o',
      'out.json',
    ];
    const { status, data } = engramJson(...args);
    expect([status, data.failed]).toEqual([10, 2]);
    const found = JSON.parse(read('out.json')).points.map(
      ({
        figures,
        error,
      }: {
        figures?: Record<string, unknown>;
        error?: { code: string; message: string };
      }) => figures?.['end.how'] ?? `${error!.code}: ${error!.message}`,
    );
    expect(found).toEqual(['a', 'TypeError: out of luck', 'b', expect.stringMatching(/exited.*3/), 'c']);
  });
});

describe('wrong usage', () => {
  test.each([
    [['sweep', 'net.json', '--ticks', '5'], 2, '--out'],
    [['sweep', 'net.json', '-o', 'x.csv'], 2, 'nothing to run'],
    [['sweep', '--ticks', '5', '-o', 'x.csv'], 2, 'no network'],
    [['sweep', 'net.engram', '--ticks', '5', '-o', 'x.csv'], 2, 'is an image'],
    [['sweep', 'net.json', '--ticks', '5', '-o', 'x.txt'], 2, '.csv .json'],
    [['sweep', 'net.json', '--ticks', '5', '-o', 'none/x.csv'], 3, 'no folder none'],
    [['sweep', 'net.json', '--ticks', '5', '--seeds', 'x', '-o', 'x.csv'], 2, 'not a seed'],
    [['sweep', 'net.json', '--ticks', '5', '--jobs', '0', '-o', 'x.csv'], 2, '--jobs'],
    [['sweep', 'net.json', '--ticks', '5', '--points', 'net.json', '-o', 'x.csv'], 3, 'E1203'],
    [
      ['sweep', 'net.json', '--ticks', '5', '--set', 'populations.E.size=4', '-o', 'x.csv'],
      2,
      "did you mean 'e'",
    ],
    [
      ['sweep', 'net.json', '--ticks', '5', '--set', 'populations.e.noize=1', '-o', 'x.csv'],
      3,
      'did you mean',
    ],
    [['sweep', '--task', 'reversal', '--set', 'trails=4', '-o', 'x.csv'], 2, 'trails'],
    [['sweep', '--task', 'reversal', '--ticks', '4', '-o', 'x.csv'], 2, 'no --spikes'],
  ] as const)('%s', (args, exit, text) => {
    const { status, stderr } = engram(...args);
    expect(stderr).toContain(text);
    expect(status, stderr).toBe(exit);
    expect(readdirSync(folder)).toEqual(['net.json']);
  });
});
