import { stateHash } from '../conformance/loaded.js';
import type { BareHost } from '../framework/bare-host.js';
import { check, same } from '../framework/check.js';
import type { CaseContext } from '../framework/context.js';
import { type HilCase, NotApplicable } from '../framework/suite.js';
import { fillingNetwork } from '../networks/filling.js';
import { inputUnits } from '../networks/input-units.js';
import { KeptBoard } from './kept-board.js';

const saves = 12;

export const savingCases: readonly HilCase[] = [
  {
    name: 'what was saved is there after a restart, and goes on bit for bit',
    needs: ['NONVOLATILE'],
    seconds: 120,
    async run(context) {
      const kept = await KeptBoard.start(context);
      await kept.run(137);
      await kept.host.ok('STATE_SAVE', {});
      const saved = kept.state();
      await context.restart();
      check((await kept.find(saved)) !== null, 'nothing is there after the restart');
      await kept.run(300);
      const later = kept.state();
      await context.restart();
      check((await kept.find(saved, later)) === saved, 'the board keeps what it was not told to save');
    },
  },
  {
    name: 'the last of many saves is the one that stays',
    needs: ['NONVOLATILE'],
    seconds: 300,
    async run(context) {
      const kept = await KeptBoard.start(context);
      for (let n = 0; n < saves; n++) {
        await kept.run(10 + n);
        await kept.host.ok('STATE_SAVE', {});
        if (n % 5 !== 0) continue;
        const saved = kept.state();
        await context.restart();
        check((await kept.find(saved)) !== null, 'nothing is there after the restart');
        context.progress(n / saves, `${n} saves`);
      }
      const saved = kept.state();
      await context.restart();
      check((await kept.find(saved)) !== null, 'nothing is there after the restart');
      await kept.run(20);
    },
  },
  {
    name: 'another image takes the place of the saved one when it is saved, and not before',
    needs: ['NONVOLATILE'],
    seconds: 120,
    async run(context) {
      const kept = await KeptBoard.start(context, 1);
      await kept.run(50);
      await kept.host.ok('STATE_SAVE', {});
      const first = kept.state();
      await kept.load(2);
      await kept.run(40);
      const second = kept.state();
      await context.restart();
      check(
        (await kept.find(first, second)) === first,
        'an image that was not saved took the place of one that was',
      );
      await kept.load(2);
      await kept.run(60);
      await kept.host.ok('STATE_SAVE', {});
      const saved = kept.state();
      await context.restart();
      check((await kept.find(first, saved)) === saved, 'the image saved last is not the one that is there');
      await kept.run(50);
    },
  },
  {
    name: 'STATE_FORGET forgets, and leaves what runs alone',
    needs: ['NONVOLATILE'],
    seconds: 120,
    async run(context) {
      const kept = await KeptBoard.start(context);
      await kept.run(20);
      await kept.host.ok('STATE_SAVE', {});
      await kept.run(20);
      await kept.host.ok('STATE_FORGET', {});
      await kept.run(20);
      const state = kept.state();
      await forgotten(context, kept);
      await kept.load(1);
      await kept.run(20);
      await kept.host.ok('STATE_SAVE', {});
      const saved = kept.state();
      await context.restart();
      check((await kept.find(saved, state)) === saved, 'what is saved after STATE_FORGET is not kept');
      await kept.host.ok('STATE_FORGET', {});
      await kept.host.ok('STATE_FORGET', {});
    },
  },
  {
    name: 'a network that fills the board is kept whole',
    needs: ['NONVOLATILE'],
    seconds: 300,
    async run(context) {
      const { bytes, image } = fillingNetwork(context.target);
      const board = await context.board();
      await board.load(bytes);
      const units = inputUnits(image).filter((unit) => unit % 7 === 0);
      await board.sendSpikes(
        units.map((_, n) => n % 10),
        units,
      );
      await board.run(30);
      const hash = await board.stateHash();
      await board.save();
      await context.restart();
      const host = await context.host();
      const { imageHash, tick } = host.hello;
      same(
        [imageHash, tick, await stateHash(host)],
        [image.contentHash, 30, hash],
        'image, tick, state hash',
      );
      context.measure('checkpoint of the full board', await checkpointBytes(host), 'bytes');
    },
  },
  {
    name: 'a board without an image has nothing to save',
    needs: ['NONVOLATILE'],
    seconds: 120,
    async run(context) {
      const host = await context.host();
      await host.ok('STATE_FORGET', {});
      await context.restart();
      const after = await context.host();
      if (after.hello.imageHash !== 0)
        throw new NotApplicable('the board starts with an image of its firmware');
      await after.refused('STATE_SAVE', {}, 'NO_IMAGE');
    },
  },
];

async function checkpointBytes(host: BareHost): Promise<number> {
  const { total } = await host.expectReply('DOWNLOAD_BEGIN', { kind: 2 }, 'DOWNLOAD_READY');
  await host.ok('DOWNLOAD_END', {});
  return total;
}

/** After STATE_FORGET and a restart the board has no image. */
async function forgotten(context: CaseContext, kept: KeptBoard): Promise<void> {
  await context.restart();
  same(await kept.find(), null, 'what the board holds after STATE_FORGET and a restart');
}
