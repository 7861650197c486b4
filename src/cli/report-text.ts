import type { CompileReport } from '../compiler/report.js';
import { table } from './table.js';

/** The compiler's report for a person: a few lines, or everything. */
export function reportText(report: CompileReport, detail: 'short' | 'full'): string {
  const busiest = report.cores.reduce((a, b) => (b.memory.total > a.memory.total ? b : a));
  const share = (busiest.memory.total / report.limits.memoryBytes) * 100;
  const summary = [
    `network ${report.network} on ${report.target}: ${count(report.neurons, 'neuron')}, ${count(report.synapses, 'synapse')}, ${count(report.cores.length, 'core')}`,
    `memory  ${busiest.memory.total.toLocaleString('en')} of ${report.limits.memoryBytes.toLocaleString('en')} bytes on the fullest core (${share.toFixed(1)} %)`,
    costLine(report),
  ].join('\n');
  if (detail === 'short') return summary;
  return [
    summary,
    `routes  ${report.routes.total.toLocaleString('en')}, of them ${report.routes.betweenCores.toLocaleString('en')} between cores (mean ${report.routes.meanHops.toFixed(1)} hops)`,
    section('Populations', populations(report)),
    section('Projections (errors in membrane units)', projections(report)),
    section('Cores (bytes of memory by kind)', cores(report)),
    ...report.warnings.map((warning) => `warning: ${warning}`),
  ].join('\n');
}

function costLine({ cost }: CompileReport): string {
  const basis = cost.measured ? 'counted cycles' : 'estimated cycles';
  return `tick    ${cost.cyclesPerTick.toLocaleString('en')} ${basis} at ${cost.rateHz} Hz, ${(cost.shareOfTick * 100).toFixed(1)} % of a tick`;
}

function populations(report: CompileReport): string {
  return table(
    ['name', 'model', 'size', 'steps to threshold'],
    report.populations.map(({ name, model, size, thresholdSteps }) => [
      name,
      model,
      size,
      model === 'input' || model === 'readout' ? '–' : thresholdSteps.toLocaleString('en'),
    ]),
  );
}

function projections(report: CompileReport): string {
  return table(
    ['name', 'synapses', 'storage', 'step', 'max error', 'RMS error', 'rule error', 'tag reaches'],
    report.projections.map((row) => [
      row.name,
      row.synapses,
      row.storage,
      row.step,
      row.maxError,
      row.rmsError,
      row.coefficientError === null ? 'static' : `${(row.coefficientError * 100).toFixed(2)} %`,
      reaches(row.tagReachMilliseconds, row.tag2ReachMilliseconds),
    ]),
  );
}

function cores(report: CompileReport): string {
  const { limits } = report;
  return table(
    [
      'core',
      'neurons',
      'axons',
      'synapses',
      'routes',
      'neuron B',
      'axon B',
      'synapse B',
      'route B',
      'buffer B',
      'total B',
    ],
    [
      ...report.cores.map(({ neurons, axons, synapses, routes, memory }, core) => [
        String(core),
        neurons,
        axons,
        synapses,
        routes,
        memory.neurons,
        memory.axons,
        memory.synapses,
        memory.routes,
        memory.episodes,
        memory.total,
      ]),
      [
        'limit',
        limits.neurons,
        limits.axons,
        limits.synapses,
        '–',
        '–',
        '–',
        '–',
        '–',
        '–',
        limits.memoryBytes,
      ],
    ],
  );
}

/** How far back the tags of a projection reach: of one tag, or of both. */
function reaches(...tags: readonly (number | null)[]): string {
  const present = tags.filter((tag) => tag !== null);
  return present.length === 0 ? '–' : present.map(duration).join(' / ');
}

function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'for ever';
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 120 ? `${seconds.toFixed(1)} s` : `${(seconds / 60).toFixed(1)} min`;
}

function section(title: string, body: string): string {
  return `\n${title}\n${body.replace(/^/gm, '  ')}`;
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}
