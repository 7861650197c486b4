import type { RuleText } from '../../network/description.js';

/** Constants of a kind of recurrent network, in membrane units; the threshold is 0.6. Found by search, see the page. */
export interface CueKind {
  /** Shares of the neurons. */
  readonly populations: readonly ('lif' | 'alif')[];
  readonly tauMembrane: string;
  /** Standard deviations of the first weights times the square root of the number of sources. */
  readonly scale: { readonly cues: number; readonly recurrent: number; readonly readout: number };
  /** Largest weights onto the neurons; those onto the readouts may be up to 0.99. */
  readonly range: number;
  /** Learning rates of the weights from the cues, between the neurons, and onto the readouts. */
  readonly rate: { readonly cues: number; readonly recurrent: number; readonly readout: number };
}

export const threshold = 0.6;
/** What a spike adds to an adaptive threshold, and how long that lasts: longer than the cues have to be kept. */
export const adaptation = { tau: '5 s', step: 0.05 } as const;

export const cueKinds: Readonly<Record<'lif+alif' | 'lif', CueKind>> = {
  'lif+alif': {
    populations: ['lif', 'alif'],
    tauMembrane: '20 ms',
    scale: { cues: 1, recurrent: 0.4, readout: 0.3 },
    range: 0.99,
    rate: { cues: 4e-3, recurrent: 4e-3, readout: 5e-5 },
  },
  lif: {
    populations: ['lif'],
    tauMembrane: '1 s',
    scale: { cues: 0.15, recurrent: 0.05, readout: 0.1 },
    range: 0.49,
    rate: { cues: 4e-4, recurrent: 4e-4, readout: 2e-4 },
  },
};

/** `eprop` with a trace that does not saturate when it lasts for a second: it steps by a sixteenth. */
export const slowEprop: RuleText = {
  dt: '16*h*x1*h0',
  dw: 'rate*l*t',
  x1: { tau: 'tauMembrane', impulse: 1 / 16 },
  tag: { tau: 'tauReadout', range: 256 },
  averaging: 'averaging',
  parameters: { rate: 1e-4, tauMembrane: '1 s', tauReadout: '20 ms', averaging: '8 ms' },
};
