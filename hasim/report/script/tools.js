// The script of a report: timelines that can be zoomed, in step with their logs. Without it the
// page shows a picture of each timeline, and all of its texts. This file: what the others use.

const root = document.documentElement;
root.classList.add("js");
const NS = "http://www.w3.org/2000/svg";
const tip = document.querySelector("body > .tooltip");
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function make(parent, name, attributes, words) {
  const made = document.createElementNS(NS, name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (words !== undefined) made.textContent = words;
  parent.appendChild(made);
  return made;
}

// ---- times: microseconds, told as hasim tells them, to the millisecond

const UNITS = [["y", 31536e9], ["d", 864e8], ["h", 36e8], ["m", 6e7], ["s", 1e6], ["ms", 1e3]];

function told(us) {
  let rest = Math.max(0, us), out = "";
  for (const [name, size] of UNITS) {
    const many = Math.floor(rest / size);
    rest -= many * size;
    if (many) out += many + name;
  }
  return out || "0s";
}

const STEPS = [1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5];
for (const size of [1e6, 6e7]) for (const n of [1, 2, 5, 10, 15, 30]) STEPS.push(n * size);
for (const n of [1, 2, 3, 6, 12]) STEPS.push(n * 36e8);
for (let day = 864e8; day < 1e18; day *= 10) STEPS.push(day, 2 * day, 5 * day);

const cut = (words, room) =>
  words.length > room ? words.slice(0, Math.max(1, Math.floor(room) - 1)) + "…" : words;

// ---- the tooltip

function showTip(words, x, y) {
  if (tip.textContent !== words) tip.textContent = words;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const left = clamp(x + 14, 6, Math.max(6, innerWidth - box.width - 6));
  const above = y - box.height - 14;
  tip.style.left = left + "px";
  tip.style.top = (above > 6 ? above : y + 20) + "px";
}

const hideTip = () => { tip.hidden = true; };
