// @ts-check
/** Which API content gets, by its standard. */

/** @import { TableFile } from "../bridge/table.js" */
/** @import { NavDocument } from "../bridge/nav.js" */
/** @import { Bridge } from "./stage.js" */
import { Api12, Api2004, exposeApi } from "../bridge/api.js";
import { DataModel } from "../bridge/model.js";
import { NavMirror } from "../bridge/nav.js";

const REQUEST = "adl.nav.request";

/**
 * @param {TableFile} table
 * @param {any} opening the answer of /open
 * @param {() => NavDocument | null} lookAhead asks the server what is valid now, synchronously
 * @returns {Bridge}
 */
export function makeBridge(table, opening, lookAhead) {
  const is2004 = opening.standard === "scorm_2004";
  return {
    name: is2004 ? "API_1484_11" : "API",
    make(delivery, record) {
      const launch = { ...opening.learner, ...delivery.launch };
      const options = { limits: opening.limits, nav: new NavMirror(delivery.nav, lookAhead) };
      const model = new DataModel(table, launch, delivery.values, opening.strict, options);
      return is2004 ? new Api2004(model, record) : new Api12(model, record);
    },
    expose: exposeApi,
    asks(api) {
      const request = api.model.values.get(REQUEST) ?? "";
      const leaves = ["time-out", "logout"].includes(api.model.values.get("cmi.exit") ?? "");
      return is2004 && (leaves || (request !== "" && request !== "_none_"));
    },
  };
}
