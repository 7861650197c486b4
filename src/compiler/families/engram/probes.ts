import type { HostProbe, ProbeRecord } from '../../../image/image.js';
import { type VariableName, variableCodes } from '../../../image/layout.js';
import type { ResolvedNetwork, ResolvedProbe } from '../../../network/resolved.js';
import type { Placement } from '../../passes.js';
import type { AllocatedCore } from './allocate.js';

/** Turns each probe into records of one core and one run of indices; spike probes become population flags instead. */
export function imageProbes(
  network: ResolvedNetwork,
  placement: Placement,
  allocated: readonly AllocatedCore[],
): { records: ProbeRecord[]; host: HostProbe[] } {
  const records: ProbeRecord[] = [];
  const host: HostProbe[] = [];
  for (const probe of network.probes) {
    if (probe.variable === 'spikes') continue;
    const first = records.length;
    records.push(
      ...(probe.kind === 'population' ? neuronRuns(probe, placement) : synapseRuns(probe, allocated)).map(
        (run) => ({
          ...run,
          variable: variableCodes[probe.variable as VariableName],
          everyTicks: probe.everyTicks,
          reserved: 0,
        }),
      ),
    );
    host.push({ name: probe.name, first, count: records.length - first });
  }
  return { records, host };
}

type Run = Pick<ProbeRecord, 'core' | 'first' | 'count'>;

function neuronRuns(probe: ResolvedProbe, placement: Placement): Run[] {
  return placement.flatMap((slices, core) => {
    let local = 0;
    return slices.flatMap((slice): Run[] => {
      const base = local;
      local += slice.count;
      const first = Math.max(slice.first, probe.first);
      const end = Math.min(slice.first + slice.count, probe.first + probe.count);
      if (slice.population !== probe.index || first >= end) return [];
      return [{ core, first: base + first - slice.first, count: end - first }];
    });
  });
}

function synapseRuns(probe: ResolvedProbe, allocated: readonly AllocatedCore[]): Run[] {
  return allocated.flatMap(({ blocks }, core) =>
    blocks
      .filter(({ projection }) => projection === probe.index)
      .map((block) => ({ core, first: block.firstSynapse, count: block.synapseCount })),
  );
}
