import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BoardKind, StartedBoard, StartOptions } from '../../src/runtime/board-kind.js';
import { openSerial } from '../../src/runtime/serial.js';
import { fromDuplex } from '../../src/runtime/tcp.js';
import type { Transport } from '../../src/runtime/transport.js';
import { missingQemu, Qemu } from './qemu.js';

/** From the sources as well as from the build. */
const root = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url);
const shipped = fileURLToPath(new URL('targets/netduinoplus2/engram-netduinoplus2.elf', root));

/** The chip in QEMU, running that firmware. Its one serial line is either a socket, which is quicker, or a terminal. */
export function emulatedChip(way: 'unix' | 'pty', firmware = shipped): BoardKind {
  return {
    name: way === 'unix' ? 'stm32-emulated' : 'stm32-pty-emulated',
    title: `the firmware on an STM32F405 in QEMU, over a ${way === 'unix' ? 'socket' : 'pseudo-terminal'}`,
    target: 'netduinoplus2',
    unavailable: async () =>
      existsSync(firmware) ? missingQemu() : `${firmware} is missing: npm run firmware -- netduinoplus2`,
    start: (options) => start(way, firmware, options),
  };
}

export const boardKinds: readonly BoardKind[] = [emulatedChip('unix'), emulatedChip('pty')];

async function start(
  way: 'unix' | 'pty',
  firmware: string,
  { serial = 'stm32-emulated', signal }: StartOptions = {},
): Promise<StartedBoard> {
  const folder = await mkdtemp(join(tmpdir(), 'engram-stm32-'));
  const serialFile = join(folder, 'serial');
  const bytes = Buffer.alloc(32);
  bytes.write(serial);
  await writeFile(serialFile, bytes);
  const line = way === 'pty' ? way : { socket: join(folder, 'line') };
  const open = async (): Promise<Transport> => {
    if (way === 'pty') return openSerial(await qemu.terminal());
    const socket = await qemu.connect();
    return fromDuplex(socket, { kind: 'emulated', name: 'Netduino Plus 2 in QEMU' });
  };
  const ready = () => (way === 'pty' ? qemu.terminal(signal) : qemu.connect(signal).then((s) => s.destroy()));
  let qemu = new Qemu(firmware, serialFile, line);
  let connection: Transport | null = null;
  const close = async () => {
    await connection?.close();
    connection = null;
    await qemu.end();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ways: [way],
    async connect() {
      await connection?.close();
      connection = await open();
      return connection;
    },
    cycles: async () => null,
    power: {
      // There is no memory that keeps anything, so its power never fails in the middle of writing it.
      async cutAfter() {},
      async cycle() {
        await qemu.end();
        qemu = new Qemu(firmware, serialFile, line);
        await ready();
      },
      isOff: async () => !qemu.running,
    },
    close,
  };
}
