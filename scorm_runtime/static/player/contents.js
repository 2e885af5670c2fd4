// @ts-check
/** The contents list of a package with more than one thing to play, and next and previous. */

import { byId, texts } from "./screen.js";

/** @typedef {{item: string, title: string, kind: "sco" | "asset" | "cluster", level: number}} Line */
/** @typedef {Record<string, {completion: string, success: string}>} Standings */

export class Contents {
  /**
   * @param {Line[]} lines
   * @param {string[]} order every playable item, hidden ones included
   * @param {(item: string) => void} choose
   */
  constructor(lines, order, choose) {
    this.order = order;
    this.choose = choose;
    this.current = "";
    this.isMany = order.length > 1;
    this.toggle = byId("contents-toggle");
    this.panel = byId("contents");
    this.toggle.hidden = !this.isMany;
    this.toggle.onclick = () => this.open(Boolean(this.panel.hidden));
    byId("previous").onclick = () => this.step(-1);
    byId("continue").onclick = () => this.step(1);
    if (this.isMany) this.panel.replaceChildren(this.build(lines));
    this.panel.onkeydown = (event) => {
      if (event.key !== "Escape") return;
      this.open(false);
      this.toggle.focus();
    };
  }

  /** @param {Line[]} lines */
  build(lines) {
    const list = document.createElement("ol");
    for (const line of lines) {
      const entry = document.createElement("li");
      entry.style.setProperty("--level", String(line.level));
      const element = document.createElement(line.kind === "cluster" ? "span" : "button");
      element.append(Object.assign(document.createElement("span"), { textContent: line.title }));
      if (element instanceof HTMLButtonElement) {
        element.type = "button";
        element.dataset.scormActivity = line.item;
        element.onclick = () => this.pick(line.item);
        element.prepend(Object.assign(document.createElement("i"), { ariaHidden: "true" }));
        element.append(Object.assign(document.createElement("small"), { className: "visually-hidden" }));
      }
      entry.append(element);
      list.append(entry);
    }
    return list;
  }

  /** @param {boolean} isOpen */
  open(isOpen) {
    this.panel.hidden = !isOpen || !this.isMany;
    this.toggle.setAttribute("aria-expanded", String(!this.panel.hidden));
  }

  /** @param {string} item */
  pick(item) {
    if (matchMedia("(max-width: 48rem)").matches) this.open(false);
    this.choose(item);
  }

  /** @param {number} by */
  step(by) {
    const next = this.order[this.order.indexOf(this.current) + by];
    if (next !== undefined) this.choose(next);
  }

  hasNext() {
    return this.isMany && this.order.indexOf(this.current) < this.order.length - 1;
  }

  /** @param {string} item */
  showCurrent(item) {
    this.current = item;
    const at = this.order.indexOf(item);
    for (const [id, isPossible] of /** @type {[string, boolean][]} */ ([
      ["previous", at > 0],
      ["continue", at < this.order.length - 1],
    ])) {
      const button = /** @type {HTMLButtonElement} */ (byId(id));
      button.hidden = !this.isMany;
      button.disabled = !isPossible;
    }
    for (const button of this.panel.querySelectorAll("button")) {
      if (button.dataset.scormActivity === item) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
  }

  /** @param {Standings} standings */
  showStandings(standings) {
    for (const button of this.panel.querySelectorAll("button")) {
      const found = standings[button.dataset.scormActivity ?? ""];
      if (!found) continue;
      const word = found.success === "unknown" ? found.completion : found.success;
      button.dataset.standing = word;
      const small = button.querySelector("small");
      if (small) small.textContent = `, ${texts[word] ?? word}`;
    }
  }
}
