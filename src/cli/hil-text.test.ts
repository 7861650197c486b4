import { expect, test } from 'vitest';
import { quick } from '../../hil-tests/framework/options.js';
import type { HilReport } from '../../hil-tests/framework/run-suites.js';
import type { CaseResult } from '../../hil-tests/framework/suite.js';
import type { ErrorCode } from '../errors/codes.js';
import { hilExitCode, hilText } from './hil-text.js';
import { junitXml } from './junit.js';

function result(name: string, code: ErrorCode | null, outcome: CaseResult['outcome'] = 'failed'): CaseResult {
  const reason = outcome === 'passed' ? null : `${name} <because> of "this" & that \u0000`;
  return { name, outcome, reason, code, facts: { tick: 7 }, replay: null, measured: {}, milliseconds: 1500 };
}

function report(...cases: CaseResult[]): HilReport {
  return {
    board: { name: 'a board', target: 'pico', firmware: 'engram', serial: '1' },
    options: quick,
    suites: [{ name: 'one', title: 'one', cases }],
    passed: cases.filter(({ outcome }) => outcome === 'passed').length,
    failed: cases.filter(({ outcome }) => outcome === 'failed').length,
    notApplicable: cases.filter(({ outcome }) => outcome === 'not-applicable').length,
  };
}

test('the exit code: 10 if all that failed is that a task was not learnt, 8 if the board is wrong', () => {
  expect(hilExitCode(report(result('a', null, 'passed'), result('b', null, 'not-applicable')))).toBe(0);
  expect(hilExitCode(report(result('a', 'E0805')))).toBe(10);
  expect(hilExitCode(report(result('a', 'E0805'), result('b', 'E1002')))).toBe(8);
  expect(hilExitCode(report(result('a', 'E0805'), result('b', null)))).toBe(8);
});

test('JUnit XML has every case, and no character that XML does not have', () => {
  const xml = junitXml(
    report(result('a', 'E1001'), result('b', null, 'passed'), result('c', null, 'not-applicable')),
  );
  expect(xml).toContain('<testsuite name="a board.one" tests="3" failures="1" skipped="1" time="4.500">');
  expect(xml).toContain('<failure message="a &lt;because&gt; of &quot;this&quot; &amp; that ">');
  expect(xml).toContain('<testcase classname="a board.one" name="b" time="1.500"/>');
  expect(xml).toContain('<skipped message="c &lt;because&gt;');
  expect(xml).not.toContain('\u0000');
});

test('the summary tells what failed, with its facts and how to run it again', () => {
  const failed = result('a', 'E1002');
  const text = hilText(report(failed), new Map([[failed, 'replay-one-1.json']]));
  expect(text).toContain('failed one: a');
  expect(text).toMatch(/tick +7/);
  expect(text).toContain('engram hil --replay replay-one-1.json');
  expect(text).toContain('1 of 1 cases failed');
});
