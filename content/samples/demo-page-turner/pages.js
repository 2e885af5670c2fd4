/* Eight pages, one at a time: remembers where the learner is, completes on the last page. */
(function () {
  "use strict";

  const pages = [...document.querySelectorAll(".page")];
  const session = window.Scorm.open("1.2");
  const review = session.get("cmi.core.lesson_mode") === "review";
  const kept = window.Scorm.unpack(session.get("cmi.suspend_data"), { visited: [] });
  const visited = new Set(kept.visited.filter((number) => Number.isInteger(number) && number < pages.length));
  let completed = ["completed", "passed"].includes(session.get("cmi.core.lesson_status"));
  let current = -1;

  const next = document.getElementById("next");
  const previous = document.getElementById("previous");
  const dots = pages.map(addDot);

  function addDot(page, number) {
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Page ${number + 1}: ${page.querySelector("h1, h2").textContent}`);
    button.addEventListener("click", () => show(number));
    const entry = document.createElement("li");
    entry.append(button);
    document.getElementById("dots").append(entry);
    return button;
  }

  function show(number, { quietly = false } = {}) {
    if (number < 0 || number >= pages.length || number === current) return;
    current = number;
    visited.add(number);
    pages.forEach((page, index) => { page.hidden = index !== number; });
    dots.forEach((dot, index) => {
      dot.toggleAttribute("data-visited", visited.has(index));
      if (index === number) dot.setAttribute("aria-current", "page");
      else dot.removeAttribute("aria-current");
    });
    previous.disabled = number === 0;
    next.textContent = number === pages.length - 1 ? "Start over" : "Next";
    document.getElementById("where").textContent = `Page ${number + 1} of ${pages.length}`;
    document.body.dataset.page = String(number + 1);
    window.scrollTo(0, 0);
    if (!quietly) pages[number].querySelector("h1, h2").focus();
    record();
  }

  function record() {
    if (review) return;
    session.set("cmi.core.lesson_location", current + 1);
    session.set("cmi.suspend_data", JSON.stringify({ visited: [...visited].sort((a, b) => a - b) }));
    if (current === pages.length - 1) completed = true;
    session.set("cmi.core.lesson_status", completed ? "completed" : "incomplete");
    document.body.dataset.status = completed ? "completed" : "incomplete";
    session.save();
  }

  next.addEventListener("click", () => show(current === pages.length - 1 ? 0 : current + 1));
  previous.addEventListener("click", () => show(current - 1));
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "ArrowRight" || event.key === "PageDown") show(current + 1);
    else if (event.key === "ArrowLeft" || event.key === "PageUp") show(current - 1);
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(pages.length - 1);
    else return;
    event.preventDefault();
  });

  document.documentElement.classList.add("scripted");
  const bookmark = Number.parseInt(session.get("cmi.core.lesson_location"), 10);
  show(bookmark >= 1 && bookmark <= pages.length ? bookmark - 1 : 0, { quietly: true });
})();
