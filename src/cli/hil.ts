import { attachedDevice, startedDevice, type TestDevice } from '../../hil-tests/framework/device.js';
import { type HilOptions, quick, standard, thorough } from '../../hil-tests/framework/options.js';
import { runSuites } from '../../hil-tests/framework/run-suites.js';
import type { HilSuite } from '../../hil-tests/framework/suite.js';
import { readReplay } from '../../hil-tests/replay/replay.js';
import { replayFailure, runReplay } from '../../hil-tests/replay/run-replay.js';
import { hilSuites } from '../../hil-tests/suites.js';
import { EngramError } from '../errors/engram-error.js';
import { boardKind, checkAvailable } from './board-kinds.js';
import type { Console } from './console.js';
import { writeWhole } from './files.js';
import { withFiles, writeReplays } from './hil-replays.js';
import { caseListText, hilExitCode, hilText, hilWatcher } from './hil-text.js';
import { junitXml } from './junit.js';
import { type BoardOptions, isAttached, openLine, targetOf } from './open-board.js';

export interface HilCommandOptions extends BoardOptions, Partial<HilOptions> {
  target?: string;
  way?: string;
  suite?: string[];
  case?: string;
  list?: boolean;
  quick?: boolean;
  thorough?: boolean;
  overwrite?: boolean;
  junit?: string;
  replays: string;
  replay?: string;
}

interface Context {
  readonly console: Console;
  readonly signal: AbortSignal;
  readonly options: HilCommandOptions;
}

/** `engram hil`. Its exit code tells how the board fared: 0, or that of the failures. */
export async function hil({ console, signal, options }: Context): Promise<void> {
  const suites = chosenSuites(options);
  if (options.list)
    return console.result(
      {
        ok: true,
        suites: suites.map(({ name, title, cases }) => ({ name, title, cases: cases.map((c) => c.name) })),
      },
      caseListText(suites),
    );
  if (options.replay !== undefined) return replay(options.replay, { console, signal, options });
  const opened = await openDevice(options, signal);
  try {
    const report = await runSuites(opened.device, suites, thoroughness(options), {
      signal,
      mayOverwrite: !isAttached(options) || options.overwrite === true,
      ...hilWatcher(console, suites),
    });
    if (options.junit !== undefined) await writeWhole(options.junit, junitXml(report));
    const files = await writeReplays(report, options.replays);
    console.result({ ok: report.failed === 0, ...withFiles(report, files) }, hilText(report, files));
    process.exitCode = hilExitCode(report);
  } finally {
    await opened.close();
  }
}

/** `engram hil --replay`: throws E1002 unless board and emulator agree this time. */
async function replay(path: string, { console, signal, options }: Context): Promise<void> {
  const file = await readReplay(path);
  const standIn = options.board === 'virtual' && options.target === undefined ? { target: file.target } : {};
  const opened = await openDevice({ ...options, ...standIn }, signal);
  try {
    const result = await runReplay(opened.device, file, signal);
    if (result.outcome !== 'agrees') throw replayFailure(result);
    console.result(
      { ok: true, ...result },
      `${file.network}: board and emulator agree up to tick ${file.fromTick + file.ticks}; the file says they parted in tick ${file.expected.tick}`,
    );
  } finally {
    await opened.close();
  }
}

function chosenSuites({ suite, case: text }: HilCommandOptions): HilSuite[] {
  const names = hilSuites.map(({ name }) => name);
  const unknown = suite?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new EngramError('E0101', `there is no suite '${unknown}'`, {
      facts: [['suites', names.join(', ')]],
    });
  const chosen = hilSuites
    .filter(({ name }) => suite?.includes(name) ?? true)
    .map((one) => ({ ...one, cases: one.cases.filter(({ name }) => name.includes(text ?? '')) }))
    .filter(({ cases }) => cases.length > 0);
  if (chosen.length > 0) return chosen;
  throw new EngramError('E0101', `no case has '${text}' in its name`, {
    fix: ['see them with: engram hil --list'],
  });
}

function thoroughness(options: HilCommandOptions): HilOptions {
  if (options.quick && options.thorough)
    throw new EngramError('E0101', '--quick and --thorough exclude each other');
  const base = options.quick ? quick : options.thorough ? thorough : standard;
  const named = Object.keys(base).map((name) => [name, options[name as keyof HilOptions]] as const);
  return { ...base, ...Object.fromEntries(named.filter(([, value]) => value !== undefined)) };
}

async function openDevice(
  options: HilCommandOptions,
  signal: AbortSignal,
): Promise<{ device: TestDevice; close(): Promise<void> }> {
  if (isAttached(options)) {
    const { board, port, tcp } = options;
    const name = port ?? (tcp ? `${tcp.host}:${tcp.port}` : board);
    return { device: attachedDevice(name, () => openLine(options)), close: async () => {} };
  }
  const kind = await boardKind(options.board, await targetOf(options));
  await checkAvailable(kind);
  const started = await kind.start({ signal });
  if (options.way !== undefined && !started.ways.includes(options.way)) {
    await started.close();
    throw new EngramError('E0101', `board '${kind.name}' has no way in '${options.way}'`, {
      facts: [['ways', started.ways.join(', ')]],
    });
  }
  return { device: startedDevice(kind.name, started, options.way), close: () => started.close() };
}
