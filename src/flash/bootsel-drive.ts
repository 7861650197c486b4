import { type FileHandle, open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EngramError } from '../errors/engram-error.js';
import type { WriteOptions } from './write-picoboot.js';

const infoFile = 'INFO_UF2.TXT';
const boardId = /^Board-ID:\s*RPI-RP2\s*$/m;
const chunkBytes = 32 * 1024;
/** A boot ROM that has all blocks reboots after a second; hosts take a while to notice. */
const vanishMilliseconds = 5_000;

/** Drives of boards in their boot ROM, mounted on this machine. Never fails. */
export async function findDrives(candidates: () => Promise<string[]> = mountedVolumes): Promise<string[]> {
  const folders = [...new Set(await candidates())];
  const found = await Promise.all(folders.map(isBootsel));
  return folders.filter((_, n) => found[n]);
}

/** Volumes that could be one: where desktops mount them, and what the system says is mounted as FAT. */
async function mountedVolumes(): Promise<string[]> {
  if (process.platform === 'darwin') return below('/Volumes');
  if (process.platform === 'win32') return [...'DEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`);
  const users = [...(await below('/media')), ...(await below('/run/media'))];
  const perUser = (await Promise.all(users.map(below))).flat();
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '');
  return [...users, ...perUser, ...(await below('/mnt')), ...fatMounts(mounts)];
}

/** Mount points of FAT volumes in the text of /proc/mounts. */
export function fatMounts(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , kind]) => kind === 'vfat' || kind === 'msdos')
    .map(([, path]) =>
      path!.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}

/**
 * Copies a UF2 file onto a drive, synced piece by piece, and waits for the board to leave it: the drive going away once
 * all bytes are out is what success looks like. False if it still stands there after `patience` milliseconds; some
 * systems show a drive that is gone for a while. Throws E1104, E0603 (not permitted), E0104 (aborted).
 */
export async function copyToDrive(
  folder: string,
  uf2: Uint8Array,
  { signal, onProgress = () => {}, patience = vanishMilliseconds }: WriteOptions & { patience?: number } = {},
): Promise<boolean> {
  const path = join(folder, 'engram.uf2');
  let file: FileHandle;
  try {
    file = await open(path, 'w');
  } catch (cause) {
    throw cannotWrite(folder, cause as NodeJS.ErrnoException);
  }
  let done = 0;
  try {
    while (done < uf2.length) {
      if (signal?.aborted)
        throw new EngramError('E0104', 'flashing was interrupted', {
          fix: ['call engram flash again: the board waits in its bootloader'],
        });
      const { bytesWritten } = await file.write(uf2, done, Math.min(chunkBytes, uf2.length - done), done);
      done += bytesWritten;
      await file.sync();
      onProgress(done / uf2.length);
    }
  } catch (cause) {
    if (cause instanceof EngramError) throw cause;
    if (done < uf2.length) throw broken(folder, done, uf2.length, cause as Error);
    // The last sync failed: the board has all blocks and is gone already.
  } finally {
    await file.close().catch(() => {});
  }
  return leaves(folder, patience, signal);
}

async function leaves(folder: string, patience: number, signal?: AbortSignal): Promise<boolean> {
  for (const end = Date.now() + patience; await isBootsel(folder); ) {
    if (signal?.aborted || Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}

async function isBootsel(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, infoFile), 'latin1').catch(() => '');
  return boardId.test(text.replaceAll('\r', ''));
}

async function below(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  return names.map((name) => join(folder, name));
}

function cannotWrite(folder: string, cause: NodeJS.ErrnoException): EngramError {
  const denied = cause.code === 'EACCES' || cause.code === 'EPERM' || cause.code === 'EROFS';
  return new EngramError(
    denied ? 'E0603' : 'E1104',
    `cannot write to the drive ${folder}: ${denied ? 'not permitted' : cause.message}`,
    {
      fix: denied
        ? ['mount it for your user, or use: engram flash --method picoboot']
        : ['plug the board in again holding BOOTSEL, and repeat'],
      context: { drive: folder },
      cause,
    },
  );
}

function broken(folder: string, done: number, total: number, cause: Error): EngramError {
  return new EngramError('E1104', `the drive ${folder} was lost after ${done} of ${total} bytes`, {
    fix: ['plug the board in again holding BOOTSEL, and repeat: an unfinished flash does no harm'],
    context: { drive: folder, done, total },
    cause,
  });
}
