import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createJiti } from 'jiti';

/** This package's index, imported only when a user's module is loaded: `src/network` stands below it. */
const index = new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url);

/**
 * Imports a user's module, TypeScript or JavaScript, by path from the working folder. In it `import … from 'engram'`
 * is this very package, wherever the module lies. A module is read anew each time. Throws what the module throws.
 */
export async function importModule(
  path: string,
  engram: () => Promise<unknown> = () => import(index.href),
): Promise<Record<string, unknown>> {
  const file = resolve(path);
  const jiti = createJiti(pathToFileURL(file).href, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    virtualModules: { engram: await engram() },
  });
  return (await jiti.import(file)) as Record<string, unknown>;
}
