// What a report says of the proxies of a deployment. Pure.
import type { CheckReport } from "../../report/check-report.ts";
import { hopOf } from "../build.ts";
import type { ServerUnderTest } from "../start-server.ts";
import type { InnerPlan } from "./link.ts";

export type NotCheckedProxy = NonNullable<CheckReport["proxies"]>["notChecked"][number];

/** Nothing where there is one proxy and no other. `why`: the image of the one that clients reach. */
export const proxiesOf = (
  servers: readonly ServerUnderTest[],
  why: string,
  inner: readonly InnerPlan[],
  notChecked: readonly NotCheckedProxy[],
): Pick<CheckReport, "proxies"> => {
  if (servers.length < 2 && notChecked.length === 0) return {};
  const plans = allOf(inner);
  const checked = servers.map(({ build, server: { version, image } }, at) => ({
    service: hopOf(build),
    version,
    image,
    why: at === 0 ? why : (plans.find((one) => one.build === build)?.why ?? ""),
  }));
  return { proxies: { checked, notChecked: [...notChecked] } };
};

const allOf = (plans: readonly InnerPlan[]): InnerPlan[] => plans.flatMap((one) => [one, ...allOf(one.inner)]);
