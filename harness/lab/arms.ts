// The arms that are being played: many at the same time, each bounded.
import type { ArmRecording } from "../model/recording.ts";
import { ArmRun, type ArmTap } from "./arm-run.ts";
import type { OriginArm } from "./origin.ts";
import type { ArmOrder } from "./protocol.ts";
import { defaultKeepBytes } from "./wire.ts";

export interface Arms {
  armOf: (token: string) => OriginArm | undefined;
  isActive: (text: string) => boolean;
  /** `taps` from the origin to the client. */
  play: (order: ArmOrder, taps: readonly ArmTap[], besides?: readonly ArmTap[]) => Promise<ArmRecording>;
}

export const openArms = (keepBytes: number = defaultKeepBytes): Arms => {
  const active = new Map<string, ArmRun>();
  return {
    armOf: (token) => active.get(token),
    isActive: (text) => active.keys().some((token) => text.includes(token)),
    play: async (order, taps, besides = []) => {
      if (active.has(order.token)) throw new Error(`An arm with the token ${JSON.stringify(order.token)} is being played already`);
      const run = new ArmRun(order, taps, besides, keepBytes);
      active.set(order.token, run);
      try {
        return await run.play();
      } finally {
        active.delete(order.token);
        run.release();
      }
    },
  };
};
