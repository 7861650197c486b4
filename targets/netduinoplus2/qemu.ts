import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { EngramError } from '../../src/errors/engram-error.js';

const program = 'qemu-system-arm';
const install = 'apt-get install qemu-system-arm';

/** How the serial line of the chip leaves QEMU. */
export type Line = { readonly socket: string } | 'pty';

/** Why QEMU cannot be run here and what to do; null if it can. */
export function missingQemu(): string | null {
  const { status } = spawnSync(program, ['--version'], { stdio: 'ignore' });
  return status === 0 ? null : `${program} was not found: ${install}`;
}

/**
 * The shell between ends QEMU when its standard input ends, however this process ends: by close, by an exception, by a
 * signal.
 */
const guarded =
  'exec 3<&0; "$@" </dev/null & chip=$!; (read -r end <&3; kill -9 $chip) 2>/dev/null & wait $chip';

/** One life of an emulated Netduino Plus 2: from power on to power off. */
export class Qemu {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #line: Line;
  #output = '';
  #running = true;

  /** firmware: an ELF file; serial: a file of 32 bytes for the end of the flash. */
  constructor(firmware: string, serial: string, line: Line) {
    this.#line = line;
    // A multiplexed line has a buffer, which makes QEMU take bytes from the host eight times as fast; the escape
    // character, which would otherwise be cut out, is one no byte can be.
    const chardev =
      line === 'pty' ? 'pty,id=line,mux=on' : `socket,id=line,path=${line.socket},server=on,wait=off,mux=on`;
    const machine = ['-M', 'netduinoplus2', '-display', 'none', '-monitor', 'none', '-nodefaults'];
    const devices = ['-chardev', chardev, '-serial', 'chardev:line', '-echr', '256'];
    const loaded = ['-kernel', firmware, '-device', `loader,file=${serial},addr=0x080fffe0,force-raw=on`];
    this.#process = spawn('sh', ['-c', guarded, 'sh', program, ...machine, ...devices, ...loaded], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout!, this.#process.stderr!])
      stream.on('data', (data: Uint8Array) => {
        this.#output = (this.#output + String(Buffer.from(data))).slice(-2000);
      });
    this.#process.stdin!.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      const end = () => {
        this.#running = false;
        this.#process.stdin!.end();
        resolve();
      };
      this.#process.once('error', end);
      this.#process.once('exit', end);
    });
  }

  get running(): boolean {
    return this.#running;
  }

  /** A new connection to the socket. Throws E0606 if QEMU does not offer it within ten seconds. */
  connect(signal?: AbortSignal): Promise<Socket> {
    const { socket } = this.#line as { socket: string };
    return this.#retry(signal, () => tryConnect(socket));
  }

  /** Path of the pseudo-terminal. Throws E0606 as connect. */
  terminal(signal?: AbortSignal): Promise<string> {
    return this.#retry(signal, async () => /redirected to (\/dev\/\S+)/.exec(this.#output)?.[1] ?? null);
  }

  /** Power off. Resolves when the process has ended. */
  async end(): Promise<void> {
    this.#process.stdin!.end();
    await this.#ended;
  }

  async #retry<T>(signal: AbortSignal | undefined, attempt: () => Promise<T | null>): Promise<T> {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
      signal?.throwIfAborted();
      const result = await attempt();
      if (result !== null) return result;
      if (!this.#running) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new EngramError('E0606', `${program} did not start the board`, {
      facts: [['it said', this.#output.trim() || 'nothing']],
      fix: [`try: ${program} -M netduinoplus2 --version`, install],
    });
  }
}

/** Null while nobody listens there. */
function tryConnect(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(null));
  });
}
