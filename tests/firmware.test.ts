import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageFolder } from '../src/compiler/package-folder.js';
import { sourceDigest } from '../src/flash/firmware-manifest.js';

const root = packageFolder();
const boards = readdirSync(join(root, 'targets')).filter((name) =>
  existsSync(join(root, 'targets', name, 'firmware/build.json')),
);

test('there is firmware to check', () => {
  expect(boards).toEqual(expect.arrayContaining(['netduinoplus2', 'pico']));
});

// Whether these sources give these bytes is what `npm run firmware -- --check` shows, where there is the compiler.
test.each(boards)('the shipped firmware of %s was made from the sources beside it', (board) => {
  const folder = join(root, 'targets', board);
  const { output } = JSON.parse(readFileSync(join(folder, 'firmware/build.json'), 'utf8')) as {
    output: string;
  };
  const manifest = JSON.parse(readFileSync(join(folder, `${output}.json`), 'utf8')) as {
    sources: string;
    files: Record<string, string>;
  };
  expect(manifest.sources, `sources of ${board} changed: npm run firmware -- ${board}`).toBe(
    sourceDigest(root, board),
  );
  for (const [file, hash] of Object.entries(manifest.files))
    expect(
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
      file,
    ).toBe(hash);
});

test.each(boards)(
  'the firmware of %s names no temporary file and no folder of a machine, so that it can be built again alike',
  (board) => {
    const { output } = JSON.parse(
      readFileSync(join(root, 'targets', board, 'firmware/build.json'), 'utf8'),
    ) as { output: string };
    const elf = readFileSync(join(root, 'targets', board, `${output}.elf`), 'latin1');
    expect(elf.match(/\0cc\w{6}\.[os]\0/g)).toBeNull();
    // Those of the compiler and of its library are alike wherever Debian's is installed.
    const folders = [...elf.matchAll(/\0(\/\w{2,}\/[\w./-]{3,})\0/g)].map((match) => match[1]!);
    expect(
      folders.filter((folder) => !folder.startsWith('/usr/') && !/\/(newlib|gcc-arm)/.test(folder)),
    ).toEqual([]);
  },
);
