// The page: its timelines, instants that lead to them, copying, tooltips, light and dark.

const views = new Map();
for (const element of document.querySelectorAll(".view")) {
  views.set(element.dataset.view, new View(element));
}

document.addEventListener("click", (event) => {
  const moment = event.target.closest(".moment");
  const view = moment && views.get(moment.dataset.view);
  if (!view) return;
  view.go(Number(moment.dataset.at));
  view.live.scrollIntoView({ block: "nearest" });
});

for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", async () => {
    const text = button.parentElement.querySelector("code").textContent;
    let done = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(button.parentElement.querySelector("code"));
      getSelection().removeAllRanges();
      getSelection().addRange(range);
      done = document.execCommand("copy");
    }
    button.textContent = done ? "Copied" : "Select and copy";
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });
}

for (const element of document.querySelectorAll("[data-tip]")) {
  const show = () => {
    const box = element.getBoundingClientRect();
    showTip(element.dataset.tip, box.left + box.width / 2, box.top);
  };
  element.addEventListener("pointerenter", show);
  element.addEventListener("focus", show);
  element.addEventListener("pointerleave", hideTip);
  element.addEventListener("blur", hideTip);
}

const theme = document.querySelector(".theme"), prefers = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : prefers.matches;
const name = () => {
  theme.textContent = isDark() ? "Light" : "Dark";
  theme.setAttribute("aria-pressed", String(isDark()));
  theme.setAttribute("aria-label", `Show the page ${isDark() ? "light" : "dark"}`);
};
theme.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  name();
});
prefers.addEventListener("change", name);
name();
