import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { capabilities, rebootModes } from '../../firmware-protocol/declaration/session.js';
import type { Target } from '../../src/compiler/target.js';
import { Board } from '../../src/runtime/board.js';
import { Link } from '../../src/runtime/link.js';
import type { Transport } from '../../src/runtime/transport.js';
import { awaitHost } from './await-host.js';
import { BareHost } from './bare-host.js';
import { fail } from './check.js';
import { counted, type Traffic } from './counted-transport.js';
import type { TestDevice } from './device.js';
import type { Measurement } from './measurement.js';
import type { HilOptions } from './options.js';

/** What the board said of itself when the suites began. */
export interface BoardFacts {
  readonly hello: MessageFields<'HELLO_REPLY'>;
  readonly info: MessageFields<'INFO_REPLY'>;
}

const restartMilliseconds = 100;

/** What a case works with. Connections it opens are closed when it ends. */
export class CaseContext {
  readonly device: TestDevice;
  /** Target whose images the board runs. */
  readonly target: Target;
  readonly facts: BoardFacts;
  readonly options: HilOptions;
  /** Aborted when the case has run out of time or the user has had enough. */
  readonly signal: AbortSignal;
  readonly measured: Record<string, Measurement> = {};
  /** Bytes over all connections of this case. */
  readonly traffic: Traffic = { toBoard: 0, fromBoard: 0 };
  /** A line for whoever watches, and how much of the case is done, 0 … 1. */
  readonly progress: (done: number, note: string) => void;
  #line: Transport | null = null;
  readonly #open: { close(): Promise<void> }[] = [];

  constructor(parts: Pick<CaseContext, 'device' | 'target' | 'facts' | 'options' | 'signal' | 'progress'>) {
    this.device = parts.device;
    this.target = parts.target;
    this.facts = parts.facts;
    this.options = parts.options;
    this.signal = parts.signal;
    this.progress = parts.progress;
  }

  can(capability: keyof typeof capabilities.value): boolean {
    return (this.facts.hello.capabilities & capabilities.value[capability]) !== 0;
  }

  /** What the board's queue and probes hold. */
  get limits(): { readonly capacity: number; readonly probes: number } {
    const { inputCapacity, probes } = this.facts.info;
    return { capacity: inputCapacity, probes };
  }

  measure(name: string, value: number, unit: string): void {
    this.measured[name] = { value, unit };
  }

  /** A fresh connection, whose bytes are counted in `traffic`; what was open before is closed. */
  async connect(): Promise<Transport> {
    await this.closeAll();
    return this.#connect();
  }

  /** A fresh connection for a session that is to go on: the one before it ends without a word. */
  async nextLine(): Promise<Transport> {
    await this.#line?.close();
    return this.#connect();
  }

  async #connect(): Promise<Transport> {
    this.#line = counted(await this.device.connect(), this.traffic);
    this.#open.push(this.#line);
    return this.#line;
  }

  /** Starts a clock that gives seconds: of the board's processor where its cycles are counted, else of this computer. */
  async clock(): Promise<() => Promise<number>> {
    const cycles = await this.device.cycles();
    if (cycles === null) {
      const start = performance.now();
      return async () => (performance.now() - start) / 1000;
    }
    return async () => ((await this.device.cycles())! - cycles) / this.target.clockHz;
  }

  /** A host of raw frames with a new session. */
  async host(): Promise<BareHost> {
    const host = new BareHost(await this.connect(), this.device.patience);
    const reply = await host.sayHello();
    if (reply.name !== 'HELLO_REPLY') fail('HELLO was refused', { code: reply.fields });
    return host;
  }

  /** A session of the host library. */
  async board(line?: Transport): Promise<Board> {
    const board = await Board.connect(line ?? (await this.connect()), { signal: this.signal });
    this.#open.push(board);
    return board;
  }

  /** A session that sends requests as they are named, for what `Board` has no call for. */
  async link(): Promise<Link> {
    const handlers = {
      stream: (_frame: unknown, _name: unknown, release: () => void) => release(),
      lost() {},
    };
    const link = await Link.open(await this.connect(), handlers, this.signal);
    this.#open.push(link);
    return link;
  }

  /** Power off and on where that can be done, else REBOOT; returns when the board answers again. */
  async restart(): Promise<void> {
    const { power } = this.device;
    if (power) {
      await this.closeAll();
      await power.cycle();
    } else {
      const host = await this.host();
      await host.ok('REBOOT', { mode: rebootModes.value.APPLICATION });
    }
    await this.awaitBoard(power !== null);
  }

  /** Waits for a board that has just been started to answer. */
  async awaitBoard(afterPower = false): Promise<void> {
    await this.closeAll();
    // After REBOOT the session from before may answer still.
    if (!afterPower) await new Promise((resolve) => setTimeout(resolve, restartMilliseconds));
    const host = await awaitHost(this.device, { signal: this.signal, restarted: true });
    await host.close();
  }

  async closeAll(): Promise<void> {
    for (const one of this.#open.splice(0).reverse()) await one.close().catch(() => {});
  }
}
