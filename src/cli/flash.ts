import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadTarget } from '../compiler/load-target.js';
import { packageFolder } from '../compiler/package-folder.js';
import type { Target } from '../compiler/target.js';
import { EngramError } from '../errors/engram-error.js';
import { cannotFlash, dfuCommand } from '../flash/dfu-command.js';
import { checkFamily, type Firmware, readFirmware } from '../flash/firmware-file.js';
import { type FlashRequest, type FlashResult, flash as flashBoard } from '../flash/flash.js';
import { dfuFile, uf2File } from '../flash/flash-file.js';
import { type FlashWorld, thisMachine } from '../flash/flash-world.js';
import { uploadImage } from '../flash/upload-image.js';
import { readImage } from '../image/read.js';
import type { Console } from './console.js';
import { readBytes, writeWhole } from './files.js';
import { flashListener } from './flash-text.js';

export interface FlashOptions {
  target: string;
  port?: string;
  board?: string;
  firmware?: string;
  out?: string;
  method: 'auto' | 'drive' | 'picoboot';
  imageOnly?: boolean;
  firmwareOnly?: boolean;
}

interface Context {
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly args: readonly string[];
  readonly options: FlashOptions;
}

/** `engram flash`. */
export async function flash({ console, signal, args: [path], options }: Context): Promise<void> {
  checkOptions(path, options);
  const target = loadTarget(options.target);
  const image = path === undefined ? null : await loadImage(path, target, console);
  if (options.out !== undefined) return writeFile(options.out, target, image, options, console);
  const listener = flashListener(console);
  const request = { image, method: options.method, port: options.port, signal, onEvent: listener.onEvent };
  try {
    if (options.board !== undefined && options.board !== emulatedPico) {
      await startAndUpload(options.board, target, request);
      return console.result({ ok: true, board: options.board }, 'done');
    }
    const done = await wayOf(target, options)(target, request, options);
    console.result(
      { ok: true, ...done },
      `${done.firmware} at ${done.port}${done.imageHash === 0 ? '' : `, image ${done.imageHash.toString(16).padStart(8, '0')}`}`,
    );
  } finally {
    listener.end();
  }
}

type Request = Omit<FlashRequest, 'target' | 'firmware'>;

/** The kind of board that is flashed as one from the factory is: its flash memory is empty at first. */
const emulatedPico = 'pico-emulated';

function wayOf(target: Target, { board }: FlashOptions) {
  if (board === emulatedPico) return flashEmulated;
  return target.flash.method === 'uf2' ? flashUf2 : flashOther;
}

/** A board that is there for this call alone: what it is good for is to see that firmware and image are sound. */
async function flashEmulated(target: Target, request: Request, options: FlashOptions): Promise<FlashResult> {
  if (target.name !== 'pico')
    throw new EngramError('E0101', `board '${emulatedPico}' is a pico, not a ${target.name}`, {
      fix: ['leave out --target'],
    });
  if (options.imageOnly)
    throw new EngramError('E0101', `board '${emulatedPico}' has no firmware before it is flashed`, {
      fix: ['leave out --image-only'],
    });
  const firmware = await loadFirmware(target, options.firmware);
  const { EmulatedPico } = await import('../../targets/pico/emulated-pico.js');
  const { emulatedWorld } = await import('../../targets/pico/flash-world.js');
  const pico = await EmulatedPico.start({ uf2: null });
  try {
    return await flashBoard(emulatedWorld(pico), { ...request, target: target.name, firmware });
  } finally {
    await pico.close();
  }
}

async function flashUf2(target: Target, request: Request, options: FlashOptions): Promise<FlashResult> {
  const firmware = options.imageOnly ? null : await loadFirmware(target, options.firmware);
  const world = thisMachine(target, familyOf(target));
  return flashBoard(world, { ...request, target: target.name, firmware });
}

/** Boards whose firmware engram does not flash still take images over the protocol. */
async function flashOther(target: Target, request: Request, options: FlashOptions): Promise<FlashResult> {
  const takesImage = request.image && (options.imageOnly || options.port !== undefined);
  if (!takesImage || options.firmware !== undefined) throw cannotFlash(target, rawBinary(target));
  const world: FlashWorld = { ...thisMachine(target, 0), bootloaders: async () => [] };
  return flashBoard(world, { ...request, target: target.name, firmware: null });
}

async function startAndUpload(board: string, target: Target, { image, signal, onEvent }: Request) {
  if (!image)
    throw new EngramError('E0101', 'a board that engram starts itself brings its firmware along', {
      fix: ['name an image to upload: engram flash <image> --board NAME'],
    });
  const { openBoard } = await import('./open-board.js');
  const opened = await openBoard({ board }, target, signal!);
  try {
    await uploadImage(opened, image, { signal, onEvent });
  } finally {
    await opened.close();
  }
}

/** `--out`: UF2, or for targets with DFU a raw binary. */
async function writeFile(
  out: string,
  target: Target,
  image: Uint8Array | null,
  options: FlashOptions,
  console: Console,
): Promise<void> {
  const { method } = target.flash;
  if (method === 'none' || (method === 'dfu' && image)) throw cannotFlash(target, null);
  const firmware = options.imageOnly ? null : await loadFirmware(target, options.firmware);
  const bytes = method === 'dfu' ? dfuFile(firmware!) : uf2File(firmware, image, familyOf(target));
  await writeWhole(out, bytes);
  console.result(
    { ok: true, output: out, bytes: bytes.length },
    `wrote ${out}, ${bytes.length.toLocaleString('en')} bytes`,
  );
  console.say(
    method === 'dfu'
      ? `flash it with: ${dfuCommand(out)}`
      : 'hold BOOTSEL, plug the board in, and copy the file onto its drive RPI-RP2',
  );
}

/** An image as it is, or compiled from a description. Throws E0504 if it is for another target. */
async function loadImage(path: string, target: Target, console: Console): Promise<Uint8Array> {
  if (!path.endsWith('.engram')) {
    const { compileFile } = await import('./compile-file.js');
    return (await compileFile(path, { target: target.name }, console)).image;
  }
  const bytes = await readBytes(path);
  const image = readImage(bytes);
  if (image.targetId === target.id) return bytes;
  throw new EngramError('E0504', `${path} is for target '${image.host.target}', not '${target.name}'`, {
    fix: [
      `flash it onto that: engram flash ${path} --target ${image.host.target}`,
      `or compile the network with --target ${target.name}`,
    ],
    context: { image: image.host.target, target: target.name },
  });
}

/** The shipped firmware, or the file named. */
async function loadFirmware(target: Target, named: string | undefined): Promise<Firmware> {
  const path = named ?? shippedFirmware(target);
  const firmware = readFirmware(basename(path), await readBytes(path));
  if (target.flash.method === 'uf2') checkFamily(firmware, familyOf(target), target.name);
  return firmware;
}

function shippedFirmware(target: Target): string {
  const folder = join(packageFolder(), 'targets', target.name);
  const path = ['uf2', 'elf']
    .map((form) => join(folder, `engram-${target.name}.${form}`))
    .find((candidate) => existsSync(candidate));
  if (path !== undefined) return path;
  throw new EngramError('E1102', `no firmware for ${target.name} is shipped with this package`, {
    fix: ['name one: engram flash --firmware FILE', 'from the sources: npm run firmware'],
    context: { target: target.name },
  });
}

function rawBinary(target: Target): string | null {
  const path = join(packageFolder(), 'targets', target.name, `engram-${target.name}.bin`);
  return existsSync(path) ? path : null;
}

function familyOf(target: Target): number {
  return Number.parseInt(target.flash.familyId ?? '0', 16);
}

function checkOptions(path: string | undefined, options: FlashOptions): void {
  const wrong = (message: string, fix: string) => new EngramError('E0101', message, { fix: [fix] });
  if (options.imageOnly && options.firmwareOnly)
    throw wrong('--image-only and --firmware-only exclude each other', 'leave out both to flash both');
  if (options.imageOnly && path === undefined)
    throw wrong('--image-only needs an image', 'engram flash <image> --image-only');
  if (options.firmwareOnly && path !== undefined)
    throw wrong('--firmware-only takes no image', 'leave out one of them');
  if (options.imageOnly && options.firmware !== undefined)
    throw wrong('--image-only and --firmware exclude each other', 'leave out one of them');
  if (options.board !== undefined && options.port !== undefined)
    throw wrong('--board and --port exclude each other', 'leave out one of them');
}
