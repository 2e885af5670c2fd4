/* The SCO of the chaos runs, in either standard: does what the driver says and answers what it was told. */
(function () {
  const is2004 = Boolean(parent.API_1484_11);
  const api = parent.API_1484_11 || parent.API;
  const called = (name, ...args) => api[(is2004 ? "" : "LMS") + name](...args);
  const set = (name, value) => called("SetValue", name, value);
  const next = (collection) => `${collection}.${called("GetValue", `${collection}._count`)}`;
  /* what a run may ask for → how each standard says it; answers are the API's own */
  const doing = {
    comment: (text) => (is2004 ? set(`${next("cmi.comments_from_learner")}.comment`, text) : set("cmi.comments", text)),
    location: (text) => set(is2004 ? "cmi.location" : "cmi.core.lesson_location", text),
    suspend: (text) => set("cmi.suspend_data", text),
    interaction: (text) => set(`${next("cmi.interactions")}.id`, text),
    status: (text) => set(is2004 ? "cmi.completion_status" : "cmi.core.lesson_status", text),
    success: (text) => (is2004 ? set("cmi.success_status", text) : "false"),
    request: (text) => (is2004 ? set("adl.nav.request", text) : "false"),
    commit: () => called("Commit", ""),
    finish: () => called(is2004 ? "Terminate" : "Finish", ""),
    read: () => called("GetValue", "cmi.comments"),
  };
  called("Initialize", "");
  /* [[what, text]…] → what the page says of saving, and each answer */
  window.chaos = (calls) => {
    const saved = parent.document.getElementById("save").dataset.save;
    return { saved, answers: calls.map(([what, text]) => doing[what](text)) };
  };
  /* what it says while it is taken away; the witness tells the driver afterwards what it was told */
  window.addEventListener("pagehide", () => {
    const token = window.goodbye;
    if (!token) return;
    window.goodbye = "";
    const answer = doing.comment(`${token};`);
    localStorage.setItem(`witness:${token}`, answer);
  });
})();
