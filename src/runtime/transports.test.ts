import { createServer } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { servePty } from '../../emulator/board/serve-pty.js';
import { serveTcp } from '../../emulator/board/serve-tcp.js';
import { VirtualBoard } from '../../emulator/board/virtual-board.js';
import { Board } from './board.js';
import { expected, feed, learningImage, spikePairs, target } from './board.testing.js';
import { inProcess } from './in-process.js';
import { listPorts } from './ports.js';
import { openSerial } from './serial.js';
import { openTcp } from './tcp.js';
import type { Transport } from './transport.js';
import { openUsbDevice } from './usb.js';
import { BoardOnUsb } from './usb-device.testing.js';

const image = learningImage();
const ticks = 400;
const all = expected(image, ticks);

/** One way to a board: `open` connects anew, `unplug` pulls the cable and plugs it in again. */
interface Way {
  open(): Promise<Transport>;
  unplug(): Promise<void>;
  close(): Promise<void>;
}

const ways: Record<string, (device: VirtualBoard) => Promise<Way>> = {
  tcp: async (device) => {
    let served = await serveTcp(device);
    return {
      open: () => openTcp('127.0.0.1', served.port),
      unplug: async () => {
        await served.close();
        served = await serveTcp(device);
      },
      close: () => served.close(),
    };
  },
  'pseudo-terminal': async (device) => {
    let served = await servePty(device);
    return {
      open: () => openSerial(served.path),
      unplug: async () => {
        await served.close();
        served = await servePty(device);
      },
      close: () => served.close(),
    };
  },
  webusb: async (device) => {
    let usb = new BoardOnUsb(device);
    return {
      open: () => openUsbDevice(usb),
      unplug: async () => {
        usb.unplug();
        usb = new BoardOnUsb(device);
      },
      close: async () => usb.unplug(),
    };
  },
};

describe.each(Object.keys(ways))('%s', (kind) => {
  const open = ways[kind]!;
  const opened: Way[] = [];
  const way = async (device: VirtualBoard) => {
    const one = await open(device);
    opened.push(one);
    return one;
  };
  afterAll(async () => {
    for (const one of opened) await one.close();
  });

  test('same state hash at every tick and same spikes as the machine', async () => {
    const board = await Board.connect(await (await way(new VirtualBoard({ target }))).open());
    await board.load(image);
    await feed(board, 0, ticks);
    const result = await board.run(ticks, { hashEvery: 1 });
    expect(result.hashes.map(({ hash }) => hash)).toEqual(all.hashes);
    expect(spikePairs(result.spikes)).toEqual(all.spikes);
    await board.close();
  });

  test('a checkpoint taken here goes on in process', async () => {
    const [far, near] = [
      await Board.connect(await (await way(new VirtualBoard({ target }))).open()),
      await Board.connect(inProcess(new VirtualBoard({ target }))),
    ];
    await Promise.all([far.load(image), near.load(image)]);
    await feed(far, 0, 150);
    await far.run(150);
    await near.restore(await far.checkpoint());
    await feed(near, 150, ticks);
    const { hashes } = await near.run(ticks - 150, { hashEvery: 1 });
    expect(hashes.map(({ hash }) => hash)).toEqual(all.hashes.slice(150));
    await Promise.all([far.close(), near.close()]);
  });

  test('the board keeps its state when a host leaves and another comes', async () => {
    const line = await way(new VirtualBoard({ target }));
    const first = await Board.connect(await line.open());
    await first.load(image);
    await feed(first, 0, 100);
    await first.run(100);
    await first.close();
    const second = await Board.connect(await line.open());
    await second.load(image, { skipSame: true });
    expect(second.tick).toBe(100);
    expect(await second.stateHash()).toBe(all.hashes[99]);
    await second.close();
  });

  test('unplugged in mid-run: E0701 at once, and the run goes on with the same hashes', async () => {
    // Long enough that no computer is done with it before the cable is out.
    const longTicks = 4000;
    const long = expected(image, longTicks);
    const line = await way(new VirtualBoard({ target, streamCapacity: 2048 }));
    const board = await Board.connect(await line.open());
    await board.load(image);
    await feed(board, 0, longTicks);
    const running = board.run(longTicks, { hashEvery: 1 });
    // Reject handler first: the cut may be noticed before the test awaits.
    const failed = expect(running).rejects.toMatchObject({ code: 'E0701', context: { resumable: true } });
    await new Promise((resolve) => setTimeout(resolve, 5));
    await line.unplug();
    await failed;
    const result = await board.resume(await line.open());
    expect(result!.hashes.map(({ hash }) => hash)).toEqual(long.hashes);
    expect(spikePairs(result!.spikes)).toEqual(long.spikes);
    await board.close();
  });
});

describe('ports that cannot be opened', () => {
  test('no such serial port: E0604', async () => {
    await expect(openSerial('/dev/engram-none')).rejects.toMatchObject({ code: 'E0604' });
  });

  test('nobody listens on TCP: E0604', async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
    await new Promise((resolve) => server.close(resolve));
    await expect(openTcp('127.0.0.1', port)).rejects.toMatchObject({ code: 'E0604' });
  });

  test('a TCP port that is taken: E0603', async () => {
    const served = await serveTcp(new VirtualBoard({ target }));
    const second = serveTcp(new VirtualBoard({ target }), served.port);
    await expect(second).rejects.toMatchObject({ code: 'E0603' });
    await served.close();
  });

  test('a serial port in use: E0603', async () => {
    const served = await servePty(new VirtualBoard({ target }));
    const first = await openSerial(served.path);
    await expect(openSerial(served.path)).rejects.toMatchObject({ code: 'E0603' });
    await first.close();
    await served.close();
  });

  test('a USB device another program holds: E0603', async () => {
    const usb = new BoardOnUsb(new VirtualBoard({ target }));
    usb.claimInterface = async () => {
      throw new Error('Unable to claim interface.');
    };
    await expect(openUsbDevice(usb)).rejects.toMatchObject({ code: 'E0603' });
  });

  test('listing never fails, whatever this machine has', async () => {
    const known = [{ name: 'pico', usb: [{ vendorId: '0x2e8a', productId: '0x000a', note: 'a Pico' }] }];
    expect(Array.isArray(await listPorts(known))).toBe(true);
  });
});
