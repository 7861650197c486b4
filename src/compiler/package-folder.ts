import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of this package, from the sources as well as from the build. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'targets', 'pico', 'target.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('the folder "targets" is missing from the package');
    folder = parent;
  }
  return folder;
}
