// Trials that were refused or delayed while others ran. Pure.
import type { CheckReport } from "./check-report.ts";

export const aloneSentence = ({ routes }: CheckReport): string[] => {
  const all = routes.flatMap(({ checks }) => checks);
  const alone = all.filter((one) => one.alone).length;
  return alone === 0 ? [] : [`${alone} of ${all.length} trials were refused or delayed while others ran; the attempt alone counts`];
};
