// @ts-check
// A draft is looked at: what is to be put in order can be tried, nothing is sent.
import { makeSortable } from "./quiz_fields.js";

for (const list of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-order]"))) makeSortable(list, () => {});
