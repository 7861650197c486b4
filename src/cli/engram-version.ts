import { readFileSync } from 'node:fs';
import { packageFolder } from '../compiler/package-folder.js';

export function engramVersion(): string {
  return JSON.parse(readFileSync(`${packageFolder()}/package.json`, 'utf8')).version as string;
}
