import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EngramError } from '../errors/engram-error.js';
import { network } from './builder.js';
import { loadNetwork } from './load.js';

const expected = { engram: 1, name: 'loaded', populations: { a: { model: 'lif', size: 2 } } };
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engram-load-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Loads a file of that name and text; its modules get this very builder as `engram`. */
async function load(name: string, text: string) {
  const path = join(folder, name);
  await writeFile(path, text);
  return loadNetwork(path, { engram: async () => ({ network }) });
}

async function failure(name: string, text: string): Promise<EngramError> {
  return load(name, text).then(
    () => expect.fail('it was loaded'),
    (error) => error,
  );
}

const built = "network({ name: 'loaded' })";
const withPopulation = `const net = ${built}; net.lif('a', { size: 2 });`;
const object = JSON.stringify(expected);

describe('what can be loaded', () => {
  test.each([
    ['a.json', JSON.stringify(expected)],
    ['bom.json', `\uFEFF${JSON.stringify(expected)}`],
    ['a.yaml', 'engram: 1\nname: loaded\npopulations:\n  a: { model: lif, size: 2 }\n'],
    ['a.yml', '# YAML\n{ engram: 1, name: loaded, populations: { a: { model: lif, size: 2 } } }'],
    ['builder.ts', `import { network } from 'engram';\n${withPopulation}\nexport default net as unknown;`],
    [
      'named.mts',
      `import { network as start } from 'engram';\nexport const network: unknown = ${object};\nvoid start;`,
    ],
    ['object.mjs', `export default ${object};`],
    [
      'function.js',
      `import { network } from 'engram';\nexport default () => { ${withPopulation} return net; };`,
    ],
    [
      'later.ts',
      `export default async (): Promise<object> => { await Promise.resolve(); return ${object}; };`,
    ],
  ])('%s', async (name, text) => {
    expect(await load(name, text)).toEqual(expected);
  });

  test('a module that imports its neighbour', async () => {
    await writeFile(join(folder, 'size.ts'), 'export const size: number = 2;');
    const text = `import { size } from './size.ts';\nexport default { ...${object}, populations: { a: { model: 'lif', size } } };`;
    expect(await load('neighbour.ts', text)).toEqual(expected);
  });

  test('a module that was changed in between', async () => {
    expect(await load('changing.ts', `export default ${object};`)).toEqual(expected);
    const other = await load('changing.ts', `export default ${object.replace('loaded', 'other')};`);
    expect(other.name).toBe('other');
  });
});

describe('what cannot', () => {
  test('no file, a folder, an unknown ending', async () => {
    await expect(loadNetwork(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'E0102' });
    await expect(loadNetwork(join(folder, 'none.ts'))).rejects.toMatchObject({ code: 'E0102' });
    await expect(loadNetwork('network.toml')).rejects.toMatchObject({ code: 'E0102' });
  });

  test('JSON with a mistake: its place', async () => {
    expect(await failure('bad.json', '{\n  "engram": 1,\n  "name": "x",,\n}')).toMatchObject({
      code: 'E0202',
      message: 'bad.json is not valid JSON',
      problems: [{ path: 'line 3, column 15' }],
    });
  });

  test('YAML with mistakes: their places', async () => {
    expect(await failure('bad.yaml', 'engram: 1\nname: "x\n')).toMatchObject({
      code: 'E0202',
      problems: [{ path: expect.stringMatching(/^line [23], column \d+$/) }],
    });
  });

  test('a valid file with problems: path and place of each', async () => {
    const yaml = 'engram: 1\nname: x\npopulations:\n  a: { model: lif, size: 0 }\n  b:\n    model: lif\n';
    const { code, problems, facts } = await failure('wrong.yaml', yaml);
    expect([code, problems.map(({ path }) => path)]).toEqual([
      'E0201',
      ['populations.a.size (4:26)', 'populations.b.size (6:5)'],
    ]);
    expect(facts).toEqual([['file', join(folder, 'wrong.yaml')]]);
    const json = '{ "engram": 1, "name": "x",\n  "populations": { "a": { "model": "lif", "size": 0 } } }';
    expect((await failure('wrong.json', json)).problems.map(({ path }) => path)).toEqual([
      'populations.a.size (2:51)',
    ]);
  });

  test('modules that fail, or export no network', async () => {
    expect(await failure('throws.ts', "throw new Error('on purpose');")).toMatchObject({
      code: 'E0202',
      message: expect.stringContaining('on purpose'),
    });
    expect(await failure('syntax.ts', 'export default {;')).toMatchObject({ code: 'E0202' });
    expect(await failure('missing.ts', "import './none-such.js';")).toMatchObject({ code: 'E0202' });
    expect(await failure('empty.ts', 'export const other = 1;')).toMatchObject({ code: 'E0203' });
    expect(await failure('number.ts', 'export default 7;')).toMatchObject({ code: 'E0203' });
  });

  test("a builder's own problems keep their code", async () => {
    const text = `import { network } from 'engram';\nexport default ${built};`;
    expect(await failure('hollow.ts', text)).toMatchObject({
      code: 'E0201',
      problems: [{ path: 'populations' }],
    });
  });
});
