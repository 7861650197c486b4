import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import { EngramError } from '../../src/errors/engram-error.js';

/** Ways in, each with the address it printed: a path, a port. */
export type Addresses = ReadonlyMap<string, string>;

/** One life of the board's process: from power on to power off. */
export class PosixProcess {
  readonly addresses: Addresses;
  readonly #child: ChildProcess;
  readonly #said: () => string;
  readonly #ended: Promise<void>;
  #running = true;

  private constructor(child: ChildProcess, addresses: Addresses, said: () => string) {
    this.#child = child;
    this.#said = said;
    this.addresses = addresses;
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#running = false;
        resolve();
      };
      if (child.exitCode !== null || child.signalCode !== null) end();
      child.once('exit', end);
    });
  }

  /** Resolves when the process has named every way in. Throws E0606 if it ends before. */
  static async start(
    program: string,
    words: readonly string[],
    ways: readonly string[],
  ): Promise<PosixProcess> {
    // Descriptor 3 carries requests; when it closes, with this process, the board ends.
    const child = spawn(program, [...words, '--control', '3'], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    let said = '';
    child.stderr!.on('data', (data: Uint8Array) => {
      said = (said + String(Buffer.from(data))).slice(-8000);
    });
    (child.stdio[3] as Duplex).on('error', () => {});
    const addresses = new Map<string, string>();
    const failed = new Promise<never>((_, reject) => {
      const fail = (reason: string) =>
        reject(
          new EngramError('E0606', 'the board as a process did not start', {
            facts: [['reason', said.trim() || reason]],
            fix: [`try it by hand: ${program} --tcp 0`],
          }),
        );
      child.once('error', (error) => fail(error.message));
      child.once('close', (status, signal) => fail(`it ended with ${signal ?? `status ${status}`}`));
    });
    failed.catch(() => {});
    const named = new Promise<void>((resolve) => {
      createInterface(child.stdout as Readable).on('line', (line) => {
        const [way, ...address] = line.split(' ');
        addresses.set(way!, address.join(' '));
        if (ways.every((one) => addresses.has(one))) resolve();
      });
    });
    await Promise.race([named, failed]);
    return new PosixProcess(child, addresses, () => said);
  }

  get running(): boolean {
    return this.#running;
  }

  /** What it wrote to standard error: nothing, unless a sanitizer found something. */
  get complaint(): string {
    return this.#said();
  }

  /** The process ends in the middle of writing, after so many more bytes. */
  cutAfter(bytes: number): Promise<void> {
    const control = this.#child.stdio[3] as Duplex;
    return new Promise((resolve, reject) => {
      const ended = () => reject(new EngramError('E0706', 'the board has no power'));
      if (!this.#running) return ended();
      this.#child.once('exit', ended);
      control.once('data', () => {
        this.#child.off('exit', ended);
        resolve();
      });
      control.write(`cut-after ${bytes}\n`);
    });
  }

  /** Power off. Resolves when the process has ended. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
