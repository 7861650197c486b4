import { factorCodes } from '../../../src/image/layout.js';
import { writeColumnWalk } from './column-walk.js';
import { forDueRows } from './deliver-kernels.js';
import type { Kernel } from './kernel-table.js';
import { coreRecord } from './records.js';
import { writeRowWalk } from './row-walk.js';
import { neuronFactor, RuleContext, type RuleShape } from './rule-context.js';
import { i32 } from './wasm/values.js';

const { h, l } = factorCodes;

/** Pre-events (section 4): each row that is due. `silent`: its synaptic events have not been counted by a delivery. */
export function writePreEvents(shape: RuleShape, silent: boolean): Kernel {
  return (code, record) => {
    const context = new RuleContext(code, shape, record, null);
    const counted = coreRecord.at.synapticEvents;
    forDueRows(code, record, context.core, (row) => {
      const length = writeRowWalk(context, row, null);
      if (silent) code.store(context.core, i32.add(i32.load(context.core, counted), length), counted);
    });
  };
}

/** Post-events or near-events (section 6): the columns of the neurons that spiked, or whose h is not 0. */
export function writeColumns(shape: RuleShape, of: 'spiked' | 'near'): Kernel {
  const [listAt, countAt] =
    of === 'spiked'
      ? [coreRecord.at.spiked, coreRecord.at.spikeCount]
      : [coreRecord.at.nearList, coreRecord.at.nearCount];
  return (code, record) => {
    const context = new RuleContext(code, shape, record, null);
    const { core } = context;
    const counted = coreRecord.at.postEvents;
    const numbers = code.letInt(i32.load(core, listAt));
    const end = code.letInt(i32.add(numbers, i32.shl(i32.load(core, countAt), 2)));
    const firstNeuron = context.field('firstNeuron');
    const neuronCount = context.field('neuronCount');
    const column = code.letInt(0);
    const inReach = () => i32.ltU(column, neuronCount);
    const skipped = () =>
      !shape.needsL ? 0 : shape.absent.includes(l) ? 1 : i32.eqz(neuronFactor(context, l, column));
    const walk = (body: () => void) =>
      code.upTo(numbers, end, 4, () => {
        code.set(column, i32.sub(i32.load(numbers), firstNeuron));
        code.if(inReach(), () => code.if(i32.eqz(skipped()), body));
      });
    const oneByOne = () =>
      walk(() => {
        const length = writeColumnWalk(context, column);
        code.store(core, i32.add(i32.load(core, counted), length), counted);
      });
    if (!(shape.dense && of === 'near') || shape.absent.includes(h)) return oneByOne();
    // Many near neurons of a dense block: all rows with a mask are quicker than column by column.
    code.if(
      i32.geU(i32.mul(i32.load(core, countAt), 8), neuronCount),
      () => {
        const events = code.letInt(0);
        walk(() => code.advance(events, context.field('axonCount')));
        code.store(core, i32.add(i32.load(core, counted), events), counted);
        code.if(events, () => {
          const row = code.letInt(0);
          code.upTo(row, context.field('axonCount'), 1, () => writeRowWalk(context, row, h));
        });
      },
      oneByOne,
    );
  };
}
