// While a real application is measured: no more requests at a time than it serves, and what is wrong with one that takes no part.
import type { Fed } from "./application-origin.ts";
import type { CaseTrace } from "../model/trace.ts";
import type { RunningServer } from "../runtime/runtime.ts";
import { isBodyless } from "../model/script.ts";

interface Room {
  free: number;
  waiting: { wants: number; enter: () => void }[];
}

/** By application that runs: scenarios share it. */
const rooms = new WeakMap<RunningServer, Room>();

/** Waits until the application serves `wants` more requests, which are its own until this is disposed of. */
export const placeAt = async (server: RunningServer, concurrency: number, wants: number): Promise<Disposable> => {
  const room = rooms.get(server) ?? { free: concurrency, waiting: [] };
  rooms.set(server, room);
  // One that serves fewer than a single trial has clients must be asked all the same.
  const takes = Math.min(wants, concurrency);
  if (room.free < takes || room.waiting.length > 0)
    await new Promise<void>((enter) => {
      room.waiting.push({ wants: takes, enter });
    });
  else room.free -= takes;
  return {
    [Symbol.dispose]: () => {
      room.free += takes;
      for (let [first] = room.waiting; first && first.wants <= room.free; [first] = room.waiting) {
        room.waiting.shift();
        room.free -= first.wants;
        first.enter();
      }
    },
  };
};

/** What is wrong with an application that answered without asking for a record, or stopped asking; null where it asked, or where a hop kept
 *  the request. */
export const unaskedOf = ({ case: trialCase, origin, exchanges }: CaseTrace, { hop }: Fed): string | null => {
  const wantsAll = trialCase.clients.every(({ leave }) => leave === null) && !isBodyless(trialCase);
  const stopped = wantsAll ? origin.find(({ problem }) => problem !== null) : undefined;
  if (stopped) return `The application "${hop}" took no further part in the trial: ${stopped.problem}.`;
  if (origin.length > 0) return null;
  const given = exchanges.find(({ link }) => link === 1);
  if (!given) return null;
  const asked = `GET ${given.request.target.replace(/[?&]hopwise=\w+/, "")}`;
  const answer = given.response ? `answered ${given.response.status} to ${asked}` : `did not answer ${asked}`;
  return `The application "${hop}" ${answer} and asked the lab for none of its records (GET $HOPWISE_LAB/next).`;
};
