import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngramError } from '../../src/errors/engram-error.js';
import type { BoardKind, StartedBoard, StartOptions } from '../../src/runtime/board-kind.js';
import { openSerial } from '../../src/runtime/serial.js';
import { fromDuplex, openTcp } from '../../src/runtime/tcp.js';
import type { Transport } from '../../src/runtime/transport.js';
import { buildPosix, missingCompiler, type Variant } from './build.js';
import { PosixProcess } from './process.js';

const ways = ['unix', 'tcp', 'pty'] as const;

/** The portable core as a process. `core` replaces its folder, for tests of the port alone. */
export function posixKind(variant: Variant, core?: string): BoardKind {
  return {
    name: variant === 'plain' ? 'posix' : 'posix-sanitized',
    title: `the firmware as a process of this computer${variant === 'plain' ? '' : ', with sanitizers'}`,
    target: 'posix',
    unavailable: async () => missingCompiler(),
    async start(options) {
      return start(await buildPosix('board', variant, core), options);
    },
  };
}

export const boardKinds: readonly BoardKind[] = [posixKind('plain'), posixKind('sanitized')];

async function start(
  program: string,
  { serial = 'posix', signal }: StartOptions = {},
): Promise<StartedBoard> {
  signal?.throwIfAborted();
  const folder = await mkdtemp(join(tmpdir(), 'engram-posix-'));
  const lines = ['--unix', join(folder, 'line'), '--tcp', '0', '--pty'];
  const words = [...lines, '--storage', join(folder, 'flash'), '--serial', serial];
  const turnOn = () => PosixProcess.start(program, words, ways);
  let board = await turnOn().catch(async (error) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const connections = new Map<string, Transport>();
  return {
    ways,
    async connect(way = 'unix') {
      await connections.get(way)?.close();
      const transport = await open(way, board.addresses.get(way));
      connections.set(way, transport);
      return transport;
    },
    cycles: async () => null,
    power: {
      cutAfter: (bytes) => board.cutAfter(bytes),
      async cycle() {
        await turnOff(board);
        board = await turnOn();
      },
      isOff: async () => !board.running,
    },
    async close() {
      for (const connection of connections.values()) await connection.close();
      await turnOff(board).finally(() => rm(folder, { recursive: true, force: true }));
    },
  };
}

/** Throws E1001 if a sanitizer has spoken: whoever used this board must not call it well. */
async function turnOff(board: PosixProcess): Promise<void> {
  await board.end();
  if (board.complaint === '') return;
  throw new EngramError('E1001', 'the firmware failed', { facts: [['it said', board.complaint.trim()]] });
}

async function open(way: string, address: string | undefined): Promise<Transport> {
  if (way === 'tcp') return openTcp('127.0.0.1', Number(address));
  if (way === 'pty') return openSerial(address!);
  if (way !== 'unix')
    throw new EngramError('E0604', `this board has no way in "${way}"`, {
      fix: [`use one of: ${ways.join(', ')}`],
    });
  const socket = connect(address!);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', (cause) =>
      reject(
        new EngramError('E0604', 'the board as a process does not answer', {
          facts: [['reason', cause.message]],
          fix: ['its power may have failed: turn it on again'],
          cause,
        }),
      ),
    );
  });
  socket.removeAllListeners('error');
  return fromDuplex(socket, { kind: 'tcp', name: address! });
}
