// Light, dark or as the system: set before the page is painted, hence a plain script in <head>.
// The choice is kept in this browser only. Without JavaScript pages are light.
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("lectern:theme") || "auto";
    } catch {
      return "auto"; // storage refused
    }
  }

  function apply() {
    const choice = chosen();
    const dark = choice === "dark" || (choice === "auto" && system.matches);
    document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  }

  apply();
  system.addEventListener("change", apply);
  addEventListener("storage", apply);
  addEventListener("lectern:theme", apply);
})();
