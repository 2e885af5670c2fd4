// The page of an import asks for itself again while the import runs, and swaps the part that
// changes. Without JavaScript the server's Refresh header reloads the page.

async function follow() {
  for (;;) {
    const part = document.getElementById("import");
    if (!part?.hasAttribute("data-running")) return;
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? 5000 : 1000));
    try {
      const answer = await fetch(location.href, { headers: { "X-Part": "import" } });
      if (!answer.ok) continue;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("import");
      if (fresh && fresh.innerHTML !== part.innerHTML) part.replaceWith(fresh);
    } catch {
      // the server is away for a moment: ask again
    }
  }
}

follow();
