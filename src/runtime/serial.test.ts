import { expect, test } from 'vitest';
import { servePty } from '../../emulator/board/serve-pty.js';
import { openSerial } from './serial.js';

test('a full line goes on while answers come, and is not held up by waiting for them', async () => {
  const total = 2 ** 21;
  let [arrived, answers] = [0, 0];
  // Not a board: a byte comes back for every thousand.
  const served = await servePty({
    connect: (send) => ({
      receive: (bytes) => {
        for (arrived += bytes.length; answers < Math.floor(arrived / 1000); answers++) send(Uint8Array.of(1));
      },
      close: () => {},
    }),
  });
  const transport = await openSerial(served.path);
  let came = 0;
  const done = new Promise<void>((resolve) =>
    transport.start({
      receive: (bytes) => {
        came += bytes.length;
        if (came === Math.floor(total / 1000)) resolve();
      },
      closed: () => {},
    }),
  );
  await transport.send(new Uint8Array(total).fill(7));
  await done;
  expect(arrived).toBe(total);
  await transport.close();
  await served.close();
});
