/** All pictures of a report. */
import type { Built } from '../pipeline.ts';
import type { Report } from '../report/model.ts';
import { costPictures } from './costs.ts';
import { flowPicture } from './flow.ts';
import { livenessPicture } from './liveness.ts';
import { handlersDrawn } from './routine.ts';
import type { Picture } from './svg.ts';
import { vectorPictures } from './vectors.ts';

/** The two pictures of a handler. */
export interface HandlerPictures {
  readonly handler: string;
  readonly file: string;
  readonly liveness: Picture;
  readonly flow: Picture;
}

export interface Pictures {
  readonly costs: readonly Picture[];
  readonly vectors: readonly Picture[];
  readonly handlers: readonly HandlerPictures[];
}

export function makePictures({ rewritten }: Pick<Built, 'rewritten'>, report: Report): Pictures {
  return {
    costs: costPictures(report),
    vectors: vectorPictures(report),
    handlers: rewritten.project.units
      .flatMap((unit) => handlersDrawn(unit, rewritten.sites))
      .map((routine) => ({
        handler: routine.name,
        file: routine.file,
        liveness: livenessPicture(routine),
        flow: flowPicture(routine),
      })),
  };
}
