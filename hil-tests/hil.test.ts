import { expect, test } from 'vitest';
import { loadTarget } from '../src/compiler/load-target.js';
import { virtualKind } from '../src/runtime/virtual-board-kind.js';
import { conformance } from './conformance/suite.js';
import { startedDevice } from './framework/device.js';
import { quick } from './framework/options.js';
import { runSuites } from './framework/run-suites.js';

test('the virtual board passes', async () => {
  const started = await virtualKind(loadTarget('pico')).start();
  const report = await runSuites(startedDevice('virtual', started), [conformance], quick);
  for (const { cases } of report.suites)
    for (const c of cases) if (c.outcome !== 'passed' || c.milliseconds > 2000) console.log(c);
  expect(report.failed).toBe(0);
});
