import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NativeNetwork } from './native-network.js';
import type { RunResult } from './workload.js';

const root = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url),
);
const sources = join(root, 'bench', 'speed', 'native');
const nativeFlags = ['-std=gnu11', '-O3', '-march=native', '-Wall', '-Wextra', '-Werror'];

/** What a bare loop gave: `state` as its source writes it. */
export interface NativeResult extends RunResult {
  readonly spikes: number;
  readonly state: Buffer;
}

/** The C compiler of this computer, or null: then there is no native column. */
export function nativeCompiler(): string | null {
  return ['gcc', 'cc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0) ?? null;
}

/** A bare loop, compiled for one network, that can be run again and again. */
export class NativeProgram {
  readonly #folder = mkdtempSync(join(tmpdir(), 'engram-speed-'));

  /** Compiles with the network's constants and writes its arrays. Throws with the compiler's text. */
  constructor(compiler: string, { source, constants, arrays }: NativeNetwork) {
    const defines = Object.entries(constants).map(
      ([name, value]) => `-D${name}=${value < 0 ? `(${value})` : value}`,
    );
    const words = [
      ...nativeFlags,
      ...defines,
      join(sources, `${source}.c`),
      '-o',
      join(this.#folder, 'loop'),
    ];
    const { status, stderr, error } = spawnSync(compiler, words, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${source}.c does not compile: ${error?.message ?? stderr}`);
    const file = openSync(join(this.#folder, 'network'), 'w');
    for (const array of arrays)
      writeAll(file, new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    closeSync(file);
  }

  run(): NativeResult {
    const state = join(this.#folder, 'state');
    const { status, stdout } = spawnSync(join(this.#folder, 'loop'), [join(this.#folder, 'network'), state], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`a bare loop ended with ${status}`);
    return { ...(JSON.parse(stdout) as RunResult & { spikes: number }), state: readFileSync(state) };
  }

  dispose(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at, bytes.length - at);
}
