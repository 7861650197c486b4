import { runDoneFlags, runEnds } from '../../firmware-protocol/declaration/run.js';
import type { BareHost } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import type { HilCase } from '../framework/suite.js';
import { compileFor } from '../networks/for-target.js';
import { relayNetwork } from '../networks/relay.js';

const lines = 20;
const tickMicroseconds = 2000;
const looks = 10;
/** Milliseconds by which the ticks of a board without a clock of its own may lag and not count as overrun. */
const computerSlack = 60;
const runFields = { hashEvery: 0, progressEvery: 0, options: 0 } as const;

export const paceCases: readonly HilCase[] = [
  {
    name: 'ticks keep the pace of the board’s own clock',
    needs: ['REALTIME'],
    seconds: 120,
    run: keepsPace,
  },
  {
    name: 'a run without an end goes on until STOP, and while no host listens',
    needs: ['REALTIME'],
    run: goesOnAlone,
  },
];

/** A tick, and the milliseconds of the board's clock between which it was the next to run. */
interface Look {
  readonly tick: number;
  readonly notBefore: number;
  readonly notAfter: number;
}

async function look(host: BareHost): Promise<Look> {
  const notBefore = (await host.expectReply('INFO', {}, 'INFO_REPLY')).uptime;
  const { tick } = await host.ok('PING', {});
  const notAfter = (await host.expectReply('INFO', {}, 'INFO_REPLY')).uptime;
  return { tick, notBefore, notAfter };
}

/** No clock but the board's own is asked, so neither the line nor a computer under load can make it fail. */
async function keepsPace(context: CaseContext): Promise<void> {
  const host = await startRelay(context);
  await host.ok('RUN_REALTIME', { ...runFields, ticks: 0, tickMicroseconds });
  const seen: Look[] = [];
  for (let n = 0; n < looks; n++) {
    seen.push(await look(host));
    await waitForTick(context, host, seen.at(-1)!.tick + 25);
    context.progress(n / looks, `tick ${seen.at(-1)!.tick}`);
  }
  await host.ok('STOP', {});
  const done = await host.stream('RUN_DONE');
  const overrun = done.overrunTicks > 0;
  const slack = context.facts.info.clockHz === 0 ? computerSlack : 0;
  same((done.flags & runDoneFlags.value.OVERRUN) !== 0, overrun, 'flag OVERRUN, beside overrunTicks');
  for (const [from, to] of seen.flatMap((a, n) => seen.slice(n + 1).map((b) => [a, b] as const))) {
    const ticks = to.tick - from.tick;
    const ms = tickMicroseconds / 1000;
    // A tick may be run anywhere within its time; a board that lagged may catch up.
    const most = (to.notAfter + 1 - from.notBefore + slack) / ms + 2 + done.overrunTicks;
    const least = (to.notBefore - from.notAfter - 1 - slack) / ms - 2;
    check(ticks <= most, 'the ticks are faster than the board’s clock', { ticks, most, from, to });
    if (!overrun)
      check(ticks >= least, 'the ticks are slower than the board’s clock', { ticks, least, from, to });
  }
  const [first, last] = [seen[0]!, seen.at(-1)!];
  const length = (last.notBefore - first.notBefore) / (last.tick - first.tick);
  context.measure('a tick of 2 ms, by the board’s clock', length, 'ms');
  context.measure('ticks overrun', done.overrunTicks, `of ${done.ticksRun}`);
  context.measure('longest tick', done.worstTick, 'µs');
}

async function goesOnAlone(context: CaseContext): Promise<void> {
  const host = await startRelay(context);
  await host.ok('RUN_REALTIME', { ...runFields, ticks: 0, tickMicroseconds });
  const before = await waitForTick(context, host, 10);
  await context.closeAll();
  const wait = (25 * tickMicroseconds * context.device.patience) / 1000;
  await new Promise((resolve) => setTimeout(resolve, Math.min(wait, 1000)));
  const again = await context.host();
  const after = await waitForTick(context, again, before + 25);
  await again.ok('STOP', {});
  const done = await again.stream('RUN_DONE');
  same(done.end, runEnds.value.STOPPED, 'why the run ended');
  check(done.ticksRun >= after && done.ticksRun === done.tick, 'ticks of the run are missing', {
    after,
    ticksRun: done.ticksRun,
    tick: done.tick,
  });
}

async function startRelay(context: CaseContext): Promise<BareHost> {
  const board = await context.board();
  await board.load(compileFor(context.target, relayNetwork(lines)).bytes, { skipSame: true });
  await board.reset();
  return context.host();
}

/** Waits until the run has come to a tick; gives the one it is at. */
async function waitForTick(context: CaseContext, host: BareHost, wanted: number): Promise<number> {
  for (;;) {
    context.signal.throwIfAborted();
    const { tick } = await host.ok('PING', {});
    if (tick >= wanted) return tick;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
