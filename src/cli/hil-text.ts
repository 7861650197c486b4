import { styleText } from 'node:util';
import type { HilReport, HilWatcher } from '../../hil-tests/framework/run-suites.js';
import type { CaseResult, HilSuite } from '../../hil-tests/framework/suite.js';
import { type Difference, differenceText } from '../../hil-tests/replay/replay.js';
import { exitCodes } from '../errors/codes.js';
import type { Console, Progress } from './console.js';
import type { ReplayFiles } from './hil-replays.js';
import { table } from './table.js';

/** Suites and their cases, as `--list` shows them. */
export function caseListText(suites: readonly HilSuite[]): string {
  return suites
    .map(({ name, title, cases }) => [`${name}: ${title}`, ...cases.map((one) => `  ${one.name}`)].join('\n'))
    .join('\n\n');
}

/** Says on a console what the suites are at. */
export function hilWatcher(console: Console, suites: readonly HilSuite[]): HilWatcher {
  const total = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  let done = 0;
  let started = 0;
  let progress: Progress | null = null;
  let label = '';
  return {
    onCase({ name }, one) {
      label = `${String(++done).padStart(String(total).length)}/${total} ${name}: ${one.name}`;
      started = Date.now();
    },
    onProgress(share, note) {
      if (Date.now() - started < 1000) return;
      progress ??= console.progress(label);
      progress.update(share, note);
    },
    onResult(_suite, result) {
      progress?.end(resultWord(result));
      if (!progress) console.say(`${label} ${resultWord(result)}`);
      progress = null;
    },
  };
}

function resultWord({ outcome, reason, milliseconds, measured }: CaseResult): string {
  if (outcome === 'not-applicable') return `– ${reason}`;
  const values = Object.entries(measured).map(
    ([name, { value, unit }]) => `${name} ${number(value)} ${unit}`,
  );
  const took = milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(1)} s` : '';
  const rest = [took, ...values].filter(Boolean).join(', ');
  return outcome === 'passed' ? `✓ ${rest}` : `✗ ${rest}\n    ${reason}`;
}

function number(value: number): string {
  return Number.isInteger(value) ? value.toLocaleString('en') : String(Number(value.toPrecision(4)));
}

/** The summary: a row a suite, what failed with its facts, what was measured. */
export function hilText(report: HilReport, replayFiles: ReplayFiles): string {
  const paint = (format: 'red' | 'green' | 'bold', text: string) =>
    styleText(format, text, { stream: process.stdout, validateStream: true });
  const { board, suites } = report;
  const of = (cases: readonly CaseResult[], outcome: CaseResult['outcome']) =>
    cases.filter((one) => one.outcome === outcome).length;
  const rows = suites.map(({ name, cases }) => [
    name,
    of(cases, 'passed'),
    of(cases, 'failed'),
    of(cases, 'not-applicable'),
    `${(cases.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(1)} s`,
  ]);
  const parts = [
    `${board.name}: ${board.firmware}, target ${board.target}, serial ${board.serial}, seed ${report.options.seed}`,
    table(['suite', 'passed', 'failed', 'not applicable', 'time'], rows),
  ];
  const measured = suites.flatMap(({ name, cases }) =>
    cases.flatMap((one) =>
      Object.entries(one.measured).map(([what, { value, unit }]) => [name, what, value, unit]),
    ),
  );
  if (measured.length > 0) parts.push(table(['suite', 'measured', 'value', 'unit'], measured));
  for (const { name, cases } of suites)
    for (const one of cases)
      if (one.outcome === 'failed') parts.push(failureText(name, one, replayFiles.get(one), paint));
  parts.push(
    report.failed === 0
      ? paint('green', `all ${report.passed} cases passed`)
      : paint('red', `${report.failed} of ${report.passed + report.failed} cases failed`),
  );
  return parts.join('\n\n');
}

function failureText(
  suite: string,
  { name, reason, facts }: CaseResult,
  replayFile: string | undefined,
  paint: (format: 'red' | 'bold', text: string) => string,
): string {
  const lines = [`${paint('red', 'failed')} ${paint('bold', `${suite}: ${name}`)}`, `  ${reason}`];
  const { differences = [], ...rest } = facts as { readonly differences?: readonly Difference[] };
  for (const one of differences) lines.push(`  differs    ${differenceText(one)}`);
  for (const [label, value] of Object.entries(rest))
    lines.push(`  ${label.padEnd(10)} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  if (replayFile) lines.push(`  run again  engram hil --replay ${replayFile} --board …`);
  return lines.join('\n');
}

/** 0; 8 where the board is wrong; 10 where all that failed is that a task was not learnt. */
export function hilExitCode(report: HilReport): number {
  const failed = report.suites.flatMap(({ cases }) => cases.filter(({ outcome }) => outcome === 'failed'));
  if (failed.length === 0) return exitCodes.ok;
  return failed.every(({ code }) => code === 'E0805') ? exitCodes.expectation : exitCodes.mismatch;
}
