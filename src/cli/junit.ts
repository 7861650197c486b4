import type { HilReport } from '../../hil-tests/framework/run-suites.js';
import type { CaseResult } from '../../hil-tests/framework/suite.js';

/** A report as JUnit XML, as continuous integration reads it. */
export function junitXml(report: HilReport): string {
  const suites = report.suites.map(({ name, cases }) => {
    const count = (outcome: CaseResult['outcome']) => cases.filter((one) => one.outcome === outcome).length;
    const head = attributes({
      name: `${report.board.name}.${name}`,
      tests: cases.length,
      failures: count('failed'),
      skipped: count('not-applicable'),
      time: seconds(cases),
    });
    return `  <testsuite${head}>\n${cases.map((one) => caseXml(`${report.board.name}.${name}`, one)).join('')}  </testsuite>\n`;
  });
  const all = report.suites.flatMap(({ cases }) => cases);
  const head = attributes({
    name: 'engram hil',
    tests: all.length,
    failures: report.failed,
    time: seconds(all),
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${head}>\n${suites.join('')}</testsuites>\n`;
}

function caseXml(suite: string, one: CaseResult): string {
  const head = `    <testcase${attributes({ classname: suite, name: one.name, time: seconds([one]) })}`;
  const values = Object.entries(one.measured).map(
    ([name, { value, unit }]) => `        <property${attributes({ name: `${name} (${unit})`, value })}/>\n`,
  );
  const inside = [
    values.length > 0 ? `      <properties>\n${values.join('')}      </properties>\n` : '',
    one.outcome === 'not-applicable' ? `      <skipped${attributes({ message: one.reason ?? '' })}/>\n` : '',
    one.outcome === 'failed'
      ? `      <failure${attributes({ message: one.reason ?? '' })}>${escaped(JSON.stringify(one.facts, null, 1))}</failure>\n`
      : '',
  ].join('');
  return inside === '' ? `${head}/>\n` : `${head}>\n${inside}    </testcase>\n`;
}

function seconds(cases: readonly CaseResult[]): string {
  return (cases.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 does not have are left out. */
function escaped(text: string): string {
  return text
    .replaceAll(/[&<>"]/g, (character) => entities[character]!)
    .replaceAll(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, '');
}
