import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { peerScript, writePeerFiles } from './peer-files.js';
import type { Spread } from './synapse-statistics.js';
import type { Workload } from './workload.js';

/** Debian's `python3-brian` belongs to Debian's Python. */
const pythons = ['/usr/bin/python3', 'python3'];
const scripts = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './brian2/' : '../../../bench/speed/brian2/', import.meta.url),
);

/** What Brian2 gave: seconds of its run loop alone. */
export interface PeerResult {
  readonly seconds: number;
  readonly spikes: number;
  /** Of the plastic synapses, in mV; S2 and S3. */
  readonly weights?: Spread;
  readonly tags?: Spread | null;
}

/** A Python that has Brian2, or null: then, or without a C++ compiler for it, there is no column of it. */
export function peerPython(): string | null {
  if (spawnSync('g++', ['--version']).status !== 0) return null;
  const look = 'import importlib.util as u, sys; sys.exit(u.find_spec("brian2") is None)';
  return pythons.find((name) => spawnSync(name, ['-c', look]).status === 0) ?? null;
}

/** A workload in Brian2, C++ standalone, one thread: built once, run again and again. */
export class Peer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'engram-brian2-'));
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  private constructor(python: string, workload: Workload) {
    writePeerFiles(this.#folder, workload);
    const script = join(scripts, `${peerScript(workload)}.py`);
    this.#child = spawn(python, ['-W', 'ignore', '-B', script, this.#folder], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#child.stderr!.on('data', (data: Buffer) => {
      this.#errors += String(data);
    });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  /** Builds it; takes tens of seconds. Throws with what Python said. */
  static async build(python: string, workload: Workload): Promise<Peer> {
    const peer = new Peer(python, workload);
    await peer.#answer();
    return peer;
  }

  async run(): Promise<PeerResult> {
    this.#child.stdin!.write('run\n');
    return (await this.#answer()) as PeerResult;
  }

  dispose(): void {
    this.#child.stdin!.end();
    this.#child.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answer(): Promise<unknown> {
    // Its build tools print as well.
    for (;;) {
      const { done, value } = await this.#lines.next();
      if (done) throw new Error(`Brian2 ended: ${this.#errors.slice(-3000)}`);
      if (value.startsWith('{')) return JSON.parse(value);
    }
  }
}
