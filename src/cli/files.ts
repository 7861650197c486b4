import { access, constants, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EngramError } from '../errors/engram-error.js';

/** Reads a file. Throws E0102, which says why it could not. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new EngramError('E0102', `cannot read ${path}: ${reason(cause)}`, { cause, context: { path } });
  }
}

/** Writes a file whole or not at all: first beside it, then renamed. Throws E0103. */
export async function writeWhole(path: string, data: string | Uint8Array): Promise<void> {
  const beside = `${path}.${process.pid}.part`;
  try {
    await writeFile(beside, data);
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new EngramError('E0103', `cannot write ${path}: ${reason(cause)}`, { cause, context: { path } });
  }
}

/** Throws E0103 if a file plainly cannot be written there: better said before hours of work than after. */
export async function checkWritable(path: string): Promise<void> {
  const folder = dirname(path);
  const refuse = (why: string) =>
    new EngramError('E0103', `cannot write ${path || 'a file without a name'}: ${why}`, {
      context: { path },
    });
  if (path === '') throw refuse('name a file');
  if (!(await isFolder(folder))) throw refuse(`there is no folder ${folder}`);
  if (await isFolder(path)) throw refuse(reason({ code: 'EISDIR' }));
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw refuse(reason(cause));
  });
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  const words: Record<string, string> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENOTDIR: 'a part of its path is not a folder',
    ENOSPC: 'the disk is full',
  };
  return (code && words[code]) ?? String((cause as Error).message);
}
