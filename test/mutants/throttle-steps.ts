import { mutant } from "./_forward.ts";
import { rateVariants } from "./_rates.ts";

const stepMs = 1000;

export default mutant(
  {
    title: "Limits the rate per second: one second's worth immediately, then nothing until the next second",
    link: "https://nginx.org/en/docs/http/ngx_http_core_module.html#limit_rate",
    options: { bytesPerSecond: 10_000 },
    variants: rateVariants,
  },
  ({ bytesPerSecond }) =>
    ({ straight }) => {
      const startedAt = performance.now();
      const stepOf = (at: number): number => Math.floor((at - startedAt) / stepMs);
      let held = Buffer.alloc(0);
      let step = 0;
      let left = Number(bytesPerSecond);
      let timer: NodeJS.Timeout | undefined;
      let last: (() => void) | undefined;
      const release = (): void => {
        const at = performance.now();
        if (stepOf(at) > step) left = Number(bytesPerSecond);
        step = stepOf(at);
        const part = held.subarray(0, left);
        held = held.subarray(part.length);
        left -= part.length;
        if (part.length > 0) straight.write(part);
        if (held.length === 0) return last?.();
        timer ??= setTimeout(
          () => {
            timer = undefined;
            release();
          },
          startedAt + (step + 1) * stepMs - at,
        );
      };
      const ending = (how: () => void) => (): void => {
        last = how;
        release();
      };
      return {
        write: (piece) => {
          held = Buffer.concat([held, piece]);
          release();
          return true;
        },
        end: ending(straight.end),
        cut: ending(straight.cut),
      };
    },
);
