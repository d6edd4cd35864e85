// How a variation is named in reports. Pure.
import type { Variation } from "./judge/observation.ts";

export const nameOf = ({ http, acceptEncoding, isAgain = false }: Variation): string =>
  `HTTP/${http}${acceptEncoding === null ? "" : `, Accept-Encoding: ${acceptEncoding}`}${isAgain ? ", asked again" : ""}`;
