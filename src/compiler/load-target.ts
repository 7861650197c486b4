import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngramError } from '../errors/engram-error.js';
import { packageFolder } from './package-folder.js';
import { type Target, targetSchema } from './target.js';

/** All targets this package knows, by number. */
export function listTargets(): Target[] {
  const folder = join(packageFolder(), 'targets');
  return readdirSync(folder)
    .map((name) => join(folder, name, 'target.json'))
    .filter((file) => existsSync(file))
    .map((file) => targetSchema.parse(JSON.parse(readFileSync(file, 'utf8'))))
    .sort((a, b) => a.id - b.id);
}

/** The target of that name. Throws E0402, which lists the names there are. */
export function loadTarget(name: string): Target {
  const targets = listTargets();
  const target = targets.find((candidate) => candidate.name === name);
  if (target) return target;
  throw new EngramError('E0402', `there is no target "${name}"`, {
    facts: [['targets', targets.map((candidate) => candidate.name).join(', ')]],
    fix: ['list them with: engram targets'],
  });
}
