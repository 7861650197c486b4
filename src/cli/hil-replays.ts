import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { HilReport } from '../../hil-tests/framework/run-suites.js';
import type { CaseResult } from '../../hil-tests/framework/suite.js';
import { writeWhole } from './files.js';

/** Where the replay of a failed case was written. */
export type ReplayFiles = ReadonlyMap<CaseResult, string>;

/** Writes a replay file for each difference between board and emulator. Throws E0103. */
export async function writeReplays(report: HilReport, folder: string): Promise<ReplayFiles> {
  const files = new Map<CaseResult, string>();
  for (const { name, cases } of report.suites)
    for (const one of cases) {
      if (one.replay === null) continue;
      await mkdir(folder, { recursive: true });
      const path = join(folder, `replay-${name}-${files.size + 1}.json`);
      await writeWhole(path, `${JSON.stringify(one.replay)}\n`);
      files.set(one, path);
    }
  return files;
}

/** The report with the files in place of what is in them. */
export function withFiles(report: HilReport, files: ReplayFiles) {
  const suites = report.suites.map(({ cases, ...suite }) => ({
    ...suite,
    cases: cases.map((one) => ({ ...one, replay: files.get(one) ?? null })),
  }));
  return { ...report, suites };
}
