import type { MessageFields } from '../../firmware-protocol/codec/values.js';
import { capabilities } from '../../firmware-protocol/declaration/session.js';
import { listTargets } from '../../src/compiler/load-target.js';
import type { Target } from '../../src/compiler/target.js';
import { EngramError, isEngramError } from '../../src/errors/engram-error.js';
import { BareHost } from './bare-host.js';
import { fail } from './check.js';
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
  { signal, ...watcher }: HilWatcher & { readonly signal?: AbortSignal } = {},
): Promise<HilReport> {
  const facts = await askBoard(device);
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
    facts = {},
  ) => ({
    name: one.name,
    outcome,
    reason,
    facts,
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
    await Promise.race([one.run(context), tooLong(signal, `not done after ${seconds} s`)]);
    return result('passed', null, context);
  } catch (error) {
    if (around.signal?.aborted) throw new EngramError('E0104', 'interrupted', { cause: error });
    if (error instanceof NotApplicable) return result('not-applicable', error.message, context);
    const known = isEngramError(error) ? error : null;
    const reason = known ? `${known.code}: ${known.message}` : String((error as Error)?.stack ?? error);
    return result('failed', reason, context, known?.context ?? {});
  } finally {
    clearTimeout(timer);
    await context.closeAll();
  }
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

async function askBoard(device: TestDevice): Promise<BoardFacts> {
  const host = new BareHost(await device.connect(), device.patience);
  try {
    const reply = await host.sayHello();
    if (reply.name !== 'HELLO_REPLY') fail('the board refused HELLO', { error: reply.fields });
    // A run that another host left behind would make everything BUSY.
    await host.ok('STOP', {});
    const info = await host.ask('INFO', {});
    return { hello: reply.fields, info: info.fields as MessageFields<'INFO_REPLY'> };
  } finally {
    await host.close();
  }
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
