// `npm run firmware [-- board …] [-- --check]`: builds the firmware of the boards that ship it, with Debian's
// gcc-arm-none-eabi, into targets/<board>/. `--check` builds into a temporary folder and compares with what is shipped.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, install, root } from './install.mjs';

install();
build();
const { sealBootBlock } = await import(join(root, 'dist/src/flash/boot-block.js'));
const { uf2FromElf } = await import(join(root, 'dist/src/flash/elf-to-uf2.js'));
const { sourceDigest, firmwareSources } = await import(join(root, 'dist/src/flash/firmware-manifest.js'));

const common = [
  '-std=c11',
  '-ffreestanding',
  '-fno-strict-aliasing',
  '-ffunction-sections',
  '-fdata-sections',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-g',
];
const check = process.argv.includes('--check');
const asked = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const boards = readdirSync(join(root, 'targets')).filter(
  (name) =>
    existsSync(join(root, 'targets', name, 'firmware', 'build.json')) &&
    (asked.length === 0 || asked.includes(name)),
);
let differs = false;
for (const board of boards) if (!make(board)) differs = true;
process.exit(differs ? 1 : 0);

/** Builds one board; with --check, whether the shipped files are what the sources give. */
function make(board) {
  const folder = join(root, 'targets', board);
  const config = JSON.parse(readFileSync(join(folder, 'firmware', 'build.json'), 'utf8'));
  const out = check ? mkdtempSync(join(tmpdir(), 'engram-firmware-')) : folder;
  mkdirSync(out, { recursive: true });
  const elf = join(out, `${config.output}.elf`);
  const sources = firmwareSources(root, board)
    .filter((file) => /\.[cS]$/.test(file))
    .map((file) => relative(root, file));
  // Paths relative to the package, so that the same sources give the same bytes wherever it lies.
  const args = [
    ...common,
    ...config.flags,
    `-ffile-prefix-map=${root}=.`,
    `-fdebug-prefix-map=${root}=.`,
    `-Itargets/${board}`,
    `-Itargets/${board}/firmware`,
    '-Itargets/core',
    ...sources,
    '-nostartfiles',
    '-specs=nosys.specs',
    '-specs=nano.specs',
    '-Wl,--gc-sections',
    '-Wl,--build-id=none',
    ...config.link,
    '-o',
    elf,
  ];
  const result = spawnSync(config.compiler, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.error) {
    process.stderr.write(
      `${config.compiler} is not installed\n  fix: apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi\n`,
    );
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
  if (config.bootBlock) {
    const bytes = readFileSync(elf);
    sealBootBlock(bytes, Number.parseInt(config.bootBlock, 16));
    writeFileSync(elf, bytes);
  }
  const files = [`${config.output}.elf`];
  if (config.uf2) {
    writeFileSync(
      join(out, `${config.output}.uf2`),
      uf2FromElf(readFileSync(elf), Number.parseInt(config.uf2.familyId, 16)),
    );
    files.push(`${config.output}.uf2`);
  }
  if (check) return compare(board, folder, out, files);
  const manifest = {
    sources: sourceDigest(root, board),
    compiler: spawnSync(config.compiler, ['--version']).stdout.toString().split('\n')[0],
    files: Object.fromEntries(files.map((name) => [name, sha256(readFileSync(join(out, name)))])),
  };
  writeFileSync(join(folder, `${config.output}.json`), `${JSON.stringify(manifest, null, 2)}\n`);
  process.stdout.write(`${files.map((name) => relative(root, join(folder, name))).join('\n')}\n`);
  return true;
}

function compare(board, folder, out, files) {
  const same = files.every(
    (name) =>
      existsSync(join(folder, name)) &&
      readFileSync(join(folder, name)).equals(readFileSync(join(out, name))),
  );
  rmSync(out, { recursive: true });
  process.stdout.write(
    same
      ? `${board}: source and shipped firmware agree\n`
      : `${board}: the shipped firmware is not what the sources give\n  fix: npm run firmware -- ${board}\n`,
  );
  return same;
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
