import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { wireHeader } from '../firmware-protocol/generate/c-header.js';
import { wireDocument } from '../firmware-protocol/generate/markdown.js';
import { wireVectors } from '../firmware-protocol/generate/vectors.js';
import { listTargets } from '../src/compiler/load-target.js';
import { packageFolder } from '../src/compiler/package-folder.js';
import { targetHeader } from '../src/compiler/target-header.js';
import { errorsDocument } from '../src/errors/document.js';
import { imageHeader } from '../src/image/generate/c-header.js';
import { imageMarkdown } from '../src/image/generate/markdown.js';
import { networkJsonSchema } from '../src/network/json-schema.js';

/** A file that is made from a declaration and kept in the repository. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly make: () => string;
}

/** Everything `npm run generate` writes; tests compare it with what is there. */
export const generatedFiles: readonly GeneratedFile[] = [
  { path: 'docs/wire.md', make: wireDocument },
  { path: 'targets/core/generated/engram_wire.h', make: wireHeader },
  { path: 'firmware-protocol/vectors/wire.vectors.json', make: wireVectors },
  { path: 'docs/network.schema.json', make: networkJsonSchema },
  { path: 'docs/image.md', make: imageMarkdown },
  { path: 'targets/core/generated/engram_image.h', make: imageHeader },
  { path: 'docs/errors.md', make: errorsDocument },
  ...targetHeaders(),
];

/** The limits of every board that has firmware, for that firmware. */
function targetHeaders(): GeneratedFile[] {
  const { version } = JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as {
    version: string;
  };
  return listTargets()
    .filter(({ name }) => existsSync(join(packageFolder(), 'targets', name, 'firmware')))
    .map((target) => ({
      path: `targets/${target.name}/generated/engram_target.h`,
      make: () => targetHeader(target, version),
    }));
}

function main(): void {
  for (const { path, make } of generatedFiles) {
    const file = join(process.cwd(), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, make());
    process.stdout.write(`${path}\n`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();
