import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');

/**
 * What each part may import, beside itself and `src/errors`. The picture in `docs/architecture.md` shows the same.
 */
const mayImport: Record<string, readonly string[]> = {
  'src/errors': [],
  'src/image': [],
  'src/learning': [],
  'src/network': ['src/learning'],
  'src/compiler': ['src/network', 'src/learning', 'src/image'],
  'emulator/core': ['src/image'],
  'emulator/threads': ['emulator/core'],
  'emulator/board': ['emulator/core', 'src/image', 'firmware-protocol'],
  'firmware-protocol': [],
  'src/runtime': ['firmware-protocol', 'src/image', 'emulator/board', 'emulator/core'],
  'src/flash': ['src/runtime', 'src/compiler', 'src/image', 'emulator/core', 'firmware-protocol'],
  targets: ['src/flash', 'src/runtime', 'src/compiler', 'src/image', 'firmware-protocol', 'emulator/board'],
  'hil-tests': [
    'targets',
    'src/flash',
    'src/tasks',
    'src/runtime',
    'src/compiler',
    'src/network',
    'src/learning',
    'src/image',
    'firmware-protocol',
    'emulator/board',
    'emulator/core',
  ],
  'src/tasks': ['src/runtime', 'src/network', 'src/learning', 'src/image'],
  'src/sweep': ['src/tasks', 'src/runtime', 'src/compiler', 'src/network', 'src/learning', 'src/image'],
  'src/report': ['src/tasks', 'src/runtime', 'src/image', 'src/compiler', 'src/network'],
};
/** Parts that may import everything: they stand at the top. */
const top = ['src/cli', 'src/index.ts', 'tests', 'bench', 'scripts', 'examples', 'vitest.config.ts'];
/** Parts that must run in a browser: no Node modules. */
const browserClean = ['src/image', 'src/learning', 'emulator/core', 'firmware-protocol', 'src/errors'];

const files = ['src', 'emulator', 'firmware-protocol', 'targets', 'hil-tests'].flatMap((folder) =>
  sources(join(root, folder)),
);
const shipped = files.filter((file) => !/\.(test|testing)\.ts$/.test(file));

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return path.endsWith('.ts') ? [relative(root, path)] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
}

function partOf(path: string): string {
  const parts = [...Object.keys(mayImport), ...top].sort((a, b) => b.length - a.length);
  const part = parts.find((candidate) => path === candidate || path.startsWith(`${candidate}/`));
  if (!part) throw new Error(`${path} belongs to no part: name it in tests/architecture.test.ts`);
  return part;
}

function localImports(file: string): { from: string; to: string }[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => ({
      from: file,
      to: relative(root, resolve(root, dirname(file), name)).replace(/\.js$/, '.ts'),
    }));
}

test('there are sources to check', () => {
  expect(shipped.length).toBeGreaterThan(50);
});

test('imports run with the direction of dependencies', () => {
  const against = shipped.flatMap((file) => {
    const part = partOf(file);
    if (top.includes(part)) return [];
    const allowed = [part, 'src/errors', ...mayImport[part]!];
    return localImports(file).filter(({ to }) => !allowed.includes(partOf(to)));
  });
  expect(against).toEqual([]);
});

test('no import cycles', () => {
  const graph = new Map(shipped.map((file) => [file, localImports(file).map(({ to }) => to)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: string[]): void => {
    if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(cycles).toEqual([]);
});

test('browser-clean parts import no Node module', () => {
  const node = shipped
    .filter((file) => browserClean.some((part) => file.startsWith(`${part}/`)))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('node:'))
        .map((name) => `${file}: ${name}`),
    );
  expect(node).toEqual([]);
});

test('the architecture page names every part', () => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  expect(Object.keys(mayImport).filter((part) => !page.includes(part))).toEqual([]);
});
