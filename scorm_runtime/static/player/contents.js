// @ts-check
/** The contents: the tree of a package with more than one thing to play, its states and progress. */

import { byId, texts } from "./screen.js";

/** @typedef {{item: string, title: string, kind: "root" | "sco" | "asset" | "cluster", level: number}} Line */
/** @typedef {Record<string, {completion: string, success: string}>} Standings */
/** @import { Nav } from "./navigation.js" */

/**
 * One line of the tree and its parts.
 * @typedef {object} Row
 * @property {Line} line
 * @property {HTMLLIElement} entry
 * @property {HTMLElement} label the title; a control where the item may be chosen
 * @property {HTMLElement} status
 */

const DONE = ["completed", "passed", "failed"];

export class Contents {
  /**
   * @param {Line[]} lines the tree, flat and in order
   * @param {string[]} playable items in order; one leaves nothing to choose
   * @param {(item: string) => void} choose asked for an item, also for one that is disabled
   */
  constructor(lines, playable, choose) {
    this.playable = playable;
    this.isMany = playable.length > 1;
    this.choose = choose;
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    this.toggle = byId("contents-toggle");
    this.panel = byId("contents");
    this.toggle.hidden = !this.isMany;
    this.toggle.onclick = () => this.open(Boolean(this.panel.hidden));
    if (this.isMany) byId("tree").replaceChildren(this.build(lines));
    this.panel.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      this.open(false);
      this.toggle.focus();
    };
  }

  /** Lists in lists, as the levels say. @param {Line[]} lines */
  build(lines) {
    const top = document.createElement("ol");
    /** @type {HTMLOListElement[]} */
    const open = [top];
    for (const line of lines) {
      open.length = Math.min(open.length, line.level + 1);
      const row = this.buildRow(line);
      open[open.length - 1].append(row.entry);
      this.rows.set(line.item, row);
      const next = lines[lines.indexOf(line) + 1];
      if (next && next.level > line.level) {
        const inner = document.createElement("ol");
        row.entry.append(inner);
        open[line.level + 1] = inner;
      }
    }
    return top;
  }

  /**
   * @param {Line} line
   * @returns {Row}
   */
  buildRow(line) {
    const entry = document.createElement("li");
    const head = Object.assign(document.createElement("div"), { className: "row" });
    const number = this.rows.size;
    const status = Object.assign(document.createElement("small"), { id: `status-${number}` });
    const label = Object.assign(document.createElement("button"), { type: "button", textContent: line.title });
    label.dataset.scormActivity = line.item;
    label.setAttribute("aria-describedby", status.id);
    label.onclick = () => {
      if (matchMedia("(max-width: 44rem)").matches) this.open(false);
      this.choose(line.item);
    };
    entry.dataset.kind = line.kind;
    head.append(Object.assign(document.createElement("i"), { ariaHidden: "true" }), label, status);
    entry.append(head);
    return { line, entry, label, status };
  }

  /** @param {boolean} isOpen */
  open(isOpen) {
    this.panel.hidden = !isOpen || !this.isMany;
    this.toggle.setAttribute("aria-expanded", String(!this.panel.hidden));
  }

  /** Beside the content where there is room for both. */
  openWhereItFits() {
    this.open(matchMedia("(min-width: 44rem)").matches);
  }

  /** The item after or before the one in front, "" for none. @param {string} request */
  neighbour(request) {
    const by = { continue: 1, previous: -1 }[request] ?? 0;
    return (by && this.playable[this.playable.indexOf(document.body.dataset.activity ?? "") + by]) || "";
  }

  /** The visit is over: nothing can be chosen any more. */
  retire() {
    this.open(false);
    this.toggle.hidden = true;
  }

  /** @param {string} item in front, "" for none */
  showCurrent(item) {
    for (const { line, label, entry } of this.rows.values()) {
      entry.classList.toggle("current", line.item === item);
      if (line.item === item) label.setAttribute("aria-current", "step");
      else label.removeAttribute("aria-current");
    }
  }

  /**
   * Which items may be chosen now: the others are disabled with a reason, or not shown at all.
   * @param {Nav} nav
   */
  showChoices(nav) {
    for (const { line, label, entry, status } of this.rows.values()) {
      const state = nav.choiceState(line.item);
      const row = /** @type {HTMLElement} */ (label.parentElement);
      row.hidden = state === "hidden";
      if (row.hidden) label.removeAttribute("data-scorm-activity");
      else label.dataset.scormActivity = line.item;
      entry.classList.toggle("bare", row.hidden);
      const why = state === "disabled" ? nav.reason(line.item) : "";
      if (why) label.setAttribute("aria-disabled", "true");
      else label.removeAttribute("aria-disabled");
      label.title = why;
      status.dataset.why = why;
      this.describe(status);
    }
  }

  /** @param {Standings} standings */
  showStandings(standings) {
    let done = 0;
    for (const [item, found] of Object.entries(standings)) {
      const word = found.success === "unknown" ? found.completion : found.success;
      if (DONE.includes(found.completion) || DONE.includes(word)) done += 1;
      const row = this.rows.get(item);
      if (!row) continue;
      row.entry.dataset.standing = word;
      row.status.dataset.word = word === "not attempted" ? "" : (texts[word] ?? "");
      this.describe(row.status);
    }
    this.showProgress(done);
  }

  /** @param {number} done */
  showProgress(done) {
    const all = String(this.playable.length);
    byId("progress").hidden = !this.isMany;
    Object.assign(byId("progress-bar"), { max: this.playable.length || 1, value: done });
    byId("progress-text").textContent = texts.progress.replace("{done}", String(done)).replace("{all}", all);
  }

  /** The words beside an item: seen, and read after its title. @param {HTMLElement} status */
  describe(status) {
    const { word = "", why = "" } = status.dataset;
    const hidden = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: why ? ` ${why}` : "" });
    status.replaceChildren(word, hidden);
  }
}
