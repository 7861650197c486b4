import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { EngramError, isEngramError } from '../errors/engram-error.js';
import type { NetworkDescription } from './description.js';
import { parseText } from './parse-text.js';
import { validateNetwork } from './validate.js';

const textFormats: Readonly<Record<string, 'json' | 'yaml'>> = {
  '.json': 'json',
  '.yaml': 'yaml',
  '.yml': 'yaml',
};
const moduleEndings = ['.ts', '.mts', '.js', '.mjs'];

/** Where the modules that users write get `engram` from; tests give their own. */
export interface LoadOptions {
  readonly engram?: () => Promise<unknown>;
}

/**
 * Loads and validates a network: a description in JSON or YAML, or a module that exports one (as default or as
 * `network`): the object, a builder, or a function that gives either, also later.
 * Throws E0102 (no such file), E0202 (cannot be parsed), E0203 (exports no network), E0201 (is not valid).
 */
export async function loadNetwork(path: string, options: LoadOptions = {}): Promise<NetworkDescription> {
  const ending = extname(path).toLowerCase();
  const format = textFormats[ending];
  if (format === undefined && !moduleEndings.includes(ending))
    throw new EngramError('E0102', `${path} is not a network file engram knows`, {
      facts: [['endings', [...Object.keys(textFormats), ...moduleEndings].join(' ')]],
    });
  const text = await readText(path);
  return format === undefined ? loadModule(path, options) : validateText(path, text, format);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      ENOENT: 'there is no such file',
      EISDIR: 'it is a folder',
      EACCES: 'permission denied',
    };
    throw new EngramError(
      'E0102',
      `cannot read ${path}: ${reasons[code ?? ''] ?? (cause as Error).message}`,
      { cause },
    );
  }
}

async function validateText(
  path: string,
  text: string,
  format: 'json' | 'yaml',
): Promise<NetworkDescription> {
  const parsed = await parseText(text, format, basename(path));
  try {
    return validateNetwork(parsed.value);
  } catch (error) {
    if (!isEngramError(error, 'E0201')) throw error;
    const positionOf = await parsed.positions();
    const problems = error.problems.map((problem) => {
      const position = positionOf(problem.path);
      return position === null ? problem : { ...problem, path: `${problem.path} (${position})` };
    });
    throw new EngramError('E0201', error.message, { facts: [['file', path]], problems, cause: error });
  }
}

async function loadModule(path: string, { engram }: LoadOptions): Promise<NetworkDescription> {
  let exported: unknown;
  try {
    const { importModule } = await import('./import-module.js');
    const module = await importModule(path, engram);
    const found = module['default'] ?? module['network'] ?? module;
    exported = typeof found === 'function' ? await found() : found;
    if (isBuilder(exported)) exported = exported.build();
  } catch (cause) {
    if (cause instanceof EngramError) throw cause;
    throw new EngramError('E0202', `${path} cannot be loaded: ${firstLine(cause)}`, { cause });
  }
  if (typeof exported === 'object' && exported !== null && 'engram' in exported)
    return validateNetwork(exported);
  throw new EngramError('E0203', `${path} does not export a network`, {
    fix: [
      'export default network({ name: … }), with its parts added',
      'export a description: { engram: 1, … }',
    ],
  });
}

function isBuilder(value: unknown): value is { build(): unknown } {
  return typeof value === 'object' && value !== null && 'build' in value && typeof value.build === 'function';
}

function firstLine(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
