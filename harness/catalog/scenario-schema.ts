// The rules of a scenario file, as JSON Schema.
import published from "./scenario.schema.json" with { type: "json" };

const { oneOf: _, properties, ...rest } = published;

/** As published (`npm run schema` makes it of define.ts), except for what `checkScenario` reports itself, and with Ajv's keyword for a choice
 *  by kind. */
export const scenarioSchema = {
  ...rest,
  properties: {
    ...properties,
    trial: { ...properties.trial, discriminator: { propertyName: "kind" } },
    must: { ...properties.must, minProperties: 0 },
    does: { ...properties.does, minProperties: 0 },
  },
};
