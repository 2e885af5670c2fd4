/* A SCO of ours for ADL's cases: finds the API, does what the test asks, says goodbye on unload. */
function findApi(from) {
  for (let at = from, steps = 0; at && steps < 50; at = at.parent === at ? null : at.parent, steps += 1) {
    if (at.API_1484_11) return at.API_1484_11;
  }
  return null;
}
window.api = findApi(window) || (window.opener && findApi(window.opener));

/* Calls in a row: [[function, argument…], …] → [[answer, error code], …] */
window.perform = (calls) =>
  calls.map(([name, ...args]) => {
    const value = window.api[name](...args);
    return [value, window.api.GetLastError()];
  });

window.addEventListener("unload", () => window.perform(window.goodbye || []));
