import type { MessageName } from '../../firmware-protocol/declaration/messages.js';
import { isEngramError } from '../../src/errors/engram-error.js';
import type { Draw } from '../../src/network/drawn-values.js';
import type { PowerSwitch } from '../../src/runtime/board-kind.js';
import { upload } from '../conformance/loaded.js';
import { check } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { type HilCase, NotApplicable } from '../framework/suite.js';
import { drawOf } from '../lockstep/drawn-set.js';
import { compileFor } from '../networks/for-target.js';
import { practiceNetwork } from '../networks/practice.js';
import { KeptBoard, type KnownState } from './kept-board.js';

const needs = ['NONVOLATILE', 'POWER'] as const;
const mostBytes = 1 << 26;
const offMilliseconds = 3000;

export const powerCutCases: readonly HilCase[] = [
  {
    name: 'power that fails while saving leaves the older state or the newer one',
    needs,
    seconds: 3600,
    run: cutSaves,
  },
  {
    name: 'power that fails during the first save leaves nothing or the state',
    needs,
    seconds: 1800,
    async run(context) {
      const [kept, power] = await start(context);
      const draw = drawOf(context.options.seed + 1);
      await kept.host.ok('STATE_FORGET', {});
      const bytes = await bytesWritten(context, kept, 'STATE_SAVE', forget);
      for (let n = 0, cuts = fewer(context); n < cuts; n++) {
        await forget(kept);
        await kept.run(draw.integer(1, 30));
        const fresh = kept.state();
        const done = await cutDuring(power, drawBytes(draw, bytes), () => kept.host.ok('STATE_SAVE', {}));
        await turnOn(context, power);
        const found = await kept.find(fresh);
        check(found !== null || !done, 'a save that was answered OK is gone', { cut: n });
        if (found === null) await kept.load(1);
        context.progress((n + 1) / cuts, `${n + 1} cuts`);
      }
    },
  },
  {
    name: 'power that fails during an upload leaves what was saved',
    needs,
    seconds: 1800,
    async run(context) {
      const [kept, power] = await start(context);
      const draw = drawOf(context.options.seed + 2);
      const saved = kept.state();
      const other = compileFor(context.target, practiceNetwork(2));
      const send = () => upload(kept.host, other.bytes, other.image.contentHash);
      let cut = 0;
      for (let n = 0, cuts = fewer(context); n < cuts; n++) {
        if (!(await cutDuring(power, draw.integer(0, other.bytes.length), send))) cut++;
        await turnOn(context, power);
        check((await kept.find(saved)) !== null, 'what was saved is gone after an upload that broke off', {
          cut: n,
        });
        context.progress((n + 1) / cuts, `${n + 1} cuts`);
      }
      context.measure('uploads cut', cut, 'uploads');
      await kept.run(50);
    },
  },
  {
    name: 'power that fails while forgetting leaves what was saved, or nothing',
    needs,
    seconds: 1800,
    async run(context) {
      const [kept, power] = await start(context);
      const draw = drawOf(context.options.seed + 3);
      const bytes = await bytesWritten(context, kept, 'STATE_FORGET', save);
      for (let n = 0, cuts = fewer(context); n < cuts; n++) {
        await kept.run(draw.integer(1, 30));
        await kept.host.ok('STATE_SAVE', {});
        const saved = kept.state();
        const done = await cutDuring(power, drawBytes(draw, bytes), () => kept.host.ok('STATE_FORGET', {}));
        await turnOn(context, power);
        const found = await kept.find(saved);
        check(found === null || !done, 'a state that was forgotten is there', { cut: n });
        if (found === null) await kept.load(1);
        context.progress((n + 1) / cuts, `${n + 1} cuts`);
      }
    },
  },
];

async function cutSaves(context: CaseContext): Promise<void> {
  const [kept, power] = await start(context);
  const draw = drawOf(context.options.seed);
  const { powerCuts } = context.options;
  const bytes = await bytesWritten(context, kept, 'STATE_SAVE', async () => {});
  context.measure('bytes erased and programmed by a save', bytes, 'bytes');
  await kept.run(10);
  await kept.host.ok('STATE_SAVE', {});
  let older: KnownState = kept.state();
  const outcomes = { older: 0, newer: 0, 'not cut': 0 };
  for (let n = 0; n < powerCuts; n++) {
    await kept.run(draw.integer(1, 30));
    const newer = kept.state();
    const done = await cutDuring(power, drawBytes(draw, bytes), () => kept.host.ok('STATE_SAVE', {}));
    await turnOn(context, power);
    const found = await kept.find(older, newer);
    check(found !== null, 'after the power failed neither the older nor the newer state is there', {
      cut: n,
    });
    check(found === newer || !done, 'a save that was answered OK is gone', { cut: n });
    outcomes[done ? 'not cut' : found === newer ? 'newer' : 'older']++;
    older = found!;
    context.progress((n + 1) / powerCuts, `${n + 1} cuts`);
  }
  await kept.run(100);
  context.measure('power cuts', powerCuts, 'cuts');
  context.measure('came back older', outcomes.older, 'times');
  context.measure('came back newer, though not answered', outcomes.newer, 'times');
  context.measure('done before the cut', outcomes['not cut'], 'times');
}

async function start(context: CaseContext): Promise<[KeptBoard, PowerSwitch]> {
  const kept = await KeptBoard.start(context);
  await kept.run(50);
  await kept.host.ok('STATE_SAVE', {});
  return [kept, context.device.power!];
}

const save = (kept: KeptBoard) => kept.host.ok('STATE_SAVE', {});
const forget = (kept: KeptBoard) => kept.host.ok('STATE_FORGET', {});

function fewer({ options }: CaseContext): number {
  return Math.max(3, Math.floor(options.powerCuts / 10));
}

/** Anywhere in the operation, more often near its begin and its end, seldom behind it. */
function drawBytes(draw: Draw, bytes: number): number {
  const near = Math.min(600, bytes);
  return draw.oneOf(
    draw.integer(0, bytes),
    draw.integer(0, bytes),
    draw.integer(0, near),
    draw.integer(bytes - near, bytes + 64),
  );
}

/** Whether it was done before the power failed. */
async function cutDuring(power: PowerSwitch, bytes: number, act: () => Promise<unknown>): Promise<boolean> {
  await power.cutAfter(bytes);
  try {
    await act();
    return true;
  } catch (error) {
    if (!isEngramError(error)) throw error;
    check(await goesOff(power), `the board failed while it had power: ${error.message}`);
    return false;
  }
}

/** The line may break a little before the board is known to be off. */
async function goesOff(power: PowerSwitch): Promise<boolean> {
  for (const end = performance.now() + offMilliseconds; !(await power.isOff()); ) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return true;
}

async function turnOn(context: CaseContext, power: PowerSwitch): Promise<void> {
  await context.closeAll();
  await power.cycle();
  await context.awaitBoard(true);
}

/** Bytes of non-volatile memory that a request erases and programs, found by cutting the power ever later. */
async function bytesWritten(
  context: CaseContext,
  kept: KeptBoard,
  name: Extract<MessageName, 'STATE_SAVE' | 'STATE_FORGET'>,
  prepare: (kept: KeptBoard) => Promise<unknown>,
): Promise<number> {
  const power = context.device.power!;
  const isEnough = async (bytes: number) => {
    if (kept.host.hello.imageHash === 0) await kept.load(1);
    await prepare(kept);
    const done = await cutDuring(power, bytes, () => kept.host.ok(name, {}));
    await turnOn(context, power);
    kept.host = await context.host();
    return done;
  };
  let [low, high] = [0, 256];
  while (!(await isEnough(high))) {
    [low, high] = [high, high * 2];
    if (high > mostBytes) throw new NotApplicable('the power does not fail here when memory is written');
  }
  while (high - low > 256) {
    const middle = (low + high) >>> 1;
    if (await isEnough(middle)) high = middle;
    else low = middle;
  }
  await kept.load(1);
  return high;
}
