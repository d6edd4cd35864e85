// Which facet decided an outcome.
import type { Facet, FacetName } from "../model/verdict.ts";

export interface Decisive {
  facet: FacetName;
  case: string;
}

export const decisiveOf = (facet: Facet | null): Decisive | null => facet && { facet: facet.facet, case: facet.case };

export const decisiveFacet = ({ facets, decisive }: { facets: Facet[]; decisive: Decisive | null }): Facet | null =>
  facets.find((facet) => facet.facet === decisive?.facet && facet.case === decisive.case) ?? null;
