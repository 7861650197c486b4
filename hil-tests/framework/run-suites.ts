import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { capabilities } from '../../firmware-protocol/declaration/session.js';
import { listTargets } from '../../src/compiler/load-target.js';
import type { Target } from '../../src/compiler/target.js';
import { EngramError, isEngramError } from '../../src/errors/engram-error.js';
import type { Replay } from '../replay/replay.js';
import { awaitHost } from './await-host.js';
import { type BoardFacts, CaseContext } from './context.js';
import type { TestDevice } from './device.js';
import type { HilOptions } from './options.js';
import {
  type CaseResult,
  type HilCase,
  type HilSuite,
  type Need,
  NotApplicable,
  type SuiteResult,
} from './suite.js';

export interface HilReport {
  readonly board: {
    readonly name: string;
    readonly target: string;
    readonly firmware: string;
    readonly serial: string;
  };
  readonly options: HilOptions;
  readonly suites: readonly SuiteResult[];
  readonly passed: number;
  readonly failed: number;
  readonly notApplicable: number;
}

export interface HilSession extends HilWatcher {
  readonly signal?: AbortSignal;
  /** Whether the board may lose what it holds. Without it a board with an image is left alone (E0101). */
  readonly mayOverwrite?: boolean;
}

export interface HilWatcher {
  onCase?(suite: HilSuite, one: HilCase): void;
  onProgress?(done: number, note: string): void;
  onResult?(suite: HilSuite, result: CaseResult): void;
}

const defaultSeconds = 60;

/** Runs suites on a board, case after case; only an abort, or a board that does not answer at all, throws. */
export async function runSuites(
  device: TestDevice,
  suites: readonly HilSuite[],
  options: HilOptions,
  { signal, mayOverwrite = true, ...watcher }: HilSession = {},
): Promise<HilReport> {
  const facts = await askBoard(device, signal);
  if (!mayOverwrite && facts.hello.imageHash !== 0) throw holdsSomething(device);
  const target = targetOf(facts.hello);
  const results: SuiteResult[] = [];
  for (const one of suites) {
    const cases: CaseResult[] = [];
    for (const hilCase of one.cases) {
      if (signal?.aborted) throw new EngramError('E0104', 'interrupted');
      watcher.onCase?.(one, hilCase);
      const result = await runCase(hilCase, { device, target, facts, options, watcher, signal });
      watcher.onResult?.(one, result);
      cases.push(result);
    }
    results.push({ name: one.name, title: one.title, cases });
  }
  const all = results.flatMap(({ cases }) => cases);
  const count = (outcome: CaseResult['outcome']) => all.filter((one) => one.outcome === outcome).length;
  const { target: targetName, firmware, serial } = facts.hello;
  return {
    board: { name: device.name, target: targetName, firmware, serial },
    options,
    suites: results,
    passed: count('passed'),
    failed: count('failed'),
    notApplicable: count('not-applicable'),
  };
}

interface CaseSurroundings {
  readonly device: TestDevice;
  readonly target: Target;
  readonly facts: BoardFacts;
  readonly options: HilOptions;
  readonly watcher: HilWatcher;
  readonly signal: AbortSignal | undefined;
}

async function runCase(one: HilCase, around: CaseSurroundings): Promise<CaseResult> {
  const missing = missingNeed(one.needs ?? [], around);
  const started = performance.now();
  const result = (
    outcome: CaseResult['outcome'],
    reason: string | null,
    context?: CaseContext,
    { code = null, facts = {}, replay = null }: Partial<Pick<CaseResult, 'code' | 'facts' | 'replay'>> = {},
  ) => ({
    name: one.name,
    outcome,
    reason,
    code,
    facts,
    replay,
    measured: context?.measured ?? {},
    milliseconds: Math.round(performance.now() - started),
  });
  if (missing !== null) return result('not-applicable', missing);
  const seconds = (one.seconds ?? defaultSeconds) * around.device.patience;
  const end = new AbortController();
  const signal = around.signal ? AbortSignal.any([end.signal, around.signal]) : end.signal;
  const { device, target, facts, options } = around;
  const progress = (done: number, note: string) => around.watcher.onProgress?.(done, note);
  const context = new CaseContext({ device, target, facts, options, signal, progress });
  const timer = setTimeout(() => end.abort(), seconds * 1000);
  try {
    await turnOnAgain(device, signal);
    await Promise.race([one.run(context), tooLong(signal, `not done after ${seconds} s`)]);
    return result('passed', null, context);
  } catch (error) {
    if (around.signal?.aborted) throw new EngramError('E0104', 'interrupted', { cause: error });
    if (error instanceof NotApplicable) return result('not-applicable', error.message, context);
    const known = isEngramError(error) ? error : null;
    const reason = known ? `${known.code}: ${known.message}` : String((error as Error)?.stack ?? error);
    const { replay = null, ...facts } = (known?.context ?? {}) as { readonly replay?: Replay };
    return result('failed', reason, context, { code: known?.code ?? null, facts, replay });
  } finally {
    clearTimeout(timer);
    await context.closeAll();
  }
}

/** A case that failed may have left the board without power. */
async function turnOnAgain(device: TestDevice, signal: AbortSignal): Promise<void> {
  if (!(await device.power?.isOff())) return;
  await device.power?.cycle();
  await (await awaitHost(device, { signal, restarted: true })).close();
}

function missingNeed(needs: readonly Need[], { device, facts }: CaseSurroundings): string | null {
  for (const need of needs) {
    if (need === 'POWER' && device.power === null) return 'the power of this board cannot be cut from here';
    if (need !== 'POWER' && (facts.hello.capabilities & capabilities.value[need]) === 0)
      return `the board does not have the capability ${need}`;
  }
  return null;
}

function tooLong(signal: AbortSignal, what: string): Promise<never> {
  return new Promise((_, reject) => {
    const onAbort = () => reject(new EngramError('E1001', what));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** Who the board is, once it answers: it may be starting still. */
async function askBoard(device: TestDevice, signal?: AbortSignal): Promise<BoardFacts> {
  const host = await awaitHost(device, { signal, restarted: false });
  try {
    // A run that another host left behind would make everything BUSY.
    await host.ok('STOP', {});
    return { hello: host.hello, info: await host.expectReply('INFO', {}, 'INFO_REPLY') };
  } finally {
    await host.close();
  }
}

function holdsSomething({ name }: TestDevice): EngramError {
  return new EngramError('E0101', `the board at ${name} holds an image, which the tests would replace`, {
    facts: [['at stake', 'the image on the board, its learnt state, and what it has saved']],
    fix: ['let them: --overwrite', 'keep a copy of the weights first: engram run … --weights FILE'],
  });
}

function targetOf({ targetId, target }: MessageFields<'HELLO_REPLY'>): Target {
  const found = listTargets().find(({ id }) => id === targetId);
  if (found) return found;
  throw new EngramError(
    'E0402',
    `the board says it is target ${targetId} ("${target}"), which this engram does not know`,
    {
      fix: ['use the engram version of the firmware, or add targets/<board>/target.json'],
    },
  );
}
