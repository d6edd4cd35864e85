import { mutant } from "./_forward.ts";
import { createHolding } from "./_pattern.ts";
import type { Pattern } from "./_pattern.ts";

/** Timers count whole milliseconds: a time within the next half is due. */
const earlyMs = 0.5;

export default mutant(
  {
    title: "Holds writes by the pattern in the request's Test-Pattern field, in order",
    link: "https://www.rfc-editor.org/rfc/rfc9110#section-7.7",
  },
  () =>
    ({ request, straight }) => {
      const pattern = JSON.parse(String(request.headers["test-pattern"] ?? '{"hold":{"by":"nothing"}}')) as Pattern;
      const holding = createHolding(pattern, performance.now());
      const { pieceBytes = Infinity } = pattern;
      let held = Buffer.alloc(0);
      let timer: NodeJS.Timeout | undefined;
      let last: (() => void) | undefined;
      const write = (bytes: number): void => {
        for (let at = 0; at < bytes; at += pieceBytes) straight.write(held.subarray(at, Math.min(bytes, at + pieceBytes)));
        held = held.subarray(bytes);
      };
      const release = (): void => {
        clearTimeout(timer);
        holding.leave(performance.now() + earlyMs).forEach(write);
        if (held.length === 0) return last?.();
        if (holding.nextAt < Infinity) timer = setTimeout(release, holding.nextAt - performance.now());
      };
      const ending = (how: () => void) => (): void => {
        last = how;
        holding.ended(performance.now());
        release();
      };
      return {
        write: (piece) => {
          held = Buffer.concat([held, piece]);
          holding.wrote(performance.now(), piece.length);
          release();
          return true;
        },
        end: ending(straight.end),
        cut: ending(straight.cut),
      };
    },
);
