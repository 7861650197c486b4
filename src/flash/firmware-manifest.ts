import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Every file a board's firmware is made of: the portable core, the board's port, and the generated headers. */
export function firmwareSources(root: string, board: string): string[] {
  return ['targets/core', `targets/${board}/firmware`, `targets/${board}/generated`]
    .flatMap((folder) => filesBelow(join(root, folder)))
    .filter((file) => /\.(c|h|S|ld|json)$/.test(file))
    .sort();
}

/** SHA-256 over names and contents of those files: what the shipped binary claims to be made from. */
export function sourceDigest(root: string, board: string): string {
  const digest = createHash('sha256');
  for (const file of firmwareSources(root, board)) {
    digest.update(`${relative(root, file).replaceAll('\\', '/')}\0`);
    digest.update(readFileSync(file));
  }
  return digest.digest('hex');
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
