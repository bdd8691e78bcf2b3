// Mark a text that is there in one language only, while it is typed.

const form = document.getElementById("edit");

function mark(pair) {
  const texts = [...pair.querySelectorAll("input, textarea")];
  const blank = texts.filter(({ value }) => !value.trim()).map(({ name }) => name.split(".").pop());
  const lacks = blank.length === 1 ? blank[0] : "";
  pair.classList.toggle("lacks", lacks !== "");
  for (const tag of pair.querySelectorAll("[data-lacks]")) tag.hidden = tag.dataset.lacks !== lacks;
}

for (const kind of ["input", "filled"]) {
  form?.addEventListener(kind, ({ target }) => {
    const pair = target.closest?.(".pair");
    if (pair) mark(pair);
  });
}
