import { isEngramError } from '../../src/errors/engram-error.js';
import { BareHost } from './bare-host.js';
import { fail } from './check.js';
import type { TestDevice } from './device.js';

const wholeMilliseconds = 15_000;
const tryMilliseconds = 100;

/**
 * A host of raw frames at a board that may be starting still: what was said to it before is lost, and after a restart
 * even its port may be gone for a while.
 */
export async function awaitHost(
  device: TestDevice,
  { signal, restarted }: { readonly signal?: AbortSignal | undefined; readonly restarted: boolean },
): Promise<BareHost> {
  const end = performance.now() + wholeMilliseconds * device.patience;
  for (;;) {
    let host: BareHost | null = null;
    try {
      host = new BareHost(await device.connect(), device.patience);
      const reply = await host.sayHello({}, tryMilliseconds);
      if (reply.name !== 'HELLO_REPLY') fail('the board refused HELLO', { error: reply.fields });
      return host;
    } catch (error) {
      await host?.close();
      signal?.throwIfAborted();
      if (!isEngramError(error) || performance.now() > end) throw error;
      if (host === null && !restarted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
