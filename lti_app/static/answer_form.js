/** Sends the answer of a Deep Linking request by itself; the button is there for everybody else. */
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-answer]"));
form?.submit();
