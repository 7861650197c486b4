import type { Connectable } from '../../emulator/board/connectable.js';
import { loadTarget } from '../compiler/load-target.js';
import type { StartedBoard } from '../runtime/board-kind.js';
import { boardKind, checkAvailable } from './board-kinds.js';
import type { Console } from './console.js';

export interface ServeOptions {
  board: string;
  target: string;
  pty?: boolean;
  tcp?: number;
}

const retryMilliseconds = 200;

/** `engram board`: a board of any kind on a pseudo-terminal or a TCP port, until the user has had enough. */
export async function serveBoard({
  console,
  signal,
  options,
}: {
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly options: ServeOptions;
}): Promise<void> {
  const kind = await boardKind(options.board, loadTarget(options.target));
  await checkAvailable(kind);
  const started = await kind.start({ signal });
  try {
    const board = await Relayed.start(started);
    const served = options.tcp === undefined ? await servePty(board) : await serveTcp(board, options.tcp);
    console.line({ ok: true, ...served.address }, served.text);
    console.say('Ctrl-C ends it; its state is lost then');
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    board.end();
    await served.close();
  } finally {
    await started.close();
  }
}

/** A started board for hosts that come and go. When it restarts, and its line breaks, the line is opened again. */
class Relayed implements Connectable {
  readonly #started: StartedBoard;
  #transport: Awaited<ReturnType<StartedBoard['connect']>> | null = null;
  #send: ((bytes: Uint8Array) => void) | null = null;
  #ended = false;

  private constructor(started: StartedBoard) {
    this.#started = started;
  }

  static async start(started: StartedBoard): Promise<Relayed> {
    const relayed = new Relayed(started);
    await relayed.#open();
    return relayed;
  }

  connect(send: (bytes: Uint8Array) => void) {
    this.#send = send;
    return {
      receive: (bytes: Uint8Array) => {
        if (this.#send === send) void this.#transport?.send(bytes).catch(() => {});
      },
      close: () => {
        if (this.#send === send) this.#send = null;
      },
    };
  }

  end(): void {
    this.#ended = true;
  }

  async #open(): Promise<void> {
    const transport = await this.#started.connect();
    this.#transport = transport;
    transport.start({
      receive: (bytes) => this.#send?.(bytes),
      closed: () => {
        this.#transport = null;
        this.#again();
      },
    });
  }

  #again(): void {
    if (this.#ended) return;
    setTimeout(() => {
      if (!this.#ended) this.#open().catch(() => this.#again());
    }, retryMilliseconds);
  }
}

async function servePty(board: Connectable) {
  const { servePty: serve } = await import('../../emulator/board/serve-pty.js');
  const { path, close } = await serve(board);
  return { address: { pty: path }, text: path, close };
}

async function serveTcp(board: Connectable, wanted: number) {
  const { serveTcp: serve } = await import('../../emulator/board/serve-tcp.js');
  const { port, close } = await serve(board, wanted);
  return { address: { tcp: `127.0.0.1:${port}` }, text: `127.0.0.1:${port}`, close };
}
